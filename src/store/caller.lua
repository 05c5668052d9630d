-- What a caller can prove to be present with, and what time it is: by one clock for all workers.
--
-- KEYS  1 the caller's record
-- Returns {seconds since the epoch, oathDeviceProfiles or nil}. A record without a `uid` is nobody's.

local time = redis.call('TIME')
local record = redis.call('HMGET', KEYS[1], 'uid', 'oathDeviceProfiles')
return {tonumber(time[1]), record[1] and record[2]}
