-- The reset of one factor.
--
-- with am/rule.lua
--
-- Returns, if the caller may: done, nothing (was there to clear), no_record (of the user itself), unknown.

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
