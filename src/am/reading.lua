-- For acts that read, and return a text after the caller.
--
-- with am/rule.lua

-- A NUL in the universal id would end it.
if universal_id:find('\0', 1, true) then
    identity = '\0' .. caller_user .. '\0' .. caller_realm .. '\0' .. universal_id:gsub('%z', '')
end
