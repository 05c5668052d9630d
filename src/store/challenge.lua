-- The reset of one challenge type's counter and lock, and its event: one atomic step.
--
-- KEYS  1 the user's record   2 its events
-- ARGV  1 the challenge type   2 events to keep   3 of the event: api   4 caller   5 ip   6 request
-- Returns {verdict}: done, nothing (a record, and nothing to clear) or no_record (nothing is written).

local record, events = KEYS[1], KEYS[2]
local kind, length = ARGV[1], tonumber(ARGV[2])
local counter, lock = 'challenge:' .. kind, 'lock:' .. kind

-- Whoever counts need not have enrolled the user: what was counted is cleared without a `uid`, too.
local before = redis.call('HMGET', record, 'uid', counter, lock)
if not (before[1] or before[2] or before[3]) then
    return {'no_record'}
end

-- The event first: it is what may fail (no memory, a key of another type), and then nothing was changed.
local removed = (before[2] or before[3]) and 1 or 0
if length > 0 then
    redis.call('XADD', events, 'MAXLEN', length, '*', 'api', ARGV[3], 'action', 'reset', 'factor', kind,
        'caller', ARGV[4], 'ip', ARGV[5], 'request', ARGV[6], 'removed', removed)
end
if removed == 1 then
    redis.call('HDEL', record, counter, lock)
end
return {removed == 1 and 'done' or 'nothing'}
