-- What both Lua implementations of AM's reset share: the pure parts of its contract, which take
-- strings and give strings. How these come out of a request, and what is asked of Redis, is in
-- usual.lua and tuned.lua.
local cjson = require 'cjson.safe'.new()

local byte, find, gsub, lower, match, sub = string.byte, string.find, string.gsub, string.lower, string.match, string.sub
local char, format, tonumber, concat = string.char, string.format, tonumber, table.concat

cjson.decode_max_depth(64)
cjson.decode_invalid_numbers(false)

local M = {}

M.json = 'application/json;charset=UTF-8'
M.max_body = 65536
M.headers = {
    {'Cache-Control', 'private'},
    {'Expires', '0'},
    {'Pragma', 'no-cache'},
    {'X-Content-Type-Options', 'nosniff'},
    {'X-Frame-Options', 'SAMEORIGIN'},
    {'Content-Security-Policy', "default-src 'none';frame-ancestors 'none';sandbox"},
    {'Cross-Origin-Opener-Policy', 'same-origin'},
    {'Cross-Origin-Resource-Policy', 'same-origin'},
}
M.warning = '100 chf "Accept-API-Version should be included in the request."'

local reasons = {
    [400] = 'Bad Request', [401] = 'Unauthorized', [403] = 'Forbidden', [404] = 'Not Found', [409] = 'Conflict',
    [412] = 'Precondition Failed', [413] = 'Request Entity Too Large', [500] = 'Internal Server Error',
    [501] = 'Not Implemented', [503] = 'Service Unavailable',
}

local function quoted(text)
    return (gsub(cjson.encode(text), '\\/', '/'))
end

-- The body of a refusal.
function M.error_body(status, message, pretty, detail)
    local between, colon, first, last = ',', ':', '{', '}'
    if pretty then
        between, colon, first, last = ',\n  ', ' : ', '{\n  ', '\n}'
    end
    local members = {
        '"code"' .. colon .. status,
        '"reason"' .. colon .. '"' .. reasons[status] .. '"',
        '"message"' .. colon .. quoted(message),
    }
    if detail then
        members[4] = '"detail"' .. colon .. quoted(detail)
    end
    return first .. concat(members, between) .. last
end

function M.result_body(pretty)
    return pretty and '{\n  "result" : true\n}' or '{"result":true}'
end

-- A refusal: what `refuse` of usual.lua and tuned.lua turn into an answer. `text`: a plain text body
-- instead of JSON; `untyped`: without a Content-Type, too; `by_action`: with Content-API-Version.
local function refusal(status, message, more)
    more = more or {}
    more.status, more.message = status, message
    return more
end
M.refusal = refusal

-- ---- percent-encoding, UTF-8, keys

local function decode_pair(hex)
    return char(tonumber(hex, 16))
end

-- Nothing where the encoding is bad.
local function decode(text)
    if not find(text, '%', 1, true) then
        return text
    end
    if find(text, '%%%X') or find(text, '%%%x%X') or find(text, '%%%x?$') then
        return nil
    end
    return (gsub(text, '%%(%x%x)', decode_pair))
end

local continuation = {[0xE0] = {0xA0, 0xBF}, [0xED] = {0x80, 0x9F}, [0xF0] = {0x90, 0xBF}, [0xF4] = {0x80, 0x8F}}

local function is_utf8(text)
    local at = find(text, '[\128-\255]')
    while at do
        local first = byte(text, at)
        local more = first >= 0xC2 and first <= 0xDF and 1 or first >= 0xE0 and first <= 0xEF and 2
            or first >= 0xF0 and first <= 0xF4 and 3
        if not more then
            return false
        end
        for i = 1, more do
            local range = i == 1 and continuation[first] or {0x80, 0xBF}
            local next_byte = byte(text, at + i)
            if not next_byte or next_byte < range[1] or next_byte > range[2] then
                return false
            end
        end
        at = find(text, '[\128-\255]', at + more + 1)
    end
    return true
end

local function encode_byte(letter)
    return format('%%%02X', byte(letter))
end

local function encode(name)
    if not find(name, '[^A-Za-z0-9._~@+-]') then
        return name
    end
    return (gsub(name, '[^A-Za-z0-9._~@+-]', encode_byte))
end

