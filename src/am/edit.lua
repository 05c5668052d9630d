-- An edit of the text in which the record has the factor's devices: of one that was read before, and is the same still.
--
-- with am/reading.lua
--
-- ARGV  the last seven: the action, `delete` or `rename`   the device's uuid   of a rename the new name, else nothing
--         the SHA1 of the text that was read   how many of its bytes stay before the edit   behind how many of them it goes on
--         what stands between; nothing, if no device is left: then the field goes
-- Returns, if the caller may: done, no_record (of the user itself), unknown, or changed if the text is another: after it, if
--       there is the field, a NUL and its text.

local last = #ARGV
local action, device, name, digest = ARGV[last - 6], ARGV[last - 5], ARGV[last - 4], ARGV[last - 3]
local before, behind, between = tonumber(ARGV[last - 2]), tonumber(ARGV[last - 1]), ARGV[last]

local record, devices, skip = KEYS[1], factor .. 'DeviceProfiles', 'oath2faEnabled'
local found = redis.call('HMGET', record, 'uid', devices, skip)
if not found[1] then
    return (is_self and 'no_record' or 'unknown') .. identity
end
local text = found[2]
if not text or redis.sha1hex(text) ~= digest then
    return 'changed' .. identity .. (text and '\0' .. text or '')
end

if action == 'rename' then
    add_event(action, factor, who, 'device', device, 'name', name)
else
    add_event(action, factor, who, 'removed', '1', 'device', device)
end
local edited = text:sub(1, before) .. between .. text:sub(behind + 1)
if edited == '' then
    redis.call('HDEL', record, devices)
else
    redis.call('HSET', record, devices, edited)
end
-- As AM does, of OATH alone: it asks the user again whether to skip.
if action == 'delete' and factor == 'oath' and found[3] ~= '0' then
    redis.call('HSET', record, skip, '0')
end
return 'done' .. identity
