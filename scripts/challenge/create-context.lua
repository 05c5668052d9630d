-- For an authentication service: creates a context, which says to later calls who the user is.
--
-- KEYS  1 the context, `mfa:context:<contextId>`, with an id of at least 128 random bits
-- ARGV  1 the subject, as in the user's key: `/alpha/demo`   2 seconds for which it is good
-- Returns 1; 0 where there is such a context already, which stays as it is.

local context, subject, seconds = KEYS[1], ARGV[1], tonumber(ARGV[2])
if subject:sub(1, 1) ~= '/' or not (seconds and seconds >= 1) then
    return redis.error_reply('ERR give a subject such as /alpha/demo and a number of seconds')
end
if redis.call('EXISTS', context) == 1 then
    return 0
end
redis.call('HSET', context, 'subject', subject)
redis.call('EXPIRE', context, math.floor(seconds))
return 1
