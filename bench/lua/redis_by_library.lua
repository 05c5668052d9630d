-- reset.lua, called by lua-nginx-redis.
local redis = require 'nginx.redis'

local find = string.find

-- `socket`: the Redis; `script`: {text, sha1} of reset.lua. The function returned takes the keys and what of the
-- arguments is not the same for all; it returns the reply, or nothing and why: unavailable, uncertain, broken.
return function(socket, script)
    return function(record, events, session, address, id, switches, realm, user, factor)
        local connection = redis:new()
        connection:set_timeout(5000)
        if not connection:connect(socket) then
            return nil, 'unavailable'
        end
        local reply, why = connection:evalsha(script.sha1, 3, record, events, session, '20', '0', 'am', address, id,
            switches, realm, user, factor, '', '0')
        if reply == false and find(why, '^NOSCRIPT') then
            reply, why = connection:eval(script.text, 3, record, events, session, '20', '0', 'am', address, id,
                switches, realm, user, factor, '', '0')
        end
        if not reply then
            return nil, reply == nil and 'uncertain' or 'broken'
        end
        connection:set_keepalive(60000, 256)
        return reply
    end
end
