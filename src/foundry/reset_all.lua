-- The reset of all second factors of a user, and its event: one atomic step. The caller was judged before.
--
-- with records/event.lua
--
-- KEYS  1 the target's record   2 its events   3 the stream of all events, if there is one
-- ARGV  1 to 5 as records/event.lua has them    6 of the event: caller
-- Returns the verdict: done, nothing (was there to clear), unknown.
-- What counts the target's own codes, callerCode:*, is nobody's to reset.

local record = KEYS[1]
local skips = {'oath2faEnabled', 'push2faEnabled'}

local before = redis.call('HMGET', record, 'uid', skips[1], skips[2])
if not before[1] then
    return 'unknown'
end

local removed, cleared = '0', {}
for _, field in ipairs(redis.call('HKEYS', record)) do
    if field == 'oathDeviceProfiles' or field == 'pushDeviceProfiles' or field == 'webauthnDeviceProfiles' then
        removed = '1'
        table.insert(cleared, field)
    elseif field:find('^challenge:') or field:find('^lock:') then
        table.insert(cleared, field)
    end
end

add_event('reset', 'all', ARGV[6], 'removed', removed)

local changed = #cleared > 0
for _, field in ipairs(cleared) do
    redis.call('HDEL', record, field)
end
for i, skip in ipairs(skips) do
    local setting = before[i + 1]
    if setting ~= '0' then
        redis.call('HSET', record, skip, '0')
        changed = changed or setting
    end
end
return changed and 'done' or 'nothing'
