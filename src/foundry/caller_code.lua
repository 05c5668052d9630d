-- Is a caller's code good? Counting, locking and using up in one atomic step, by this clock alone: of many requests
-- with one code, one is accepted. Which step the code is of was found out before; the secret is not needed here.
--
-- KEYS  1 the caller's record
-- ARGV  1 the step whose code it is, empty where it is no device's
--       2 so many wrong codes lock the caller out   3 for so many milliseconds
-- Returns {verdict, milliseconds that the lock lasts}: locked, used, accepted, wrong.
-- A field that is no number is an error, before anything is written.

local record, step = KEYS[1], ARGV[1]
local attempts, lock = tonumber(ARGV[2]), tonumber(ARGV[3])

local fields = redis.call('HMGET', record,
    'uid', 'callerCode:step', 'callerCode:failures', 'callerCode:lockedUntil')
local last_step, failures, locked_until = fields[2], fields[3], fields[4]
if not fields[1] then
    return {'wrong', 0}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if locked_until and now < locked_until + 0 then
    return {'locked', locked_until - now}
end

if step ~= '' then
    -- Not counted: whoever sends a good code twice is no guesser, and must not be locked out.
    if last_step and step + 0 <= last_step + 0 then
        return {'used', 0}
    end
    redis.call('HSET', record, 'callerCode:step', step)
    redis.call('HDEL', record, 'callerCode:failures', 'callerCode:lockedUntil')
    return {'accepted', 0}
end

-- After a lock the count begins anew.
failures = (locked_until and 0 or failures or 0) + 1
redis.call('HSET', record, 'callerCode:failures', failures)
if failures >= attempts then
    redis.call('HSET', record, 'callerCode:lockedUntil', string.format('%.0f', now + lock))
elseif locked_until then
    redis.call('HDEL', record, 'callerCode:lockedUntil')
end
return {'wrong', 0}
