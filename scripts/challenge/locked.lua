-- For an authentication service: for how long a challenge is locked from now on. Nothing is changed.
--
-- KEYS  1 the user's record
-- ARGV  1 the challenge type
-- Returns milliseconds; 0: it is not locked. Time is Redis's.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local locked_until = tonumber(redis.call('HGET', KEYS[1], 'lock:' .. ARGV[1]) or 0)
return math.max(locked_until - now, 0)
