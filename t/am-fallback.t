# Contract "What is ours", beside a real AM: a request is classified first, by method, override, raw
# path and query only. Requests other than resets go to AM unchanged, without any other check. With
# mfa_reset_am_devices off; what else may be this API's is in am-devices-ours.t.
# t/process/test_beside_am.py compares the bytes of their bodies.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::BesideAm;

my $user    = '/openam/json/realms/root/realms/alpha/users/demo';
my $devices = "$user/devices/2fa/oath";
my %beside  = (http_config => am_behind(), config => edge('mfa_reset_am_profiles redis; mfa_reset_am_devices off;'));

# A filter: the whole emergency, at that line of location.conf.
sub refused_at ($text) {
    chomp $text;
    my ($line, $sentence) = split / /, $text, 2;
    return qr{^\S+ \S+ \[emerg\] \d+#\d+: \Q$sentence\E in \S+/html/location\.conf:$line$};
}

# Short for a row that AM answers: the whole head is AM's, and the result is `fallback`.
my $am_head = 'HTTP/1\.1 200 OK\r\nServer: nginx[^\r]*\r\nDate: [^\r]+ GMT\r\nContent-Type: text/plain\r\n'
    . 'Content-Length: \d+\r\nConnection: (?:close|keep-alive)\r\nX-Result: fallback\r\n\z';

sub falls_back ($name, %row) {
    my $method = $row{method} // 'POST';
    my $target = $row{path} // $devices;
    my $query  = exists $row{query} ? $row{query} : '_action=reset';
    $target .= "?$query" if defined $query;
    my $body = exists $row{body} ? $row{body} : '{}';
    my $type = exists $row{type} ? $row{type} : 'application/json';
    my $more = join ',', ($row{more} // '') =~ /^X-More: (.+)$/m;
    return [$name, %row, is => 200, head => undef, resets => $row{resets} // [],
        text => echo($method, $target, more => $more, type => $type, length => defined $body ? length $body : ''),
        raw_response_headers_like => $am_head];
}

rows 'what is no reset is AM\'s' => { %beside, path => $devices },
    falls_back('GET of the devices', method => 'GET', body => undef, query => '_queryFilter=true'),
    falls_back('GET with the action', method => 'GET', body => undef),
    falls_back('PUT',                method => 'PUT'),
    falls_back('PATCH',              method => 'PATCH'),
    falls_back('OPTIONS',            method => 'OPTIONS', body => undef),
    falls_back('a method of its own', method => 'BREW'),
    falls_back('POST without an action', query => undef),
    falls_back('POST with an empty one', query => '_action='),
    falls_back('another action',     query => '_action=delete'),
    falls_back('an action in other letters', query => '_action=RESET'),
    falls_back('a second action is not looked at', query => '_action=delete&_action=reset'),
    falls_back('a parameter of another name', query => 'action=reset'),
    falls_back('a query with a bad encoding', query => '_action=reset&x=%zz'),
    falls_back('an override to DELETE', more => "X-HTTP-Method-Override: DELETE\nX-More: 1"),
    falls_back('an override to GET', more => 'X-HTTP-Method-Override: GET'),
    falls_back('an override of something else', method => 'PUT', more => 'X-HTTP-Method-Override: POST'),
    falls_back('one device',         path => "$devices/d569bb53"),
    falls_back('another factor',     path => "$user/devices/2fa/webauthn"),
    falls_back('a factor in other letters', path => "$user/devices/2fa/OATH"),
    falls_back('trusted devices',    path => "$user/devices/trusted"),
    falls_back('the user',           path => $user, query => '_action=idFromSession'),
    falls_back('authentication',     path => '/openam/json/realms/root/authenticate', query => undef),
    falls_back('sessions',           path => '/openam/json/sessions', query => '_action=getSessionInfo'),
    falls_back('with a bad token',   query => undef, token => 'nobody-knows-it'),
    falls_back('without a token',    query => undef, token => undef),
    falls_back('a version that is none', query => undef, version => 'v1'),
    falls_back('another content type', query => undef, type => 'text/xml'),
    falls_back('a cookie alone',     query => undef, token => undef, version => undef, cookie => 'iPlanetDirectoryPro=root-token'),
    falls_back('a body that is no JSON', query => undef, body => '{'),
    falls_back('a condition',        query => undef, more => "If-Match: *\nX-More: 2"),
    falls_back('a large body',       query => undef, body => 'x' x 100_000);

rows 'the target is handed on raw' => { %beside },
    falls_back('dots, encoded',      path => '/openam/json/a/%2e%2e/realms/root/serverinfo/*'),
    falls_back('dots',               path => '/openam/json/a/../realms/root/serverinfo/*'),
    falls_back('slashes',            path => '/openam/json//realms//root/x'),
    falls_back('slashes before devices', path => "/openam/json/realms/root//realms/alpha/users/demo/devices/2fa/oath"),
    falls_back('an encoded slash',   path => '/openam/json/realms/root/users/a%2Fb', query => '_fields=a%2Fb&x=+%20'),
    falls_back('letters, encoded',   path => '/openam/json/realms/root/users/%64emo/%6Aunk'),
    falls_back('not UTF-8',          path => '/openam/json/realms/root/users/%FF'),
    falls_back('an empty query',     path => '/openam/json/x', query => ''),
    falls_back('an escaped hash',    path => '/openam/json/x%23y', query => 'a=b#c'),
    falls_back('dots in devices',    path => "$user/./devices/2fa/oath"),
    falls_back('a plus',             path => '/openam/json/a+b');

rows 'a reset is ours' => { %beside, path => $devices },
    ['the call',                 is => 200],
    ['a slash at the end',       path => "$devices/", is => 200],
    ['another parameter first',  query => 'x=1&_action=reset', is => 200],
    ['the action encoded',       query => '%5Faction=%72eset', is => 200],
    ['the parameter in other letters', query => '_ACTION=reset', is => 200],
    ['names encoded',            path => '/openam/json/realms/root/realms/alpha/users/%64emo/devices/2fa/oath', is => 200],
    ['the old form',             path => '/openam/json/alpha/users/demo/devices/2fa/oath', is => 200],
    ['an override to POST',      more => 'X-HTTP-Method-Override: POST', is => 200],
    ['an empty override',        more => 'X-HTTP-Method-Override;', is => 200],
    ['without a token',          token => undef, is => [401, 'Access Denied']],
    ['with an unknown one',      token => 'nobody-knows-it', is => [401, 'Access Denied']],
    ['not allowed',              token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['CSRF',                     token => undef, version => undef, cookie => 'iPlanetDirectoryPro=root-token', is => [403, 'Forbidden'], head => 'warning'],
    ['another version',          version => 'resource=2.0', is => [404, q(Resource '' not found)]],
    ['another content type',     type => 'text/xml', is => [400, q(The request could not be processed because it specified the content-type 'text/xml' when only the content-type 'application/json' and 'multipart/form-data' are supported)]],
    ['the action twice',         query => '_action=reset&_action=delete', is => [400, q(Multiple values provided for the single-valued request parameter '_action')]],
    ['a body that is too large', body => 'x' x 70_000, is => [413, 'The request content is larger than 65536 bytes']],
    ['an unknown user',          path => '/openam/json/alpha/users/nosuch/devices/2fa/oath', is => [404, 'User nosuch not found'], head => 'version'];

rows 'where realms are listed' => { http_config => am_behind(), config => edge('mfa_reset_am_profiles redis; mfa_reset_am_realm /alpha;') },
    ['a reset in another realm is ours', path => '/openam/json/realms/root/realms/beta/users/demo/devices/2fa/oath', is => [404, 'Realm "/beta" not found']],
    falls_back('the rest is not', path => '/openam/json/realms/root/realms/beta/users/demo', query => undef);

rows 'an if block hands on, too' => {
    http_config => am_behind(),
    config      => edge('mfa_reset_am_profiles redis; if ($arg_x) { set $seen 1; }') },
    falls_back('what is no reset', path => $devices, query => 'x=1'),
    ['a reset', path => $devices, query => 'x=1&_action=reset', is => 200];

run_rows();

__DATA__

=== TEST 1: several requests on one connection, each with its own response
--- http_config eval: MfaReset::BesideAm::am_behind()
--- config eval: MfaReset::BesideAm::edge('mfa_reset_am_profiles redis;')
--- pipelined_requests eval
["GET /openam/json/one", "POST /openam/json/alpha/users/demo/devices/2fa/oath?_action=reset\n{}", "POST /openam/json/two\nbody", "GET /openam/json/three"]
--- more_headers
iPlanetDirectoryPro: root-token
Accept-API-Version: resource=1.0
--- response_body eval
['GET /openam/json/one more= type= length=', '{"result":true}', 'POST /openam/json/two more= type= length=4', 'GET /openam/json/three more= type= length=']
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 2: HEAD
--- http_config eval: MfaReset::BesideAm::am_behind()
--- config eval: MfaReset::BesideAm::edge('mfa_reset_am_profiles redis;')
--- request
HEAD /openam/json/alpha/users/demo/devices/2fa/oath?_action=reset
--- response_headers
X-Result: fallback
Content-Length: 101
--- response_body:
--- error_code: 200



=== TEST 3: Redis is not asked, also when it is down
--- no_redis
--- http_config eval: "mfa_reset_redis unix:/nosuch/redis.sock;\n" . MfaReset::BesideAm::am_behind()
--- config eval: MfaReset::BesideAm::edge('mfa_reset_am_profiles redis;')
--- request
GET /openam/json/x
--- response_body chomp
GET /openam/json/x more= type=application/json length=
--- error_code: 200



=== TEST 4: a forwarded request is no refusal
--- http_config eval: MfaReset::BesideAm::am_behind()
--- config eval: MfaReset::BesideAm::edge('mfa_reset_am_profiles redis;')
--- request
POST /openam/json/alpha/users/demo/devices/2fa/oath?_action=other
{}
--- response_body_like: ^POST /openam/json/alpha
--- no_error_log
mfa_reset: refused
[error]



=== TEST 5: AM is down
--- config
    location /openam/json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am; }
    location @am { proxy_pass http://unix:/nosuch/am.sock; }
--- request
GET /openam/json/x
--- error_code: 502
--- response_body_like: <center>nginx



=== TEST 6: the fallback may be any location
--- config
    location /openam/json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am; }
    location @am { return 200 "$uri $mfa_reset_result $mfa_reset_api"; }
--- request
GET /openam/json/%61
--- response_body chomp
/openam/json/a fallback am



=== TEST 7: access rules run in both locations
--- config
    location /openam/json/ { deny all; mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @open; }
    location /am/json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @closed; }
    location /both/json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @open; }
    location @open { proxy_pass http://unix:/nosuch/am.sock; }
    location @closed { deny all; proxy_pass http://unix:/nosuch/am.sock; }
--- request eval
["GET /openam/json/x", "GET /am/json/x", "GET /both/json/x"]
--- error_code eval
[403, 403, 502]



=== TEST 8: a fallback to another fallback works, a loop ends
--- config
    location /openam/json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @next; }
    location @next { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @last; }
    location @last { mfa_reset am; }
    location /round/json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @round; }
    location @round { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @round; }
