-- The reset of one challenge type's counter and lock, and its event: one atomic step.
--
-- with records/event.lua
--
-- KEYS  1 the user's record   2 its events   3 the stream of all events, if there is one
-- ARGV  1 to 5 as records/event.lua has them   6 the challenge type   7 of the event: caller
-- Returns the verdict: done, nothing (a record, and nothing to clear) or no_record (nothing is written).

local record, kind = KEYS[1], ARGV[6]
local counter, lock = 'challenge:' .. kind, 'lock:' .. kind

-- Whoever counts need not have enrolled the user: what was counted is cleared without a `uid`, too.
local before = redis.call('HMGET', record, 'uid', counter, lock)
if not (before[1] or before[2] or before[3]) then
    return 'no_record'
end

local counted = before[2] or before[3]
add_event('reset', kind, ARGV[7], 'removed', counted and '1' or '0')
if counted then
    redis.call('HDEL', record, counter, lock)
end
return counted and 'done' or 'nothing'
