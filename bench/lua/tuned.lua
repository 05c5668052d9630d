-- AM's reset as well as it can be written: one call of the script for session and reset, variables and
-- not tables of headers, what most clients send without parsing, and the headers that never change
-- from nginx.conf. No FFI of its own: LuaJIT seldom compiles what ends in a socket's call, and
-- interprets FFI slower than what lua-nginx-string has.
local sha256 = require 'nginx.sha256'
local to_hex = require('nginx.string').to_hex
local am = require 'am'

local find, sub, lower, match = string.find, string.sub, string.lower, string.match
local re_match = ngx.re.match
local read_body, get_body_data, get_body_file = ngx.req.read_body, ngx.req.get_body_data, ngx.req.get_body_file
local get_method, print, var = ngx.req.get_method, ngx.print, ngx.var

local M = {}
local run_script

-- `settings`: socket, the Redis; script, {text, sha1} of reset.lua; calls, the module that runs it.
function M.configure(settings)
    run_script = require(settings.calls)(settings.socket, settings.script)
end

-- ---- answers

local function answer(status, content_type, body, call, by_action)
    local header = ngx.header
    if status ~= 200 then
        ngx.status = status
    end
    if content_type ~= am.json then  -- which is default_type
        header['Content-Type'] = content_type
    end
    header['Content-Length'] = #body
    if by_action then
        header['Content-API-Version'] = 'resource=1.0'
    end
    if call.versions and not call.versions.resource then
        header['Warning'] = am.warning
    end
    if status == 503 then
        header['Retry-After'] = '1'
    end
    print(body)
end

local function refuse(refusal, call)
    if refusal.text then
        return answer(refusal.status, not refusal.untyped and 'text/plain;charset=UTF-8' or nil, refusal.message, call,
            refusal.by_action)
    end
    local pretty = call.parameters and call.parameters._prettyprint == 'true'
    local body = not pretty and refusal.body or am.error_body(refusal.status, refusal.message, pretty, refusal.detail)
    answer(refusal.status, am.json, body, call, refusal.by_action)
end

for _, refusal in ipairs {am.no_session, am.no_csrf_proof, am.unavailable, am.uncertain, am.broken} do
    refusal.body = am.error_body(refusal.status, refusal.message, false, refusal.detail)
end

-- ---- the checks, in their order: the first refusal wins

-- Lua's own patterns: the loop in ngx.re.match keeps LuaJIT from compiling what calls it.
local device = '^/.-json/realms/[Rr][Oo][Oo][Tt](.-)/users/([^/]+)/devices/2fa/(%l+)/?$'
local reset_only = {_action = 'reset'}

local function read_target(call)
    local uri = var.request_uri
    local mark = find(uri, '?', 1, true)
    local path, query = uri, ''
    if mark then
        path, query = sub(uri, 1, mark - 1), sub(uri, mark + 1)
    end
    if query == '_action=reset' then
        call.parameters = reset_only
    else
        local bad
        call.parameters, bad = am.parameters_of(query)
        if bad then
            return bad
        end
    end
    local realms, user, factor = match(path, device)
    call.realm = (factor == 'oath' or factor == 'push') and not find(path, '//', 1, true)
        and (realms == '' or sub(realms, 1, 8) == '/realms/') and am.realm_of(realms)
    if not call.realm then
        local refusal = am.judge_path(path)
        call.route_refusal = refusal.route and refusal
        return not refusal.route and refusal
    end
    call.factor = factor
    local refusal
    call.user, refusal = am.user_of(user, path)
    return refusal
end

local function cookie_token(cookies)
    local found = re_match(cookies, [[(?:^|;)\s*iPlanetDirectoryPro\s*=\s*("?)([^;]*?)\1\s*(?:;|$)]], 'joi')
    return found and found[2]
end

local function check_conditions()
    if var.http_if_modified_since then
        return am.refusal(409, 'Header If-Modified-Since not supported')
    elseif var.http_if_unmodified_since then
        return am.refusal(409, 'Header If-Unmodified-Since not supported')
    elseif var.http_if_none_match then
        return am.refusal(412, 'If-None-Match not supported for POST requests')
    elseif var.http_if_match then
        return am.refusal(412, 'If-Match not supported for POST requests')
    end
end

local function check_body(content_type)
    read_body()
    local body = get_body_data()
    if body == '{}' then
        return nil
    end
    if not body then
        local file = get_body_file()
        if not file then
            return nil
        end
        local handle = io.open(file, 'rb')
        body = handle:read('*a')
        handle:close()
    end
    if #body > am.max_body then
        return am.refusal(413, 'The request content is larger than 65536 bytes')
    end
    return not find(lower(content_type), '^%s*multipart/form%-data') and am.check_json(body)
end

local function check_syntax(call)
    local content_type = var.content_type or ''
    return am.check_method(call.method) or am.check_protocol(call.versions)
        or content_type ~= 'application/json' and am.check_content_type(content_type)
        or check_conditions()
        or call.parameters ~= reset_only and am.check_action(call.parameters, call.versions)
        or check_body(content_type)
        or call.parameters ~= reset_only and am.check_rest(call.parameters)
end

local function check(call)
    local wanted = var.http_accept_api_version or ''
    call.versions = am.versions_of(wanted)
    local refusal = read_target(call)
    if refusal then
        return refusal
    end
    local cookies = var.http_cookie
    local token = cookies and cookie_token(cookies)
    if token and token ~= '' then
        if wanted == '' and not var.http_x_requested_with then
            return am.no_csrf_proof
        end
    else
        token = var.http_iplanetdirectorypro or ''
    end
    call.token = token
    if not call.versions then
        return am.bad_version(wanted)
    end
    refusal = check_syntax(call) or call.route_refusal or am.check_route_method(call.method)
    if refusal then
        return refusal
    end
    if #token > 8192 or not find(token, '^[A-Za-z0-9._*@#+/=%%-]+$') then
        return am.no_session
    end
end

-- ---- Redis

local function session_key(token)
    local digest = sha256:new()
    digest:update(token)
    return 'mfa:session:' .. to_hex(digest:final())
end

-- What reset.lua returns; or nothing, and the refusal.
local function reset(call, act)
    local user = lower(call.user)
    local record = am.record_key(call.realm, user)
    local reply, failure = run_script(record, record .. ':events', session_key(call.token), var.remote_addr,
        var.request_id, act and '-fs' or 'afs', call.realm, user, call.factor)
    return reply, am[failure]
end

function M.serve()
    local call = {method = am.method_of(get_method(), var.http_x_http_method_override)}
    local refusal = check(call)
    if refusal then
        return refuse(refusal, call)
    end
    local parameters = call.parameters
    local act = parameters ~= reset_only and am.check_act(parameters, call.versions)
        or not am.served(call.versions) and am.check_act(parameters, call.versions)
    local reply, failure = reset(call, act)
    refusal = failure or am.check_answer(reply, act, call.user)
    if refusal then
        return refuse(refusal, call)
    end
    answer(200, am.json, am.result_body(parameters._prettyprint == 'true'), call, true)
end

return M
