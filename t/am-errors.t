# The errors that a reset can meet, byte for byte: JSON, headers, log line.
# Those of versions, tokens and rights are in am-version.t, am-token.t and
# am-authorization.t.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

# The path of demo's OATH devices, with this after it.
sub demo ($rest) {
    return "/json/realms/root/realms/alpha/users/demo/devices/2fa/oath$rest";
}

# The body of a 400.
sub bad_request ($message) {
    return qq({"code":400,"reason":"Bad Request","message":"$message"});
}

our $unsupported = "The request could not be processed because it specified the content-type '%s' when only the"
    . " content-type 'application/json' and 'multipart/form-data' are supported";
our $not_json = 'The request could not be processed because the provided content is not valid JSON';

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: bad percent-encoding in the query is told in plain text
--- request eval
[map { "POST " . main::demo("?_action=reset$_") . "\n{}" } '&x=%', '&x=%g0', '&%4', '%']
--- error_code eval
[(400) x 4]
--- raw_response_headers_like eval am_head
[("400 Bad Request, text") x 4]
--- response_body eval
[("The request has a bad percent-encoding") x 4]
--- redis
KEYS *events => []



=== TEST 2: bad percent-encoding in the path is nginx's to refuse
--- request
POST /json/realms/root/realms/alpha/users/%g0/devices/2fa/oath?_action=reset
--- error_code: 400
--- response_body_like: <center>nginx
--- no_error_log
mfa_reset: refused



=== TEST 3: empty path elements
--- request
POST /json/realms/root/realms/alpha/users//devices/2fa/oath?_action=reset
--- error_code: 400
--- raw_response_headers_like am_head: 400 Bad Request
--- response_body chomp
{"code":400,"reason":"Bad Request","message":"Resource path '/json/realms/root/realms/alpha/users//devices/2fa/oath' contains empty path elements"}
--- error_log
mfa_reset: refused am: malformed, caller "", target "/", reason "Resource path



=== TEST 4: dots, NUL and what is not UTF-8
--- config
    location /json { rewrite ^ /edge last; }
    location /edge { mfa_reset am; }
--- request eval
[map { "POST /json/users/$_/devices/2fa/oath?_action=reset\n{}" } '%2E', '.%2e', 'a/..', 'a%FFb', '%C3']
--- error_code eval
[(400) x 5]
--- response_body eval
[map { main::bad_request("Resource path '/json/users/$_->[0]/devices/2fa/oath' contains $_->[1]") }
    ['%2E', "'.' or '..' path elements"], ['.%2e', "'.' or '..' path elements"], ['a/..', "'.' or '..' path elements"],
    ['a%FFb', 'a path element that is not UTF-8'], ['%C3', 'a path element that is not UTF-8']]



=== TEST 5: a NUL in the path is nginx's to refuse
--- request
POST /json/users/a%00b/devices/2fa/oath?_action=reset
--- error_code: 400
--- response_body_like: <center>nginx



=== TEST 6: a realm that can be none
--- request eval
[map { "POST $_\n{}" } '/json/realms/root/realms/al%2Fpha/users/demo/devices/2fa/oath?_action=reset',
    '/json/users/demo/devices/2fa/oath?_action=reset&realm=/alpha//eu']
--- error_code eval
[404, 404]
--- raw_response_headers_like eval am_head
["404 Not Found", "404 Not Found"]
--- response_body eval
['{"code":404,"reason":"Not Found","message":"Realm \"/al/pha\" not found"}',
 '{"code":404,"reason":"Not Found","message":"Realm \"/alpha//eu\" not found"}']



=== TEST 7: content types that are not taken
--- request eval
[("POST " . main::demo('?_action=reset') . "\n{}") x 4]
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token\nAccept-API-Version: resource=1.0\nContent-Type: $_" }
    'text/plain', 'application/x-www-form-urlencoded; charset=UTF-8', 'application/jsonx', 'application/problem+json']
--- error_code eval
[(400) x 4]
--- raw_response_headers_like eval am_head
[("400 Bad Request") x 4]
--- response_body eval
[map { main::bad_request(sprintf $main::unsupported, $_) }
    'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'application/problem+json']



=== TEST 8: conditions are not taken
--- request eval
[("POST " . main::demo('?_action=reset') . "\n{}") x 4]
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token\nAccept-API-Version: resource=1.0\n$_" }
    'If-Modified-Since: x', 'If-Unmodified-Since: Sat, 01 Jan 2022 00:00:00 GMT', 'If-Match: *', 'If-None-Match: "a"']
--- error_code eval
[409, 409, 412, 412]
--- raw_response_headers_like eval am_head
["409 Conflict", "409 Conflict", "412 Precondition Failed", "412 Precondition Failed"]
--- response_body eval
['{"code":409,"reason":"Conflict","message":"Header If-Modified-Since not supported"}',
 '{"code":409,"reason":"Conflict","message":"Header If-Unmodified-Since not supported"}',
 '{"code":412,"reason":"Precondition Failed","message":"If-Match not supported for POST requests"}',
 '{"code":412,"reason":"Precondition Failed","message":"If-None-Match not supported for POST requests"}']
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 9: parameters given twice, and one that is not for actions
--- request eval
[map { "POST " . main::demo("?_action=reset$_") . "\n{}" }
    '&_action=reset', '&_ACTION=other', '&_prettyPrint=x&_prettyPrint=y', '&_mimeType=text/plain']
--- error_code eval
[(400) x 4]
--- response_body eval
[main::bad_request("Multiple values provided for the single-valued request parameter '_action'"),
 main::bad_request("Multiple values provided for the single-valued request parameter '_action'"),
 main::bad_request("Multiple values provided for the single-valued request parameter '_prettyPrint'"),
 main::bad_request("Unrecognized request parameter '_mimeType'")]
