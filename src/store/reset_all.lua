-- The reset of all second factors of a user, and its event: one atomic step. The caller was judged before.
--
-- KEYS  1 the target's record   2 its events
-- ARGV  1 events to keep        2 of the event: api   3 caller   4 ip   5 request
-- Returns {verdict}: done, nothing (was there to clear), unknown.
-- What counts the target's own codes, callerCode:*, is nobody's to reset.

local record, events, length = KEYS[1], KEYS[2], tonumber(ARGV[1])
local skips = {'oath2faEnabled', 'push2faEnabled'}

local before = redis.call('HMGET', record, 'uid', skips[1], skips[2])
if not before[1] then
    return {'unknown'}
end

local removed, cleared = 0, {}
for _, field in ipairs(redis.call('HKEYS', record)) do
    if field == 'oathDeviceProfiles' or field == 'pushDeviceProfiles' then
        removed = 1
        table.insert(cleared, field)
    elseif field:find('^challenge:') or field:find('^lock:') then
        table.insert(cleared, field)
    end
end

-- The event first: it is what may fail (no memory, a key of another type), and then nothing was changed.
if length > 0 then
    redis.call('XADD', events, 'MAXLEN', length, '*', 'api', ARGV[2], 'action', 'reset', 'factor', 'all',
        'caller', ARGV[3], 'ip', ARGV[4], 'request', ARGV[5], 'removed', removed)
end

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
return {changed and 'done' or 'nothing'}
