-- What a help desk asks first: the fields of the record about factors, challenges and locks.
--
-- with am/reading.lua
--
-- Returns, if the caller may: no_record (of the user itself), unknown, or done: after it, for each field, a NUL, its name, a
--       NUL and its text. A NUL in either of them is left out. A lock that is past is 0.

local record = KEYS[1]
if redis.call('HMGET', record, 'uid')[1] == false then
    return (is_self and 'no_record' or 'unknown') .. identity
end

local wanted = {oathDeviceProfiles = true, oath2faEnabled = true, pushDeviceProfiles = true, push2faEnabled = true,
    webauthnDeviceProfiles = true}
local names = {}
for _, field in ipairs(redis.call('HKEYS', record)) do
    if wanted[field] or field:find('^challenge:') or field:find('^lock:') then
        names[#names + 1] = field
    end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local parts = {'done' .. identity}
for _, field in ipairs(names) do
    local text = redis.call('HMGET', record, field)[1]
    if field:find('^lock:') and (tonumber(text) or 0) <= now then
        text = '0'
    end
    parts[#parts + 1] = field:gsub('%z', '')
    parts[#parts + 1] = text:gsub('%z', '')
end
return table.concat(parts, '\0')