-- The record's key; `realm` as a path, `/` or `/alpha/eu`, and `user` are folded.
function M.record_key(realm, user)
    if realm == '/' then
        return 'mfa:{/' .. encode(user) .. '}'
    end
    if not find(realm, '[^A-Za-z0-9._~@+/-]') then
        return 'mfa:{' .. realm .. '/' .. encode(user) .. '}'
    end
    return 'mfa:{' .. gsub(realm, '[^/]+', encode) .. '/' .. encode(user) .. '}'
end

-- ---- the path

local bad_encoding = refusal(400, 'The request has a bad percent-encoding', {text = true})

local function complaint(path, what)
    return refusal(400, "Resource path '" .. path .. "' contains " .. what)
end

-- Why `segment`, decoded, is none.
local function fault(segment, path)
    if segment == '' then
        return complaint(path, 'empty path elements')
    elseif segment == '.' or segment == '..' then
        return complaint(path, "'.' or '..' path elements")
    elseif find(segment, '\0', 1, true) then
        return complaint(path, 'a NUL character')
    elseif not is_utf8(segment) then
        return complaint(path, 'a path element that is not UTF-8')
    end
end

-- Every path, slowly: what is wrong with it, or what of it is no device: {refusal, route = true}.
function M.judge_path(path)
    local inner = match(path, '^/?(.-)/?$')
    local first
    for raw in (inner .. '/'):gmatch('([^/]*)/') do
        local segment = decode(raw)
        if not segment then
            return bad_encoding
        end
        first = first or fault(segment, path)
    end
    if first then
        return first
    end
    local rest = match('/' .. inner, '/json/(.*)$') or ''
    while match(rest, '^realms/[^/]+') do
        rest = gsub(rest, '^realms/[^/]+/?', '', 1)
    end
    return refusal(404, "Resource '" .. rest .. "' not found", {route = true})
end

-- The realm, folded, of `/realms/alpha/realms/eu`; nothing where it is not plain.
function M.realm_of(raw)
    if raw == '' then
        return '/'
    end
    local realm = decode(gsub(raw, '/realms/', '/'))
    return realm and not find(realm, '[%z\128-\255]') and not find(realm, '/%.%.?%f[/%z]') and lower(realm) or nil
end

-- The user's name, not folded; or nothing, and why.
function M.user_of(raw, path)
    local user = decode(raw)
    if not user then
        return nil, bad_encoding
    end
    if user == raw and not find(user, '[%z\128-\255]') and user ~= '.' and user ~= '..' then
        return user
    end
    local wrong = fault(user, path)
    return not wrong and user or nil, wrong
end

-- ---- the query

local single = {_action = true, _prettyprint = true, _mimetype = true}

-- {_action, _prettyprint, _mimetype}, and under `repeated` the first that is there twice; nothing
-- where the encoding is bad.
function M.parameters_of(query)
    if find(query, '%', 1, true) and not decode(query) then
        return nil, bad_encoding
    end
    local found = {}
    for pair in query:gmatch('[^&]+') do
        local name, value = match(pair, '^([^=]*)=?(.*)$')
        name = decode(gsub(name, '+', ' '))
        local known = lower(name)
        if single[known] then
            if found[known] then
                found.repeated = found.repeated or {}
                found.repeated[known] = name
            else
                found[known] = decode(gsub(value, '+', ' '))
            end
        end
    end
    return found
end

-- ---- Accept-API-Version

local function number(text)
    local value = match(text, '^%d+$') and tonumber(text)
    return value and value <= 2147483647 and value or nil
end

local function item(text, versions)
    local kind, major, minor = match(text, '^(%l+)=(%d+)%.(%d+)$')
    if not kind then
        kind, major = match(text, '^(%l+)=(%d+)$')
        minor = '0'
    end
    if kind ~= 'protocol' and kind ~= 'resource' or versions[kind] then
        return false
    end
    major, minor = number(major), number(minor)
    versions[kind] = major and minor and {major, minor}
    return versions[kind]
end

local parsed = {}  -- of the few that clients send

-- {protocol, resource}, each {major, minor} or absent; nothing where `value` is none.
function M.versions_of(value)
    local versions = parsed[value]
    if versions then
        return versions
    end
    versions = {}
    if value ~= '' then
        local first, second = match(value, '^(.-)[ \t]*,[ \t]*(.*)$')
        if first then
            if not item(first, versions) or not item(second, versions) then
                return nil
            end
        elseif not item(value, versions) then
            return nil
        end
    end
    if #value <= 32 and (parsed.count or 0) < 100 then
        parsed[value], parsed.count = versions, (parsed.count or 0) + 1
    end
    return versions
