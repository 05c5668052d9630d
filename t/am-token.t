# Where the caller's token comes from, what it may be made of, and what a
# browser's cookie needs besides.
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: the header, its name in any case
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 3]
--- more_headers eval
["iPlanetDirectoryPro: root-token", "iplanetDirectoryPro: root-token", "IPLANETDIRECTORYPRO: root-token"]
--- response_body eval
[('{"result":true}') x 3]



=== TEST 2: the cookie
--- more_headers
Cookie: a=b; iPlanetDirectoryPro=root-token; amlbcookie=01
X-Requested-With: XMLHttpRequest
--- raw_response_headers_like am_head: 200 OK, warning, version
--- response_body chomp
{"result":true}
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 3: every way to write the cookie
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 6]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\nCookie: $_" }
    'iPlanetDirectoryPro=root-token', 'iPlanetDirectoryPro="root-token"', 'IPLANETDIRECTORYPRO=root-token',
    'iPlanetDirectoryPro=root-token; iPlanetDirectoryPro=wrong-token', 'a;iPlanetDirectoryPro=root-token;b',
    " ;;  iPlanetDirectoryPro = root-token  \nCookie: iPlanetDirectoryPro=wrong-token"]
--- response_body eval
[('{"result":true}') x 6]



=== TEST 4: the cookie in the second of two headers
--- more_headers
Accept-API-Version: resource=1.0
Cookie: a=b
Cookie: iPlanetDirectoryPro=root-token
--- response_body chomp
{"result":true}



=== TEST 5: the cookie goes before the header
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: eve-token
Cookie: iPlanetDirectoryPro=root-token
--- response_body chomp
{"result":true}
--- redis
XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=amAdmin,



=== TEST 6: a bad cookie is not rescued by a good header
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 3]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\niPlanetDirectoryPro: root-token\nCookie: iPlanetDirectoryPro=$_" }
    'unknown-token', 'root-token!', '"root-token']
--- error_code eval
[401, 401, 401]
--- response_body eval
[('{"code":401,"reason":"Unauthorized","message":"Access Denied"}') x 3]
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 7: an empty cookie is none
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 3]
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token\nCookie: iPlanetDirectoryPro$_" } '=', '=""', '; a=b']
--- response_body eval
[('{"result":true}') x 3]



=== TEST 8: a cookie whose name only begins or ends alike is another's
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 3]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\nCookie: $_" }
    'iPlanetDirectoryPro2=root-token', 'xiPlanetDirectoryPro=root-token', 'a="; iPlanetDirectoryPro2=root-token"']
--- error_code eval
[401, 401, 401]



=== TEST 9: no token at all
--- more_headers
Accept-API-Version: resource=1.0
--- error_code: 401
--- raw_response_headers_like am_head: 401 Unauthorized
--- response_headers
!WWW-Authenticate
!Set-Cookie
!Content-API-Version
--- response_body chomp
{"code":401,"reason":"Unauthorized","message":"Access Denied"}
--- error_log
mfa_reset: refused am: unauthenticated, caller "", target "/alpha/demo", reason "no session token"
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"
KEYS *events => []



=== TEST 10: unknown, empty and malformed tokens have the same answer
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 6]
--- more_headers eval
[map { "iPlanetDirectoryPro: $_" } 'unknown-token', '', 'root token', '"root-token"', "root-token\x00", "r\xc3\xb6t-token"]
--- error_code eval
[(401) x 4, 400, 401]
--- response_body_like eval
[('^\{"code":401,"reason":"Unauthorized","message":"Access Denied"\}$') x 4, '<center>nginx', '^\{"code":401']
--- redis
KEYS *events => []



=== TEST 11: a session that has ended
--- seed
HSET mfa:session:sha256(old-token) user amAdmin realm / admin /
PEXPIRE mfa:session:sha256(old-token) 1
--- more_headers
iPlanetDirectoryPro: old-token
--- error_code: 401
--- response_body chomp
{"code":401,"reason":"Unauthorized","message":"Access Denied"}
--- error_log
reason "no such session"



