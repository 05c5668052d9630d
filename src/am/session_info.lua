-- A session, and when it ends by this server's clock.
--
-- KEYS  1 the session
-- Returns {user, realm, universal id, authentication level, now, its end}, or nil if there is no such session. Times are in
--       seconds since 1970; the end is -1 if the session has none.

local session = redis.call('HMGET', KEYS[1], 'user', 'realm', 'universalId', 'authLevel')
if not session[1] or not session[2] then
    return nil
end
local left = redis.call('PTTL', KEYS[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = left < 0 and -1 or math.floor((now + left) / 1000)
return {session[1], session[2], session[3] or '', session[4] or '', math.floor(now / 1000), ends}
