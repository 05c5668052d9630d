-- One field of the target's record.
--
-- with am/reading.lua
--
-- ARGV  the last: the field
-- Returns, if the caller may: done, no_record (of the user itself), unknown. After `done`, if there is the field: a NUL and
--       its text.

local found = redis.call('HMGET', KEYS[1], 'uid', ARGV[#ARGV])
if not found[1] then
    return (is_self and 'no_record' or 'unknown') .. identity
end
return 'done' .. identity .. (found[2] and '\0' .. found[2] or '')
