-- Gives devices again to the users whom a load has reset: the next ARGV[2] after ARGV[1], in the
-- order in which the load takes them (loads.py says which that is).
--
-- ARGV  1 number of the user before the first   2 how many   3 of how many   4 the device, or nothing:
--       then all are left without any
-- Returns the number of the last.

local number, count, modulus, device = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
for _ = 1, count do
    number = (number * 214013 + 2531011) % modulus
    local key = 'mfa:{/bench/u' .. number .. '}'
    if device == '' then
        redis.call('HDEL', key, 'oathDeviceProfiles')
        redis.call('HSET', key, 'oath2faEnabled', '0')
    else
        redis.call('HSET', key, 'oath2faEnabled', '2', 'oathDeviceProfiles', device)
    end
end
return number
