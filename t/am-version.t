# Accept-API-Version: its grammar, the versions that are served, what is taken
# for granted where the client says nothing.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

# As many calls as there are values.
sub calls (@values) {
    return [("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x @values];
}

# One of these headers for each call, with the caller's token.
sub versions (@values) {
    return [map { "iPlanetDirectoryPro: root-token\nAccept-API-Version: $_" } @values];
}

our @good = (
    'resource=1.0', 'resource=1', 'resource=01.00', 'resource=1.0,protocol=1.0', 'protocol=2.1,resource=1.0',
    'resource=1.0 , protocol=2.2', "protocol=0,\t resource=1", 'protocol=1.2,resource=1',
);
our @bad = (
    'v1', '1.0', 'resource', 'resource=', 'resource=1.', 'resource=.0', 'resource=1.0.0', 'resource =1.0',
    'resource= 1.0', 'Resource=1.0', 'RESOURCE=1.0', 'resource=1.0,', ',resource=1.0', 'resource=1.0;protocol=1.0',
    'resource=1.0,resource=1.0', 'protocol=1.0,protocol=1.0', 'resource=1.0,protocol=1.0,resource=1.0',
    '"resource=1.0"', 'resource="1.0"', 'resource=-1', 'resource=+1', 'resource=1.x', 'resource=0x1',
    'resource=1.0 protocol=1.0', 'version=1.0', 'resource=1.0,x', 'resource=2147483648', 'protocol=1.2147483648',
    'resource=99999999999999999999', 'resource=1,0',
);

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: every form of a good one, without a warning
--- request eval
main::calls(@main::good)
--- more_headers eval
main::versions(@main::good)
--- raw_response_headers_like eval am_head
[("200 OK, version") x @main::good]
--- response_body eval
[('{"result":true}') x @main::good]



=== TEST 2: what breaks the grammar is repeated as text, without a type and a warning
--- request eval
main::calls(@main::bad)
--- more_headers eval
main::versions(@main::bad)
--- error_code eval
[(400) x @main::bad]
--- raw_response_headers_like eval am_head
[("400 Bad Request, untyped") x @main::bad]
--- response_body eval
[map { "Version string is in an invalid format: $_" } @main::bad]
--- redis
KEYS *events => []
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 3: what is not printable is not repeated
--- more_headers eval
"iPlanetDirectoryPro: root-token\nAccept-API-Version: v\xc3\xa4\x1b<b>"
--- error_code: 400
--- raw_response_headers_like am_head: 400 Bad Request, untyped
--- response_body chomp
Version string is in an invalid format: v???<b>
--- error_log
reason "Version string is in an invalid format: v???<b>"



=== TEST 4: an error of the grammar is one line of the log
--- more_headers
iPlanetDirectoryPro: root-token
Accept-API-Version: v1
--- error_code: 400
--- grep_error_log eval
qr/mfa_reset: refused.*?(?=, client)/
--- grep_error_log_out eval
[(qq{mfa_reset: refused am: malformed, caller "", target "/alpha/demo", reason "Version string is in an invalid format: v1"\n}) x 2]



=== TEST 5: the first of several lines counts, its name in any case
--- request eval
main::calls(1 .. 4)
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token\n$_" }
    "Accept-API-Version: resource=1.0\nAccept-API-Version: v1", "accept-api-version: v1\nAccept-API-Version: resource=1.0",
    "Accept-API-Version:\nAccept-API-Version: v1", "ACCEPT-API-VERSION: resource=2.0\nAccept-API-Version: resource=1.0"]
--- error_code eval
[200, 400, 200, 404]
--- raw_response_headers_like eval am_head
["200 OK, version", "400 Bad Request, untyped", "200 OK, warning, version", "404 Not Found"]



=== TEST 6: protocol versions that are not spoken
--- request eval
main::calls(1 .. 5)
--- more_headers eval
main::versions('protocol=3.0,resource=1.0', 'resource=1.0,protocol=3', 'resource=1.0,protocol=2.3',
    'protocol=1.3,resource=1.0', 'protocol=2147483647.9,resource=1.0')
--- error_code eval
[(400) x 5]
--- raw_response_headers_like eval am_head
[("400 Bad Request") x 5]
--- response_body eval
[map { qq({"code":400,"reason":"Bad Request","message":"Unsupported $_"}) }
    'major version: 3.0', 'major version: 3.0', 'minor version: 2.3', 'minor version: 1.3', 'major version: 2147483647.9']
--- redis
KEYS *events => []



=== TEST 7: a resource version that has no route
--- request eval
main::calls(1 .. 5)
--- more_headers eval
main::versions('resource=1.1', 'resource=2.0', 'resource=0.0', 'resource=0', 'protocol=2.1,resource=2147483647')
--- error_code eval
[(404) x 5]
--- raw_response_headers_like eval am_head
[("404 Not Found") x 5]
--- response_body eval
[(q({"code":404,"reason":"Not Found","message":"Resource '' not found"})) x 5]
--- redis
KEYS *events => []
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 8: the log says the real reason
--- more_headers
iPlanetDirectoryPro: root-token
Accept-API-Version: resource=2.0
--- error_code: 404
--- error_log
mfa_reset: refused am: version, caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/demo", reason "unsupported resource version 2.0"



=== TEST 9: only those who may reset are told of it
--- request eval
main::calls(1 .. 3)
--- more_headers eval
[map { "Accept-API-Version: resource=2.0\n$_" } "X: y", "iPlanetDirectoryPro: eve-token", "iPlanetDirectoryPro: demo-token"]
--- error_code eval
[401, 403, 404]



=== TEST 10: without a resource version the latest is meant, and every answer warns
--- request eval
main::calls(1 .. 3)
--- more_headers eval
[map { "iPlanetDirectoryPro: $_" } "root-token", "root-token\nAccept-API-Version: protocol=1.0", "eve-token"]
--- error_code eval
[200, 200, 403]
--- raw_response_headers_like eval am_head
["200 OK, warning, version", "200 OK, warning, version", "403 Forbidden, warning"]



=== TEST 11: an unspoken protocol alone warns too
--- more_headers
iPlanetDirectoryPro: root-token
Accept-API-Version: protocol=3.0
--- error_code: 400
--- raw_response_headers_like am_head: 400 Bad Request, warning
--- response_body chomp
{"code":400,"reason":"Bad Request","message":"Unsupported major version: 3.0"}



=== TEST 12: latest and oldest, as configured
--- http_config
    mfa_reset_am_default_version none;
--- config
    location /oldest/json/ { mfa_reset am; mfa_reset_am_default_version oldest; }
    location /latest/json/ { mfa_reset am; mfa_reset_am_default_version latest; }
--- request eval
[map { "POST /$_/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}" } qw(oldest latest)]
--- more_headers
iPlanetDirectoryPro: root-token
--- raw_response_headers_like eval am_head
[("200 OK, warning, version") x 2]



=== TEST 13: none, as configured
--- http_config
    mfa_reset_am_default_version none;
--- request eval
main::calls(1 .. 4)
--- more_headers eval
[map { "iPlanetDirectoryPro: $_" } "root-token", "root-token\nAccept-API-Version: protocol=2.1",
    "root-token\nAccept-API-Version: resource=1.0", "eve-token"]
--- error_code eval
[404, 404, 200, 403]
--- raw_response_headers_like eval am_head
["404 Not Found, warning", "404 Not Found, warning", "200 OK, version", "403 Forbidden, warning"]
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 14: and the log says so
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_am_default_version none; }
--- more_headers
iPlanetDirectoryPro: root-token
--- error_code: 404
--- error_log
mfa_reset: refused am: version, caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/demo", reason "no resource version asked for, and none is the default"
