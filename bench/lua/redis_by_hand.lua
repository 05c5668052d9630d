-- reset.lua, called over nginx's sockets in Redis's own protocol: one text sent, one bulk string received.
local tcp = ngx.socket.tcp
local find, sub = string.find, string.sub

local function head(command, word)
    return '*17\r\n$' .. #command .. '\r\n' .. command .. '\r\n$' .. #word .. '\r\n' .. word .. '\r\n$1\r\n3\r\n'
end

-- The reply, or nothing and what Redis or the socket says.
local function receive(connection)
    local line, why = connection:receive()
    local size = line and find(line, '^%$%d') and tonumber(sub(line, 2))
    local text = size and connection:receive(size + 2)
    return text and sub(text, 1, size), line or why
end

-- As redis_by_library.lua.
return function(socket, script)
    local by_sha1, by_text = head('EVALSHA', script.sha1), head('EVAL', script.text)
    return function(record, events, session, address, id, switches, realm, user, factor)
        local connection = tcp()
        connection:settimeout(5000)
        if not connection:connect(socket) then
            return nil, 'unavailable'
        end
        local words = '$' .. #record .. '\r\n' .. record .. '\r\n$' .. #events .. '\r\n' .. events .. '\r\n$' .. #session
            .. '\r\n' .. session .. '\r\n$2\r\n20\r\n$1\r\n0\r\n$2\r\nam\r\n$' .. #address .. '\r\n' .. address .. '\r\n$'
            .. #id .. '\r\n' .. id .. '\r\n$' .. #switches .. '\r\n' .. switches .. '\r\n$' .. #realm .. '\r\n' .. realm
            .. '\r\n$' .. #user .. '\r\n' .. user .. '\r\n$' .. #factor .. '\r\n' .. factor .. '\r\n$0\r\n\r\n$1\r\n0\r\n'
        local reply, why
        if connection:send(by_sha1 .. words) then
            reply, why = receive(connection)
        end
        if not reply and why and find(why, '^%-NOSCRIPT') and connection:send(by_text .. words) then
            reply, why = receive(connection)
        end
        if not reply then
            return nil, why and find(why, '^%-') and 'broken' or 'uncertain'
        end
        connection:setkeepalive(60000, 256)
        return reply
    end
end
