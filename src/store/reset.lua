-- Who may reset whom, the reset, and its event: one atomic step. This is the only place where the rule is.
--
-- with common/event.lua
--
-- KEYS  1 the target's record   2 its events   then the caller's session, unless the caller is known
--       then the stream of all events, if there is one
-- ARGV  1 to 5 as common/event.lua has them
--       6 five switches, each its letter or `-`: `a` act, else only decide; `w` hand on: the act is the event alone;
--         `f` names have no case (A-Z are a-z); `s` users may reset their own; `k` the caller is known
--       7 the target's realm, folded (`/`, `/alpha/eu`)   8 the target's name, folded
--       9 the factor, `oath` or `push`
--       with `k`: the caller's   user   realm   universal id (or nothing)   the realm administered (or nothing)
--       then, for each administrator of the configuration, folded:
--         name   the realm of that name (nothing: it is a universal id)   the realm administered
-- Returns the verdict; after it, but not after `unauthenticated`, the caller's user, realm and universal id, a NUL before
--       each. One text, since of an array each element is work for Lua, for Redis and for who reads it.

local OFF = 45 -- the `-`
local acts, hands_on, caseless, self_allowed, known = ARGV[6]:byte(1, 5)
local realm, user, factor = ARGV[7], ARGV[8], ARGV[9]

local caller = known ~= OFF and {ARGV[10], ARGV[11], ARGV[12], ARGV[13]}
    or redis.call('HMGET', KEYS[3], 'user', 'realm', 'universalId', 'admin')
local caller_user, caller_realm, universal_id, admin = caller[1], caller[2], caller[3] or '', caller[4] or ''
if not caller_user or not caller_realm then
    return 'unauthenticated'
end
local identity = '\0' .. caller_user .. '\0' .. caller_realm .. '\0' .. universal_id

-- Most reset their own device, under a name that is folded already. A function costs more than that comparison: those
-- that all others need are made for them alone.
local is_self = self_allowed ~= OFF and caller_user == user and caller_realm == realm
if not is_self then
    local function same(name, folded)
        return name == folded
            or caseless ~= OFF and #name == #folded and name:gsub('[A-Z]', string.lower) == folded
    end

    -- `/` is above all, `/alpha` above itself and `/alpha/eu`, not above `/alphabet`.
    local function covers(administered)
        return administered == '/' or same(administered, realm)
            or same(administered .. '/', realm:sub(1, #administered + 1))
    end

    -- A name counts in its realm alone: who registers it elsewhere is somebody else.
    local function configured()
        for i = known ~= OFF and 14 or 10, #ARGV, 3 do
            local name, inside = ARGV[i], ARGV[i + 1]
            local is_caller = inside == '' and same(universal_id, name)
                or inside ~= '' and same(caller_user, name) and same(caller_realm, inside)
            if is_caller and covers(ARGV[i + 2]) then
                return true
            end
        end
    end

    -- A name with a NUL would pass for two in what is returned. The target's has none.
    if (caller_user .. caller_realm):find('\0', 1, true) then
        return 'unauthenticated'
    end
    is_self = self_allowed ~= OFF and same(caller_user, user) and same(caller_realm, realm)
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