=== TEST 12: a session that is no whole one
--- session
no-user realm / admin /
no-realm user amAdmin admin /
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- more_headers eval
["iPlanetDirectoryPro: no-user", "iPlanetDirectoryPro: no-realm"]
--- error_code eval
[401, 401]



=== TEST 13: every character that a token may have
--- session
AZaz09._*@#+/=%- user amAdmin realm / admin /
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- more_headers eval
["iPlanetDirectoryPro: AZaz09._*@#+/=%-",
 "Accept-API-Version: resource=1.0\nCookie: iPlanetDirectoryPro=AZaz09._*@#+/=%-"]
--- response_body eval
[('{"result":true}') x 2]



=== TEST 14: and those that it may not have, even in a session's name
--- seed eval
CORE::join "\n", map { my $key = MfaReset::Test::session_key("root$_"); "HSET $key user amAdmin realm / admin /" }
    split //, '!"$&\'(),:;<>?[\\]^`{|}~'
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 22]
--- more_headers eval
[map { "iPlanetDirectoryPro: root$_" } split //, '!"$&\'(),:;<>?[\\]^`{|}~']
--- error_code eval
[(401) x 22]



=== TEST 15: 8 KiB of token, in the header and in the cookie
--- http_config
    large_client_header_buffers 4 16k;
--- session eval
"T" x 8192 . " user amAdmin realm / admin /"
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 3]
--- more_headers eval
["iPlanetDirectoryPro: " . "T" x 8192, "Accept-API-Version: resource=1\nCookie: iPlanetDirectoryPro=" . "T" x 8192,
 "iPlanetDirectoryPro: " . "T" x 8193]
--- error_code eval
[200, 200, 401]



=== TEST 16: more than 16 KiB is nobody's token
--- http_config
    large_client_header_buffers 4 32k;
--- session eval
"T" x 16384 . " user amAdmin realm / admin /\n" . "T" x 16385 . " user amAdmin realm / admin /"
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- more_headers eval
[map { "iPlanetDirectoryPro: " . "T" x $_ } 16384, 16385]
--- error_code eval
[200, 401]



=== TEST 17: a cookie and a header of another name
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_am_cookie mySession; }
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 4]
--- more_headers eval
["MYSESSION: root-token", "Accept-API-Version: resource=1\nCookie: mysession=root-token",
 "iPlanetDirectoryPro: root-token", "Accept-API-Version: resource=1\nCookie: iPlanetDirectoryPro=root-token"]
--- error_code eval
[200, 200, 401, 401]



=== TEST 18: never from the query, the body or an Authorization header
--- session
in-url user amAdmin realm / admin /
--- log_level: info
--- request eval
["POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset&realm=/alpha\n{\"iPlanetDirectoryPro\":\"in-url\"}",
 "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset&iPlanetDirectoryPro=in-url\n{}",
 "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath;iPlanetDirectoryPro=in-url?_action=reset\n{}"]
--- more_headers eval
["Authorization: Bearer in-url", "Content-Type: application/json", "Content-Type: application/json"]
--- error_code eval
[401, 401, 404]



=== TEST 19: a cookie alone is what a browser sends by itself
--- more_headers
Content-Type: application/json
Cookie: iPlanetDirectoryPro=root-token
--- error_code: 403
--- raw_response_headers_like am_head: 403 Forbidden, warning
--- response_body chomp
{"code":403,"reason":"Forbidden","message":"Forbidden"}
--- error_log
mfa_reset: refused am: forbidden, caller "", target "/alpha/demo", reason "a cookie without X-Requested-With or Accept-API-Version"
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"
KEYS *events => []



=== TEST 20: what shows that a script sent it
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 5]
--- more_headers eval
[map { "Cookie: iPlanetDirectoryPro=root-token\n$_" } "X-Requested-With: XMLHttpRequest", "X-Requested-With:",
    "Accept-API-Version: protocol=1.0", "Accept-API-Version:", "Origin: http://localhost"]
--- error_code eval
[200, 200, 200, 403, 403]



=== TEST 21: an empty cookie needs none of it, nor does the header
--- more_headers
iPlanetDirectoryPro: root-token
Cookie: iPlanetDirectoryPro=; a=b
--- response_body chomp
{"result":true}
