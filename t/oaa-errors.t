# Each row of the contract's table of responses in JSON, XML and plain text: body,
# headers, log line; and their order.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Oaa;

token('portal-key-1');

our $path       = '/oaa/runtime/challengecounter/v1';
our $call       = "DELETE $path?challengeType=ChallengeSMS&contextId=c0ffee";
our $authorized = 'Authorization: ' . basic('portal:portal-key-1') . "\n";
our $invalid    = 'Invalid input. ContextId or ChallengeType was not found.';

# The same call three times, in each form: headers, heads and bodies.
sub three ($text) { return [($text) x 3] }

sub forms ($headers = $authorized) {
    return [map {"${headers}Accept: $_\n"} 'application/json', 'application/xml', 'text/plain'];
}
sub heads ($status) { return [map {"$status, $_"} qw(json xml text)] }
sub bodies ($status, $message) { return [json($status, $message), xml($status, $message), $message] }

# Queries that are all the same to the client.
our @invalid = map {"DELETE $path$_"} (
    '', '?', '?contextId=c0ffee', '?challengeType=ChallengeSMS',
    '?challengeType=ChallengeSMS&contextId=', '?challengeType=&contextId=c0ffee', '?challengeType&contextId=c0ffee',
    '?challengeType=ChallengeSMS&contextId=c0ffee&contextId=c0ffee',
    '?challengeType=ChallengeSMS&challengeType=ChallengeSMS&contextId=c0ffee',
    '?challengeType=ChallengeSMS&ContextId=c0ffee', '?challengetype=ChallengeSMS&contextId=c0ffee',
    '?challengeType=challengesms&contextId=c0ffee', '?challengeType=ChallengeFax&contextId=c0ffee',
    '?challengeType=ChallengeSMS&contextId=nosuch', '?challengeType=ChallengeSMS&contextId=c0ff%65%65%20',
    '?challengeType=ChallengeSMS&contextId=c0ffee+', '?challengeType=ChallengeSMS&contextId=%',
    '?challengeType=ChallengeSMS&contextId=*', '?challengeType=ChallengeSMS&contextId=..%2Fc0ffee',
    '?challengeType=ChallengeSMS&contextId=%7B/alpha/demo%7D', '?challengeType=ChallengeSMS&contextId=c0ffee%00',
    '?challengeType=ChallengeSMS&contextId=c0ffee%0D%0AX:1', '?challengeType=lock:ChallengeSMS&contextId=c0ffee',
    '?challengeType=ChallengeSMS&contextId=' . 'c' x 129, '?challengeType=uid&contextId=c0ffee',
);

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: 404, an unknown context
--- request eval
main::three("DELETE $main::path?challengeType=ChallengeSMS&contextId=nosuch")
--- more_headers eval
main::forms()
--- error_code eval
main::three(404)
--- raw_response_headers_like eval oaa_head
main::heads('404 Not Found')
--- response_body eval
main::bodies(404, $main::invalid)
--- error_log
mfa_reset: refused oaa: unknown, caller "portal", target "", reason "no such context"
--- redis
XLEN mfa:{/alpha/demo}:events => 0



=== TEST 2: 404, every kind of wrong parameter
--- request eval
[@main::invalid]
--- error_code eval
[(404) x @main::invalid]
--- response_body eval
[(main::json(404, $main::invalid)) x @main::invalid]
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"
XLEN mfa:{/alpha/demo}:events => 0



=== TEST 3: 401, missing credentials
--- request eval
main::three($main::call)
--- more_headers eval
main::forms('')
--- error_code eval
main::three(401)
--- raw_response_headers_like eval oaa_head
main::heads('401 Unauthorized')
--- response_body eval
main::bodies(401, 'Unauthorized')
--- error_log
mfa_reset: refused oaa: unauthenticated, caller "", target "", reason "no credentials"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 4: 405
--- request eval
main::three("POST $main::path?challengeType=ChallengeSMS&contextId=c0ffee\n{}")
--- more_headers eval
main::forms()
--- error_code eval
main::three(405)
--- raw_response_headers_like eval oaa_head
main::heads('405 Method Not Allowed')
--- response_body eval
main::bodies(405, 'Method Not Allowed')
--- error_log
mfa_reset: refused oaa: unknown, caller "portal", target "", reason "a method other than DELETE"



=== TEST 5: 405, other methods; a HEAD has no body
--- request eval
[map {"$_ $main::path?challengeType=ChallengeSMS&contextId=c0ffee"} qw(GET PUT PATCH PROPFIND HEAD)]
--- error_code eval
[(405) x 5]
--- raw_response_headers_like eval oaa_head
[('405 Method Not Allowed') x 5]
--- response_body eval
[(main::json(405, 'Method Not Allowed')) x 4, '']
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 6: OPTIONS
--- request eval
["OPTIONS $main::path", "OPTIONS $main::path"]
--- more_headers eval
[$main::authorized . "Accept: text/html\n", '']
--- error_code eval
[200, 401]
--- raw_response_headers_like eval oaa_head
['200 OK, allow', '401 Unauthorized']
--- response_body eval
['', main::json(401, 'Unauthorized')]



