-- For an authentication service: counts a failed answer to a challenge and locks that challenge at the limit.
--
-- KEYS  1 the user's record
-- ARGV  1 the challenge type   2 failed answers at which it is locked, 10   3 seconds for which, 1800
-- Returns {failed answers so far, milliseconds for which it is locked from now on}; 0: it is not locked.
--
-- While it is locked nothing is counted. When the lock has ended counting begins anew. Time is Redis's.

local record, kind = KEYS[1], ARGV[1]
local limit, seconds = tonumber(ARGV[2]), tonumber(ARGV[3])
if not kind:find('^[%w._-]+$') or not (limit and limit >= 1) or not (seconds and seconds >= 1) then
    return redis.error_reply('ERR give a challenge type, a limit and a number of seconds')
end
local counter, lock = 'challenge:' .. kind, 'lock:' .. kind

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local locked_until = tonumber(redis.call('HGET', record, lock) or 0)
if locked_until > now then
    return {tonumber(redis.call('HGET', record, counter) or limit), locked_until - now}
end
if locked_until > 0 then
    redis.call('HDEL', record, counter, lock)
end

local count = redis.call('HINCRBY', record, counter, 1)
if count < limit then
    return {count, 0}
end
local milliseconds = math.floor(seconds * 1000)
redis.call('HSET', record, lock, string.format('%.0f', now + milliseconds))
return {count, milliseconds}
