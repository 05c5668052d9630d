-- Adds the event of an act: to the user's own events, and to the one stream of all users if there is one. This text is
-- put before every script that has the line `-- with records/event.lua` (cmake/scripts.cmake).
--
-- KEYS  1 the user's record   2 the user's events   the last one: the stream of all, if ARGV 2 is not 0
-- ARGV  1 events of the user to keep, exactly   2 events of all to keep, or a few more: only whole nodes go
--       of the event: 3 api   4 ip   5 request; and after a blank the client's trace, if there is one

local function append_event(request, action, factor, caller, ...)
    local own, all = ARGV[1], ARGV[2]
    if all ~= '0' then
        -- An event cannot be taken back: what would keep the second from being added must show before the first is.
        if own ~= '0' then
            redis.call('XLEN', KEYS[2])
        end
        redis.call('XADD', KEYS[#KEYS], 'MAXLEN', '~', all, '*', 'target', KEYS[1]:match('{(.*)}$'), 'api', ARGV[3],
            'action', action, 'factor', factor, 'caller', caller, 'ip', ARGV[4], 'request', request, ...)
    end
    if own ~= '0' then
        redis.call('XADD', KEYS[2], 'MAXLEN', own, '*', 'api', ARGV[3],
            'action', action, 'factor', factor, 'caller', caller, 'ip', ARGV[4], 'request', request, ...)
    end
end

-- To be called before any change: it is what may fail (no memory, a key of another type), and then nothing was written.
local function add_event(action, factor, caller, ...)
    local request = ARGV[5]
    local blank = request:find(' ', 1, true)
    if blank then
        return append_event(request:sub(1, blank - 1), action, factor, caller, 'trace', request:sub(blank + 1), ...)
    end
    return append_event(request, action, factor, caller, ...)
end

