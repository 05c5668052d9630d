# Injection by names and headers: the response stays JSON with its own headers, no
# other key of Redis is touched, and a refusal is one line of the log.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

log_level('info');
repeat_each(2);
run_tests();

__DATA__

=== TEST 1: quotes, backslashes and markup in a user's name
--- request
POST /json/realms/root/realms/alpha/users/%22%5C%3Cscript%3E'%7B%7D/devices/2fa/oath?_action=reset
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found, version
--- response_body chomp
{"code":404,"reason":"Not Found","message":"User \"\\<script>'{} not found"}
--- grep_error_log eval
qr/mfa_reset: refused.*?(?=, client)/
--- grep_error_log_out eval
[(q(mfa_reset: refused am: unknown, caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/\x22\x5C<script>'{}", reason "User \x22\x5C<script>'{} not found") . "\n") x 2]



=== TEST 2: CR and LF in a user's name
--- request
POST /json/realms/root/realms/alpha/users/x%0D%0ASet-Cookie:%20a=b%0D%0A%0D%0Abody/devices/2fa/oath?_action=reset
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found, version
--- response_headers
!Set-Cookie
--- response_body chomp
{"code":404,"reason":"Not Found","message":"User x\r\nSet-Cookie: a=b\r\n\r\nbody not found"}
--- grep_error_log eval
qr/.*mfa_reset: refused.*/
--- grep_error_log_out eval
[map { my $line = $_; qr/\A\d{4}\S+ \S+ \[info\] \d+#\d+: \*\d+ \Q$line\E, client: 127\.0\.0\.1, server: localhost, request: "[^"]+", host: "localhost"\n\z/ }
    (q(mfa_reset: refused am: unknown, caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/x\x0D\x0ASet-Cookie: a=b\x0D\x0A\x0D\x0Abody", reason "User x\x0D\x0ASet-Cookie: a=b\x0D\x0A\x0D\x0Abody not found")) x 2]



=== TEST 3: every control character in a user's name
--- request eval
"POST /json/realms/root/realms/alpha/users/" . CORE::join('', map { sprintf '%%%02X', $_ } 1 .. 31, 127) . "/devices/2fa/oath?_action=reset"
--- error_code: 404
--- response_body eval
my %short = (8 => '\b', 9 => '\t', 10 => '\n', 12 => '\f', 13 => '\r', 127 => "\x7f");
'{"code":404,"reason":"Not Found","message":"User '
    . CORE::join('', map { $short{$_} // sprintf '\\u%04X', $_ } 1 .. 31, 127) . ' not found"}'
--- error_log eval
'target "/alpha/' . CORE::join('', map { sprintf '\\x%02X', $_ } 1 .. 31, 127) . '", reason'



=== TEST 4: UTF-8 is unchanged in the response and escaped in the log
--- request
POST /json/realms/root/realms/alpha/users/%C3%A4%E2%82%AC%F0%9F%98%80/devices/2fa/oath?_action=reset
--- error_code: 404
--- response_body eval
qq({"code":404,"reason":"Not Found","message":"User \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 not found"})
--- error_log
target "/alpha/\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", reason



=== TEST 5: CR, LF and quotes in a realm's name
--- request
POST /json/realms/root/realms/x%0D%0A%22y/users/demo/devices/2fa/oath?_action=reset
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found
--- response_body chomp
{"code":404,"reason":"Not Found","message":"Realm \"/x\r\n\"y\" not found"}
--- grep_error_log eval
qr/mfa_reset: refused.*?(?=, client)/
--- grep_error_log_out eval
[(q(mfa_reset: refused am: realm, caller "", target "/x\x0D\x0A\x22y/demo", reason "Realm \x22/x\x0D\x0A\x22y\x22 not found") . "\n") x 2]



=== TEST 6: the same in the parameter realm
--- request
POST /json/users/demo/devices/2fa/oath?_action=reset&realm=/x%0D%0AX-Evil:%201
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found
--- response_body chomp
{"code":404,"reason":"Not Found","message":"Realm \"/x\r\nX-Evil: 1\" not found"}



=== TEST 7: a path is repeated as it was sent
--- request
POST /json/realms/root/users/%0D%0A"<b>/devices/2fa/sms?_action=reset
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found
--- response_body chomp
{"code":404,"reason":"Not Found","message":"Resource 'users/%0D%0A\"<b>/devices/2fa/sms' not found"}



=== TEST 8: a header is repeated as JSON, what is not UTF-8 replaced
--- more_headers eval
"iPlanetDirectoryPro: root-token\nAccept-API-Version: resource=1.0\nContent-Type: te\"xt\\\x1b\xff/\xc3\xa4"
--- error_code: 400
--- raw_response_headers_like am_head: 400 Bad Request
--- response_body eval
qq({"code":400,"reason":"Bad Request","message":"The request could not be processed because it specified the content-type 'te\\"xt\\\\\\u001B\xef\xbf\xbd/\xc3\xa4' when only the content-type 'application/json' and 'multipart/form-data' are supported"})
--- error_log
reason "The request could not be processed because it specified the content-type 'te\x22xt\x5C\x1B\xFF/\xC3\xA4' when only



=== TEST 9: values of a session are escaped, too
--- session
bad-token user "e\"v\\e\r\nX: y" realm "/al\"pha" universalId "id=\"\\\r\nX-Evil: 1\xff"
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: bad-token
--- error_code: 403
--- raw_response_headers_like am_head: 403 Forbidden
--- response_body eval
qq({"code":403,"reason":"Forbidden","message":"User, id=\\"\\\\\\r\\nX-Evil: 1\xef\xbf\xbd, not authorized."})
--- grep_error_log eval
qr/mfa_reset: refused.*?(?=, client)/
--- grep_error_log_out eval
[(q(mfa_reset: refused am: forbidden, caller "id=\x22\x5C\x0D\x0AX-Evil: 1\xFF", target "/alpha/demo", reason "User, id=\x22\x5C\x0D\x0AX-Evil: 1\xFF, not authorized.") . "\n") x 2]



=== TEST 10: a name that looks like Redis's protocol is a name
--- seed
HSET mfa:{/alpha/x%0D%0A%241%0D%0Aset%20a%20b%0D%0A} uid x
SET canary 1
--- request
POST /json/realms/root/realms/alpha/users/x%0D%0A$1%0D%0ASET%20a%20b%0D%0A/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
KEYS *events => ["mfa:{/alpha/x%0D%0A%241%0D%0Aset%20a%20b%0D%0A}:events"]
KEYS *a => []
DBSIZE => 6



=== TEST 11: a line of the log is bounded for names of any length
--- request eval
"POST /json/realms/root/realms/alpha/users/" . "%0A" x 1000 . "/devices/2fa/oath?_action=reset"
--- error_code: 404
--- response_body eval
'{"code":404,"reason":"Not Found","message":"User ' . '\n' x 1000 . ' not found"}'
--- error_log eval
qr{mfa_reset: refused am: unknown, caller "id=amAdmin,[^"]*", target "/alpha/(?:\\x0A){64}", reason "User (?:\\x0A){62}", client: 127\.0\.0\.1,}



=== TEST 12: a refusal is one line of level info
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 3]
--- more_headers eval
["X: y", "iPlanetDirectoryPro: eve-token", "iPlanetDirectoryPro: root-token"]
--- error_code eval
[401, 403, 200]
--- no_error_log
[error]
[warn]
