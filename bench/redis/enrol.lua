-- Makes users ARGV[1]…ARGV[2]: copies of one record and, where there are any, of its events.
--
-- KEYS  1 the record to copy   2 its events
-- ARGV  1 first   2 last
-- Their keys are made here, which a Redis that stands alone allows.

for number = tonumber(ARGV[1]), tonumber(ARGV[2]) do
    local name = 'u' .. number
    local key = 'mfa:{/bench/' .. name .. '}'
    redis.call('COPY', KEYS[1], key, 'REPLACE')
    redis.call('HSET', key, 'uid', name)
    redis.call('COPY', KEYS[2], key .. ':events', 'REPLACE')
end