end

function M.bad_version(value)
    return refusal(400, 'Version string is in an invalid format: ' .. gsub(value, '[^ -~]', '?'),
        {text = true, untyped = true})
end

function M.check_protocol(versions)
    local protocol = versions.protocol
    if not protocol or protocol[1] <= 2 and protocol[2] <= 2 then
        return nil
    end
    return refusal(400, format('Unsupported %s version: %d.%d', protocol[1] > 2 and 'major' or 'minor',
        protocol[1], protocol[2]))
end

function M.before_2_1(versions)
    local protocol = versions.protocol
    return protocol and (protocol[1] < 2 or protocol[1] == 2 and protocol[2] < 1)
end

function M.served(versions)
    local resource = versions.resource
    return not resource or resource[1] == 1 and resource[2] == 0
end

-- ---- the method, and the other checks of CREST, in its order

function M.method_of(method, override)
    return method == 'POST' and override and override ~= '' and override or method
end

function M.check_method(method)
    if method ~= 'POST' and method ~= 'GET' and method ~= 'DELETE' and method ~= 'PATCH' then
        return refusal(501, 'Method ' .. method .. ' not supported')
    end
end

local verbs = {GET = 'read', DELETE = 'deleted', PATCH = 'patched'}

function M.check_route_method(method)
    return verbs[method] and refusal(400, 'The resource collection  cannot be ' .. verbs[method])
end

function M.check_content_type(value)
    local media = lower(match(value, '^[ \t]*([^;]-)[ \t]*$') or match(value, '^[ \t]*([^;]-)[ \t]*;'))
    if media == '' or media == 'application/json' or media == 'multipart/form-data' then
        return nil
    end
    return refusal(400, "The request could not be processed because it specified the content-type '"
        .. match(value, '^[ \t]*([^;]-)[ \t]*%f[;%z]')
        .. "' when only the content-type 'application/json' and 'multipart/form-data' are supported")
end

function M.check_action(parameters, versions)
    if not parameters._action and M.before_2_1(versions) then
        return refusal(400, "No values provided for the request parameter '_action'")
    end
    return parameters.repeated and parameters.repeated._action and M.repeated('_action')
end

function M.repeated(name)
    return refusal(400, "Multiple values provided for the single-valued request parameter '" .. name .. "'")
end

function M.check_json(body)
    if body == '' or cjson.decode(body) ~= nil then
        return nil
    end
    return refusal(400, 'The request could not be processed because the provided content is not valid JSON')
end

function M.check_rest(parameters)
    if parameters._mimetype then
        return refusal(400, "Unrecognized request parameter '_mimeType'")
    end
    return parameters.repeated and parameters.repeated._prettyprint and M.repeated('_prettyPrint')
end

-- ---- after the store has answered

M.no_session = refusal(401, 'Access Denied')
M.no_csrf_proof = refusal(403, 'Forbidden')
M.unavailable = refusal(503, 'Service Unavailable', {by_action = true})
M.uncertain = refusal(503, 'Service Unavailable', {
    by_action = true, detail = 'The reset was sent and its answer was lost: it may have happened'})
M.broken = refusal(500, 'Internal Server Error', {by_action = true})

-- Why nothing is done even for those who may.
function M.check_act(parameters, versions)
    if not M.served(versions) then
        return refusal(404, "Resource '' not found")
    elseif not parameters._action then
        return refusal(501, 'Operation is not supported.', {by_action = true})
    elseif parameters._action ~= 'reset' then
        return refusal(501, 'Not Implemented', {by_action = true})
    end
end

-- What reset.lua's answer comes to: nothing where it was done, or there was nothing to do.
function M.check_answer(answer, act, user)
    local verdict = sub(answer, 1, (find(answer, '\0', 1, true) or 0) - 1)
    if verdict == 'unauthenticated' then
        return M.no_session
    elseif verdict == 'forbidden' then
        local caller, id = match(answer, '^%Z*%z(%Z*)%z%Z*%z(.*)$')
        return refusal(403, 'User, ' .. (id == '' and 'id=' .. caller or id) .. ', not authorized.')
    elseif act then
        return act
    elseif verdict == 'unknown' then
        return refusal(404, 'User ' .. user .. ' not found', {by_action = true})
    elseif verdict ~= 'done' and verdict ~= 'nothing' and verdict ~= 'no_record' then
        return M.broken
    end
end

return M
