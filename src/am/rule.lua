-- Who may act on whom: this is the only place where that rule is. This text is put before every script of this folder that
-- has the line `-- with am/rule.lua`, so that the decision, the act and its event are one atomic step.
--
-- with records/event.lua
--
-- KEYS  1 the target's record   2 its events   then the caller's session, unless the caller is known
--       then the stream of all events, if there is one
-- ARGV  1 to 5 as records/event.lua has them
--       6 three switches, each its letter or `-`: `a` act, else only decide; `f` names have no case (A-Z are a-z); `s` users
--         may act on their own devices
--       7 the target's realm, folded (`/`, `/alpha/eu`)   8 the target's name, folded
--       9 the factor, `oath`, `push` or `webauthn`
--       10 the authentication level that users need for their own devices (nothing: any)
--       11 how many arguments the act has of its own, the last of all
--       if the caller is known: user   realm   universal id (or nothing)   the realm administered (or nothing)
--         the authentication level (or nothing)
--       then, for each administrator of the configuration, folded:
--         name   the realm of that name (nothing: it is a universal id)   the realm administered
--       then the act's own arguments
-- Returns, if the caller may not act, the verdict: `unauthenticated`, `forbidden`, or `level` if only the authentication
--       level is missing; if only to decide, else `done`. After each verdict but `unauthenticated` come the caller's user, realm and universal id, a NUL
--       before each. One text, since of an array each element is work for Lua, for Redis and for who reads it.
-- Leaves to the act: `identity`, that part of its verdict; `who`, the caller as events name it; `is_self`, whether the user
--       acts, and no administrator.

local OFF, BLANK = 45, 32 -- `-` and ` `
local acts, caseless, self_allowed = ARGV[6]:byte(1, 3)
local realm, user, factor, wanted_level = ARGV[7], ARGV[8], ARGV[9], ARGV[10]

local known = #KEYS < (ARGV[2] == '0' and 3 or 4) -- no key is a session
local caller = known and {ARGV[12], ARGV[13], ARGV[14], ARGV[15], ARGV[16]}
    or redis.call('HMGET', KEYS[3], 'user', 'realm', 'universalId', 'admin', 'authLevel')
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

-- AM's level is a number, or a realm and a number: `/:10`.
local has_level = wanted_level == ''
if not has_level then
    local level = (':' .. (caller[5] or '')):match(':(%d+)$')
    has_level = level and tonumber(level) >= tonumber(wanted_level)
end

if not (is_self and has_level) then
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
        for i = known and 17 or 12, #ARGV - ARGV[11], 3 do
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
    if not (is_self and has_level or admin ~= '' and covers(admin) or configured()) then
        return (is_self and 'level' or 'forbidden') .. identity
    end
end

if acts == OFF then
    return 'done' .. identity
end

local who = universal_id
if who == '' then
    who = (caller_realm == '/' and '' or caller_realm) .. '/' .. caller_user:gsub('[/%%]', {['/'] = '%2F', ['%'] = '%25'})
end
