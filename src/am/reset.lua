-- Who may reset whom, the reset, and its event: one atomic step. This is the only place where the rule is.
--
-- with records/event.lua
--
-- KEYS  1 the target's record   2 its events   then the caller's session, unless the caller is known
--       then the stream of all events, if there is one
-- ARGV  1 to 5 as records/event.lua has them
--       6 four switches, each its letter or `-`: `a` act, else only decide; `w` hand on: the act is the event alone;
--         `f` names have no case (A-Z are a-z); `s` users may reset their own
--       7 the target's realm, folded (`/`, `/alpha/eu`)   8 the target's name, folded
--       9 the factor, `oath` or `push`
--       if the caller is known: user   realm   universal id (or nothing)   the realm administered (or nothing)
--       then, for each administrator of the configuration, folded:
--         name   the realm of that name (nothing: it is a universal id)   the realm administered
-- Returns the verdict; after it, but not after `unauthenticated`, the caller's user, realm and universal id, a NUL before
--       each. One text, since of an array each element is work for Lua, for Redis and for who reads it.

local OFF, BLANK = 45, 32 -- `-` and ` `
local acts, hands_on, caseless, self_allowed = ARGV[6]:byte(1, 4)
local realm, user, factor = ARGV[7], ARGV[8], ARGV[9]

local known = #KEYS < (ARGV[2] == '0' and 3 or 4) -- no key is a session
local caller = known and {ARGV[10], ARGV[11], ARGV[12], ARGV[13]}
    or redis.call('HMGET', KEYS[3], 'user', 'realm', 'universalId', 'admin')
local caller_user, caller_realm, universal_id, admin = caller[1], caller[2], caller[3] or '', caller[4] or ''
if not caller_user or not caller_realm then
    return 'unauthenticated'
end
local identity = '\0' .. caller_user .. '\0' .. caller_realm .. '\0' .. universal_id

-- Most reset their own device, and nothing in their universal id is escaped. A function costs more than these
-- comparisons: those that all others need are made for them alone.
local may_be_self = self_allowed ~= OFF and #caller_user == #user and #caller_realm == #realm
local place = caller_realm:sub(2)
local is_plain_user = may_be_self and (universal_id == ''
    or universal_id:find('id=' .. caller_user .. ',ou=user,o=' .. place .. ',ou=services,', 1, true) == 1
        and not (caller_user .. place):find('[,;+"\\/]'))
local is_self = is_plain_user and caller_user == user and caller_realm == realm
if not is_self then
    local function fold(text)
        return caseless ~= OFF and text:gsub('[A-Z]', string.lower) or text
    end

    local function same(one, other)
        return one == other or #one == #other and fold(one) == fold(other)
    end

    -- Escapes become hexadecimal, so that every comma left is between two parts.
    local function with_hex_escapes(id)
        return (id:gsub('\\(.?%x?)', function(escaped)
            return not escaped:find('^%x%x$') and ('\\%02X'):format(escaped:byte() or 0) .. escaped:sub(2) or nil
        end))
    end

    -- The universal id of the user demo of /alpha/eu is `id=demo,ou=user,o=eu,o=alpha,ou=services,dc=com` (RFC 4514); an
    -- agent has `ou=agent`. A session with one is a user's only if it names the session's own user and realm.
    local function is_user()
        if is_plain_user or universal_id == '' then
            return true
        end
        local escapes = universal_id:find('\\', 1, true)
        local id, at = escapes and with_hex_escapes(universal_id) or universal_id, 1

        -- Takes the next part if it is of the type `wanted`. A malformed one is a NUL, which is in no caller's name.
        local function take(wanted)
            local _, last, kind, value, comma = id:find('^ *(%a+) *= *([^,;+"]*)(,?)', at)
            if at > #id or kind and kind ~= wanted and kind:lower() ~= wanted then
                return nil
            end
            if not kind or value == '' or comma == '' and last < #id then
                return '\0'
            end
            at = last + 1
            value = value:byte(-1) == BLANK and value:match('.*[^ ]') or value
            return escapes and value:gsub('\\(%x%x)', function(hex)
                return string.char(tonumber(hex, 16))
            end) or value
        end

        local name, kind = take('id'), take('ou')
        if not name or not kind or kind ~= 'user' and kind:lower() ~= 'user' then
            return false
        end
        local path, part = '', take('o')
        while part and #path < #caller_realm do
            path = '/' .. (part:find('/', 1, true) and '\0' or part) .. path
            part = take('o')
        end
        return not part and same(name, caller_user) and same(path == '' and '/' or path, caller_realm)
    end

    -- `/` is above all, `/alpha` above itself and `/alpha/eu`, not above `/alphabet`.
    local function covers(administered)
        return administered == '/' or same(administered, realm)
            or same(administered .. '/', realm:sub(1, #administered + 1))
    end

    -- A name counts in its realm alone, and for users alone.
    local function configured()
        for i = known and 14 or 10, #ARGV, 3 do
            local name, inside = ARGV[i], ARGV[i + 1]
            local is_caller = inside == '' and same(universal_id, name)
                or inside ~= '' and same(caller_user, name) and same(caller_realm, inside) and is_user()
            if is_caller and covers(ARGV[i + 2]) then
                return true
            end
        end
    end

    -- A name with a NUL would pass for two in what is returned. The target's has none.
    if (caller_user .. caller_realm):find('\0', 1, true) then
        return 'unauthenticated'
    end
    is_self = may_be_self and same(caller_user, user) and same(caller_realm, realm) and is_user()
    if not (is_self or admin ~= '' and covers(admin) or configured()) then
        return 'forbidden' .. identity
    end
end
if acts == OFF then
    return 'done' .. identity
end

local who = universal_id
if who == '' then
    who = (caller_realm == '/' and '' or caller_realm) .. '/' .. caller_user:gsub('[/%%]', {['/'] = '%2F', ['%'] = '%25'})
end

-- Whether there is such a user, the system behind knows.
if hands_on ~= OFF then
    add_event('forwarded', factor, who)
    return 'done' .. identity
end

local record, devices, skip = KEYS[1], factor .. 'DeviceProfiles', factor .. '2faEnabled'
local before = redis.call('HMGET', record, 'uid', devices, skip)
if not before[1] then
    return (is_self and 'no_record' or 'unknown') .. identity
end

local enrolled, skippable = before[2], before[3]
add_event('reset', factor, who, 'removed', enrolled and '1' or '0')
if skippable ~= '0' then
    redis.call('HSET', record, skip, '0')
end
if enrolled then
    redis.call('HDEL', record, devices)
end

local changed = enrolled or skippable and skippable ~= '0'
return (changed and 'done' or 'nothing') .. identity
