-- KEYS  1 the session
-- Returns {user, realm} of the session, or nil if there is no such session. A session without a user does not count.

local session = redis.call('HMGET', KEYS[1], 'user', 'realm')
return session[1] and {session[1], session[2] or '/'}
