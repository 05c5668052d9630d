-- What a caller can prove to be present with, whether wrong codes have locked the caller out, and what time it is: by one
-- clock for all workers.
--
-- KEYS  1 the caller's record
-- Returns {seconds since the epoch, milliseconds that a lock lasts or 0, oathDeviceProfiles or nil}. A record without a
--       `uid` is nobody's. A lock that is no number is an error.

local time = redis.call('TIME')
local record = redis.call('HMGET', KEYS[1], 'uid', 'callerCode:lockedUntil', 'oathDeviceProfiles')
local uid, locked_until, devices = record[1], record[2], record[3]
local left = uid and locked_until and locked_until - (time[1] * 1000 + math.floor(time[2] / 1000)) or 0
return {tonumber(time[1]), math.max(left, 0), uid and devices}
