-- AM's reset as most would write it with lua-nginx-redis: headers, parameters and body by the
-- documented calls, the session looked up first, and then the script with the caller that was found.
local redis = require 'nginx.redis'
local sha256 = require 'nginx.sha256'
local str = require 'nginx.string'
local am = require 'am'

local M = {}
local socket, script

-- `settings`: socket, the Redis; script, {text, sha1} of reset.lua.
function M.configure(settings)
    socket, script = settings.socket, settings.script
end

local function answer(status, content_type, body, call)
    ngx.status = status
    ngx.header['Content-Type'] = content_type
    ngx.header['Content-Length'] = #body
    for _, header in ipairs(am.headers) do
        ngx.header[header[1]] = header[2]
    end
    if call.by_action then
        ngx.header['Content-API-Version'] = 'resource=1.0'
    end
    if call.versions and not call.versions.resource then
        ngx.header['Warning'] = am.warning
    end
    if status == 503 then
        ngx.header['Retry-After'] = '1'
    end
    ngx.print(body)
end

local function refuse(refusal, call)
    call.by_action = refusal.by_action
    if refusal.text then
        return answer(refusal.status, not refusal.untyped and 'text/plain;charset=UTF-8' or nil, refusal.message, call)
    end
    local pretty = call.parameters and call.parameters._prettyprint == 'true'
    answer(refusal.status, am.json, am.error_body(refusal.status, refusal.message, pretty, refusal.detail), call)
end

-- ---- reading the request

local device = [[^/(?:[^/]+/)*?json/realms/(?i:root)((?:/realms/[^/]+)*)/users/([^/]+)/devices/2fa/(oath|push)/?$]]

local function read_path(call)
    local uri = ngx.var.request_uri
    call.path, call.query = uri:match('^([^?]*)%??(.*)$')
    local parts = ngx.re.match(call.path, device, 'jo')
    if not parts then
        call.path_refusal = am.judge_path(call.path)
        return
    end
    call.realm = am.realm_of(parts[1])
    if not call.realm then
        call.path_refusal = am.judge_path(call.path)
        return
    end
    call.user, call.path_refusal = am.user_of(parts[2], call.path)
    call.factor = parts[3]
end

local function one(value)
    return type(value) == 'table' and value[1] or value
end

local function cookie_token(cookies)
    for pair in cookies:gmatch('[^;]+') do
        local name, value = pair:match('^%s*(.-)%s*=%s*(.-)%s*$')
        if name and name:lower() == 'iplanetdirectorypro' then
            return value:match('^"(.*)"$') or value
        end
    end
end

local function read_token(call)
    local cookies = one(call.headers['cookie'])
    local token = cookies and cookie_token(cookies)
    if token and token ~= '' then
        call.token, call.in_cookie = token, true
    else
        call.token = one(call.headers['iplanetdirectorypro']) or ''
    end
end

local function read_body()
    ngx.req.read_body()
    local body = ngx.req.get_body_data()
    local file = not body and ngx.req.get_body_file()
    if file then
        local handle = io.open(file, 'rb')
        body = handle:read('*a')
        handle:close()
    end
    return body or ''
end

-- ---- the checks, in their order: the first refusal wins

local conditions = {
    {'if-modified-since', 409, 'Header If-Modified-Since not supported'},
    {'if-unmodified-since', 409, 'Header If-Unmodified-Since not supported'},
    {'if-none-match', 412, 'If-None-Match not supported for POST requests'},
    {'if-match', 412, 'If-Match not supported for POST requests'},
}

local function check_syntax(call)
    local refusal = am.check_method(call.method) or am.check_protocol(call.versions)
        or am.check_content_type(one(call.headers['content-type']) or '')
    if refusal then
        return refusal
    end
    for _, condition in ipairs(conditions) do
        if call.headers[condition[1]] then
            return am.refusal(condition[2], condition[3])
        end
    end
    refusal = am.check_action(call.parameters, call.versions)
    if refusal then
        return refusal
    end
    local body = read_body()
    if #body > am.max_body then
        return am.refusal(413, 'The request content is larger than 65536 bytes')
    end
    local multipart = (one(call.headers['content-type']) or ''):lower():find('^%s*multipart/form%-data')
    return not multipart and am.check_json(body) or am.check_rest(call.parameters)
end

local function check(call)
    local wanted = one(call.headers['accept-api-version']) or ''
    local bad_query
    call.versions = am.versions_of(wanted)
    call.parameters, bad_query = am.parameters_of(call.query)
    if bad_query then
        return bad_query
    end
    if call.path_refusal and not call.path_refusal.route then
        return call.path_refusal
    end
    read_token(call)
    if call.in_cookie and wanted == '' and not call.headers['x-requested-with'] then
        return am.no_csrf_proof
    end
    if not call.versions then
        return am.bad_version(wanted)
    end
    local refusal = check_syntax(call) or call.path_refusal or am.check_route_method(call.method)
    if refusal then
        return refusal
    end
    if not call.token:find('^[A-Za-z0-9._*@#+/=%%-]+$') or #call.token > 8192 then
        return am.no_session
    end
end

-- ---- Redis

local function hash(text)
    local context = sha256:new()
    context:update(text)
    return str.to_hex(context:final())
end

local function connect()
    local connection = redis:new()
    connection:set_timeout(5000)
    local ok = connection:connect(socket)
    return ok and connection
end

local function run_script(connection, ...)
    local reply, why = connection:evalsha(script.sha1, ...)
    if reply == false and why:find('^NOSCRIPT') then
        reply, why = connection:eval(script.text, ...)
    end
    return reply, why
end

-- What reset.lua returns; or nothing, and the refusal.
local function reset(call, act)
    local connection = connect()
    if not connection then
        return nil, am.unavailable
    end
    local session, why = connection:hmget('mfa:session:' .. hash(call.token), 'user', 'realm', 'universalId', 'admin')
    if not session then
        return nil, session == nil and am.unavailable or am.broken
    end
    local user, realm, universal_id, admin = unpack(session)
    if user == ngx.null or realm == ngx.null then
        connection:set_keepalive(60000, 256)
        return 'unauthenticated'
    end
    universal_id = universal_id ~= ngx.null and universal_id or ''
    local record = am.record_key(call.realm, call.user:lower())
    local words = {2, record, record .. ':events', 20, 0, 'am', ngx.var.remote_addr, ngx.var.request_id,
        act and '-fs' or 'afs', call.realm, call.user:lower(), call.factor, '', 0, user, realm, universal_id,
        admin ~= ngx.null and admin or '', ''}
    local reply
    reply, why = run_script(connection, unpack(words))
    if not reply then
        return nil, reply == nil and am.uncertain or am.broken, why
    end
    connection:set_keepalive(60000, 256)
    return reply
end

function M.serve()
    local call = {headers = ngx.req.get_headers()}
    call.method = am.method_of(ngx.req.get_method(), one(call.headers['x-http-method-override']))
    read_path(call)
    local refusal = check(call)
    if refusal then
        return refuse(refusal, call)
    end
    local act = am.check_act(call.parameters, call.versions)
    local reply, failure = reset(call, act)
    refusal = failure or am.check_answer(reply, act, call.user)
    if refusal then
        return refuse(refusal, call)
    end
    call.by_action = true
    answer(200, am.json, am.result_body(call.parameters._prettyprint == 'true'), call)
end

return M