=== TEST 7: 406
--- request eval
[($main::call) x 5]
--- more_headers eval
[map {"${main::authorized}Accept: $_\n"} 'text/html', 'application/json;q=0', 'application/json;v=2', 'nonsense', '*/*;q=0']
--- error_code eval
[(406) x 5]
--- raw_response_headers_like eval oaa_head
[('406 Not Acceptable, none') x 5]
--- response_body eval
[('') x 5]
--- error_log
mfa_reset: refused oaa: malformed, caller "portal", target "", reason "Accept names no type of ours"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 8: 406 comes after 401 and 405, and before 404
--- request eval
[$main::call, "GET $main::path", "DELETE $main::path"]
--- more_headers eval
["Accept: text/html\n", ($main::authorized . "Accept: text/html\n") x 2]
--- error_code eval
[401, 405, 406]
--- response_body eval
[main::json(401, 'Unauthorized'), main::json(405, 'Method Not Allowed'), '']



=== TEST 9: 413
--- request eval
main::three("$main::call\n" . 'x' x 65537)
--- more_headers eval
main::forms()
--- error_code eval
main::three(413)
--- raw_response_headers_like eval oaa_head
main::heads('413 Request Entity Too Large')
--- response_body eval
main::bodies(413, 'Request Entity Too Large')
--- error_log
mfa_reset: refused oaa: malformed, caller "portal", target "", reason "the body is larger than 65536 bytes"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 10: a body at the limit; and credentials come before a body
--- request eval
["$main::call\n" . 'x' x 65536, "$main::call\n" . 'x' x 65537]
--- more_headers eval
[$main::authorized, '']
--- error_code eval
[200, 401]



=== TEST 11: nginx refuses a body over client_max_body_size
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; client_max_body_size 1k; }
--- request eval
"$main::call\n" . 'x' x 1025
--- error_code: 413
--- response_body_like: <center>nginx



=== TEST 12: 500, a reply of the wrong type
--- seed
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 10
SET mfa:{/alpha/demo}:events text
HSET mfa:context:c0ffee subject /alpha/demo
--- request eval
main::three($main::call)
--- more_headers eval
main::forms()
--- error_code eval
main::three(500)
--- raw_response_headers_like eval oaa_head
main::heads('500 Internal Server Error')
--- response_body eval
main::bodies(500, 'Internal server error')
--- grep_error_log eval
qr/\[error\] \d+#\d+: \*\d+ mfa_reset: refused oaa: uncertain, caller "portal", target "\/alpha\/demo", reason "WRONGTYPE/
--- grep_error_log_out eval
[(qr/\[error\]/) x 6]
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 13: 500, a context without a valid subject
--- seed
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 10
HSET mfa:context:c0ffee subject alpha/demo
HSET mfa:context:c1 subject /alpha/%
HSET mfa:context:c2 subject /alpha/../demo
--- request eval
[map {"DELETE $main::path?challengeType=ChallengeSMS&contextId=$_"} qw(c0ffee c1 c2)]
--- error_code eval
[(500) x 3]
--- error_log
mfa_reset: refused oaa: uncertain, caller "portal", target "", reason "the subject of the context is malformed"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 14: 503, Redis is down
--- http_config
    mfa_reset_redis unix:/nonexistent/redis.sock;
--- request eval
main::three($main::call)
--- more_headers eval
main::forms()
--- error_code eval
main::three(503)
--- raw_response_headers_like eval oaa_head
main::heads('503 Service Unavailable')
--- response_body eval
main::bodies(503, 'Service unavailable')
--- error_log
mfa_reset: refused oaa: unavailable, caller "portal", target "", reason "Redis is down"



=== TEST 15: requests that are refused without Redis get the same response
--- http_config
    mfa_reset_redis unix:/nonexistent/redis.sock;
--- request eval
[$main::call, "GET $main::path", $main::call, "DELETE $main::path", "OPTIONS $main::path"]
--- more_headers eval
['', $main::authorized, $main::authorized . "Accept: text/html\n", ($main::authorized) x 2]
--- error_code eval
[401, 405, 406, 404, 200]



=== TEST 16: 503, a late reply: the reset may have happened
--- http_config
    mfa_reset_redis_timeout 1s;
--- seed
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 10
HSET mfa:context:c0ffee subject /alpha/demo
CLIENT PAUSE 1000000 WRITE
--- error_code: 503
--- raw_response_headers_like oaa_head: 503 Service Unavailable
--- response_body eval
main::json(503, 'Service unavailable')
--- error_log
mfa_reset: refused oaa: uncertain, caller "portal", target "/alpha/demo", reason "Redis did not answer in time"



=== TEST 17: 503, Redis is full, and nothing was changed
--- seed
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 10
HSET mfa:context:c0ffee subject /alpha/demo
CONFIG SET maxmemory 1
--- error_code: 503
--- raw_response_headers_like oaa_head: 503 Service Unavailable
--- error_log
mfa_reset: refused oaa: unavailable, caller "portal", target "/alpha/demo", reason "OOM
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"
