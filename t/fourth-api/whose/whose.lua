-- KEYS  1 the session
-- Returns {user, realm} of the session, or nil: there is no such session. A session without a user is none.

local session = redis.call('HMGET', KEYS[1], 'user', 'realm')
return session[1] and {session[1], session[2] or '/'}