--- redis
KEYS *events => []



=== TEST 10: no action, and others than reset
--- request eval
[map { "POST " . main::demo($_) . "\n{}" } '', '?x=y', '?_action=', '?_action', '?_action=Reset', '?_action=reset%20']
--- error_code eval
[(501) x 6]
--- raw_response_headers_like eval am_head
[("501 Not Implemented, version") x 6]
--- response_body eval
[('{"code":501,"reason":"Not Implemented","message":"Operation is not supported."}') x 2,
 ('{"code":501,"reason":"Not Implemented","message":"Not Implemented"}') x 4]
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"
KEYS *events => []



=== TEST 11: no action in the protocol's older versions
--- request eval
[("POST " . main::demo('') . "\n{}") x 2]
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token\nAccept-API-Version: resource=1.0,protocol=$_" } '1.0', '2.0']
--- error_code eval
[400, 400]
--- response_body eval
[(main::bad_request("No values provided for the request parameter '_action'")) x 2]



=== TEST 12: bodies that are not JSON, and where not
--- request eval
[map { "POST " . main::demo('?_action=reset') . "\n$_" } '{', '{"a":}', "{\n  \"a\": nul\n}", "{'a':1}", '{"a":1,}']
--- error_code eval
[(400) x 5]
--- raw_response_headers_like eval am_head
[("400 Bad Request") x 5]
--- response_body_like eval
[map { '^\{"code":400,"reason":"Bad Request","message":"' . $main::not_json . "\",\"detail\":\"$_\"\\}\$" }
    'line 1, column \d', 'line 1, column 6', 'line 2, column 10', 'line 1, column 2', 'line 1, column 8']
--- redis
KEYS *events => []



=== TEST 13: more after the JSON
--- request eval
[map { "POST " . main::demo('?_action=reset') . "\n$_" } '{} {}', '{}x', '"a" 1']
--- error_code eval
[(400) x 3]
--- response_body eval
[(main::bad_request('The request could not be processed because there is trailing data after the JSON content')) x 3]



=== TEST 14: nested 64 deep, and 65
--- request eval
[map { "POST " . main::demo('?_action=reset') . "\n" . '[' x $_ . ']' x $_ } 64, 65]
--- error_code eval
[200, 400]
--- response_body eval
['{"result":true}',
 qq({"code":400,"reason":"Bad Request","message":"$main::not_json","detail":"nested deeper than 64 at line 1, column 65"})]



=== TEST 15: 64 KiB of body, and a byte more
--- request eval
[map { "POST " . main::demo('?_action=reset') . "\n" . '"' . 'x' x ($_ - 2) . '"' } 65536, 65537]
--- error_code eval
[200, 413]
--- raw_response_headers_like eval am_head
["200 OK, version", "413 Request Entity Too Large"]
--- response_body eval
['{"result":true}',
 '{"code":413,"reason":"Request Entity Too Large","message":"The request content is larger than 65536 bytes"}']
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 16: what is below a factor's devices
--- request eval
[map { "POST " . main::demo("$_?_action=reset") . "\n{}" } '/d569bb53', '/d569bb53/', '/a/b', '/a/b%2Fc']
--- error_code eval
[501, 501, 404, 404]
--- response_body eval
[('{"code":501,"reason":"Not Implemented","message":"Operation is not supported."}') x 2,
 q({"code":404,"reason":"Not Found","message":"Resource 'a/b' not found"}),
 q({"code":404,"reason":"Not Found","message":"Resource 'a/b%2Fc' not found"})]
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 17: where nothing is; the literals have case
--- request eval
[map { "POST /json/realms/root/$_?_action=reset\n{}" } 'users/demo/devices/2fa/sms', 'users/demo/devices/2fa/OATH',
    'users/demo/devices/2FA/oath', 'users/demo/Devices/2fa/oath', 'Users/demo/devices/2fa/oath', 'users', '']
--- error_code eval
[(404) x 7]
--- raw_response_headers_like eval am_head
[("404 Not Found") x 7]
--- response_body eval
[map { qq({"code":404,"reason":"Not Found","message":"Resource '$_' not found"}) } 'users/demo/devices/2fa/sms',
    'users/demo/devices/2fa/OATH', 'users/demo/devices/2FA/oath', 'users/demo/Devices/2fa/oath',
    'Users/demo/devices/2fa/oath', 'users', '']



=== TEST 18: errors are pretty-printed too
--- request eval
[map { "POST " . main::demo("?_action=$_&_prettyPrint=true") . "\n{" } 'reset&_action=reset', 'reset']
--- error_code eval
[400, 400]
--- response_body_like eval
[qr(\A\{\n  "code" : 400,\n  "reason" : "Bad Request",\n  "message" : "Multiple values [^"]*"\n\}\z),
 qr(\A\{\n  "code" : 400,\n  "reason" : "Bad Request",\n  "message" : "\Q$main::not_json\E",\n  "detail" : "line 1, column \d"\n\}\z)]



=== TEST 19: a 401, pretty
--- request eval
"POST " . main::demo('?_prettyPrint=true&_action=reset')
--- more_headers
Accept-API-Version: resource=1.0
--- error_code: 401
--- raw_response_headers_like am_head: 401 Unauthorized
--- response_body chomp
{
  "code" : 401,
  "reason" : "Unauthorized",
  "message" : "Access Denied"
}



=== TEST 20: plain text is not pretty-printed
--- request eval
"POST " . main::demo('?_prettyPrint=true&_action=reset')
--- more_headers
Accept-API-Version: v1
--- error_code: 400
--- response_body chomp
Version string is in an invalid format: v1
