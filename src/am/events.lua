-- The newest events of the target.
--
-- with am/reading.lua
--
-- ARGV  the last: how many at most
-- Returns, if the caller may: no_record (of the user itself), unknown, or done: after it, for each event, the newest first, a
--       NUL before each: its id, and the texts of `shown` (nothing if it has none). A NUL in any of them is left out.

local shown = {'api', 'action', 'factor', 'caller', 'ip', 'request', 'removed', 'device', 'name', 'value', 'trace'}

if redis.call('HMGET', KEYS[1], 'uid')[1] == false then
    return (is_self and 'no_record' or 'unknown') .. identity
end

local parts = {'done' .. identity}
for _, event in ipairs(redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', ARGV[#ARGV])) do
    local fields = {}
    for i = 1, #event[2], 2 do
        fields[event[2][i]] = event[2][i + 1]
    end
    -- Other APIs let others act, and an administrator is somewhere: to the user only the own address is shown.
    if is_self and not (fields.api == 'am' and fields.caller == who) then
        fields.ip = nil
    end
    parts[#parts + 1] = event[1]
    for _, name in ipairs(shown) do
        parts[#parts + 1] = (fields[name] or ''):gsub('%z', '')
    end
end
return table.concat(parts, '\0')
