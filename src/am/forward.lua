-- The event of an act that the system behind does. Whether there is such a user, that system knows.
--
-- with am/rule.lua
--
-- ARGV  the last: the device (nothing: the act is not on one)
-- Returns, if the caller may: done.

local device = ARGV[#ARGV]
if device == '' then
    add_event('forwarded', factor, who)
else
    add_event('forwarded', factor, who, 'device', device)
end
return 'done' .. identity