--- request eval
["GET /openam/json/x", "GET /round/json/x"]
--- error_code eval
[404, 500]
--- response_body_like eval
[qr/Resource 'x' not found/, qr/<center>nginx/]



=== TEST 9: a fallback that does not exist, with its line
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
--- user_files
>>> location.conf
location /openam/json/ {
    mfa_reset am;
    mfa_reset_am_profiles redis;
    mfa_reset_fallback @nosuch;
}
location @am { return 200; }
--- must_die
--- error_log refused_at
4 mfa_reset: "mfa_reset_fallback" names a location that this server does not have: write "location @name { proxy_pass ...; }" beside this one



=== TEST 10: a named location of another server does not count
--- http_config
    server { listen unix:$TEST_NGINX_SERVER_ROOT/logs/other.sock; location @am { return 200; } }
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
--- user_files
>>> location.conf
location /openam/json/ {
    mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am;
}
--- must_die
--- error_log refused_at
2 mfa_reset: "mfa_reset_fallback" names a location that this server does not have: write "location @name { proxy_pass ...; }" beside this one



=== TEST 11: a fallback without mfa_reset_am_profiles
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location @am { return 200; }
--- user_files
>>> location.conf
location /openam/json/ {

    mfa_reset am;
    mfa_reset_fallback @am;
}
--- must_die
--- error_log refused_at
4 mfa_reset: with mfa_reset_fallback say where the devices are: add "mfa_reset_am_profiles redis;" or "mfa_reset_am_profiles am;"



