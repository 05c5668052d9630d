-- Whether the user may skip the factor.
--
-- with am/rule.lua
--
-- ARGV  the last: the setting, 1 (skippable) or 2 (not skippable)
-- Returns, if the caller may: done, nothing (it is that already), no_record (of the user itself), unknown.

local record, skip, setting = KEYS[1], factor .. '2faEnabled', ARGV[#ARGV]
local found = redis.call('HMGET', record, 'uid', skip)
if not found[1] then
    return (is_self and 'no_record' or 'unknown') .. identity
end
add_event('skip', factor, who, 'value', setting)
if found[2] == setting then
    return 'nothing' .. identity
end
redis.call('HSET', record, skip, setting)
return 'done' .. identity