=== TEST 12: mfa_reset_am_profiles may come from an outer level
--- config
    mfa_reset_am_profiles redis;
    location /openam/json/ { mfa_reset am; mfa_reset_fallback @am; }
    location @am { return 200 "handed on"; }
--- request
GET /openam/json/x
--- response_body chomp
handed on



=== TEST 13: devices in AM without a fallback
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /openam/json/ { mfa_reset am; }
    location @am { return 200; }
--- user_files
>>> location.conf

mfa_reset_am_profiles am;
--- must_die
--- error_log refused_at
2 mfa_reset: "mfa_reset_am_profiles am" leaves the reset to AM: add "mfa_reset_fallback @name;"



=== TEST 14: a fallback is not inherited, as mfa_reset is not
--- config
    mfa_reset_am_profiles redis;
    location /openam/json/ {
        mfa_reset am; mfa_reset_fallback @am;
        location /openam/json/inner/ { mfa_reset am; }
    }
    location @am { return 200 "handed on"; }
--- request
GET /openam/json/inner/x
--- error_code: 404
--- response_body_like: Resource 'inner/x' not found



=== TEST 15: one for a whole server
--- config
    mfa_reset_fallback @am;
--- must_die
--- error_log eval
qr/\[emerg\] \d+#\d+: "mfa_reset_fallback" directive is not allowed here in \S+:\d+/



=== TEST 16: the second API has no fallback
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location @am { return 200; }
--- user_files
>>> location.conf
location /users/2fa/reset {
    mfa_reset foundry;
    mfa_reset_fallback @am;
}
--- must_die
--- error_log refused_at
3 mfa_reset: "mfa_reset_fallback" is for "mfa_reset am": what else may share a location with the other APIs has a location of its own



=== TEST 17: neither has the third
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location @am { return 200; }
--- user_files
>>> location.conf
location = /oaa/runtime/challengecounter/v1 {
    mfa_reset oaa;
    mfa_reset_oaa_user_file users;
    mfa_reset_fallback @am;
}
>>> users
--- must_die
--- error_log refused_at
4 mfa_reset: "mfa_reset_fallback" is for "mfa_reset am": what else may share a location with the other APIs has a location of its own
