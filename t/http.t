# HTTP around a reset: methods, bodies of every form, keepalive connections, and
# subrequests, which never act.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

our $call    = 'POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset';
our $headers = "Host: localhost\r\niPlanetDirectoryPro: root-token\r\nAccept-API-Version: resource=1.0\r\n";

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: HEAD gets headers and no body
--- request
HEAD /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset
--- error_code: 501
--- raw_response_headers_like am_head: 501 Not Implemented
--- response_headers
Content-Length: 77
--- response_body



=== TEST 2: GET, DELETE and PATCH
--- request eval
[map { "$_ /json/realms/root/realms/alpha/users/demo/devices/2fa/oath" } 'GET', 'DELETE', 'PATCH']
--- error_code eval
[400, 400, 400]
--- raw_response_headers_like eval am_head
[("400 Bad Request") x 3]
--- response_body eval
[map { qq({"code":400,"reason":"Bad Request","message":"The resource collection  cannot be $_"}) } qw(read deleted patched)]



=== TEST 3: GET with an action does nothing
--- request
GET /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset
--- error_code: 400
--- response_body chomp
{"code":400,"reason":"Bad Request","message":"Unrecognized request parameter '_action'"}
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 4: unknown methods
--- request eval
[map { "$_ /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}" } 'FOO', 'M-SEARCH', 'POSTS']
--- error_code eval
[(501) x 3]
--- response_body eval
[map { qq({"code":501,"reason":"Not Implemented","message":"Method $_ not supported"}) } 'FOO', 'M-SEARCH', 'POSTS']
--- redis
KEYS *events => []



=== TEST 5: OPTIONS without credentials
--- request
OPTIONS /json/realms/root/realms/alpha/users/demo/devices/2fa/oath
--- more_headers
Accept-API-Version: resource=1.0
--- raw_response_headers_like am_head: 200 OK, allow
--- response_body



=== TEST 6: OPTIONS with a condition is answered by us, not by nginx
--- request eval
[("OPTIONS /json/realms/root/realms/alpha/users/demo/devices/2fa/oath") x 4]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\n$_" } 'If-Match: "a"', 'If-Unmodified-Since: Sat, 01 Jan 2022 00:00:00 GMT',
    'If-None-Match: *', 'If-Modified-Since: Sat, 01 Jan 2022 00:00:00 GMT']
--- raw_response_headers_like eval am_head
[("200 OK, allow") x 4]



=== TEST 7: the override counts on POST only
--- request eval
["$main::call\n{}", $main::call =~ s/POST/GET/r, "$main::call\n{}", "$main::call\n{}"]
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token\nAccept-API-Version: resource=1.0\nX-HTTP-Method-Override: $_" } 'DELETE', 'POST', 'POST', '']
--- error_code eval
[400, 400, 200, 200]
--- response_body eval
['{"code":400,"reason":"Bad Request","message":"The resource collection  cannot be deleted"}',
 q({"code":400,"reason":"Bad Request","message":"Unrecognized request parameter '_action'"}),
 '{"result":true}', '{"result":true}']



=== TEST 8: requests that nginx refuses before it chooses a location
--- raw_request eval
["TRACE /json/users/demo/devices/2fa/oath HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"]
--- error_code: 405
--- response_body_like: <center>nginx
--- no_error_log
mfa_reset: refused



=== TEST 9: HTTP/1.0
--- request
POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset HTTP/1.0
{}
--- response_headers
Connection: close
Content-Length: 15
--- response_body chomp
{"result":true}



=== TEST 10: a chunked body
--- more_headers
Transfer-Encoding: chunked
iPlanetDirectoryPro: root-token
Accept-API-Version: resource=1.0
--- request eval
"$main::call
1\r
{\r
4;x=y\r
\"a\":\r
2\r
1}\r
0\r
\r
"
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{"result":true}
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 11: a chunked body that is not JSON
--- more_headers
Transfer-Encoding: chunked
iPlanetDirectoryPro: root-token
--- request eval
"$main::call
2\r
{\"\r
0\r
\r
"
--- error_code: 400
--- response_body_like: content is not valid JSON
--- redis
KEYS *events => []



=== TEST 12: 64 KiB in chunks, and a byte more
--- more_headers
Transfer-Encoding: chunked
iPlanetDirectoryPro: root-token
--- request eval
[map { sprintf "%s\n1\r\n\"\r\n%x\r\n%s\r\n1\r\n\"\r\n0\r\n\r\n", $main::call, $_ - 2, 'x' x ($_ - 2) } 65536, 65537]
--- error_code eval
[200, 413]
--- response_body eval
['{"result":true}',
 '{"code":413,"reason":"Request Entity Too Large","message":"The request content is larger than 65536 bytes"}']



=== TEST 13: a body in a file, in part and in whole
--- config
    location /part/json/ { mfa_reset am; client_body_buffer_size 1k; }
    location /whole/json/ { mfa_reset am; client_body_in_file_only clean; }
--- request eval
[(map { my $where = $_; map { $main::call =~ s(/json)(/$where/json)r . "\n$_" } '"' . 'x' x 40000 . '"', '"' . 'x' x 40000 } 'part', 'whole')]
--- error_code eval
[200, 400, 200, 400]
--- redis
XLEN mfa:{/alpha/demo}:events => 2



=== TEST 14: a body that arrives in pieces, after the head
--- request eval
[["$main::call\n", { value => '{"a":', delay_before => 0.05 }, { value => '1}', delay_before => 0.05 }]]
--- response_body chomp
{"result":true}



=== TEST 15: nginx refuses a body over its own limit
--- config
    location /json/ { mfa_reset am; client_max_body_size 1k; }
--- request eval
"$main::call\n" . '"' . 'x' x 1100 . '"'
--- error_code: 413
--- response_body_like: <center>nginx
--- redis
KEYS *events => []



=== TEST 16: each request on one connection has its own response
--- pipelined_requests eval
["$main::call\n{}", "$main::call\n{", $main::call =~ s/demo/nosuch/r . "\n{}", $main::call =~ s/oath/push/r, "$main::call\n{}"]
--- error_code eval
[200, 400, 404, 200, 200]
--- response_body_like eval
['^\{"result":true\}$', 'not valid JSON', 'User nosuch not found', '^\{"result":true\}$', '^\{"result":true\}$']
--- redis
XLEN mfa:{/alpha/demo}:events => 3



=== TEST 17: so has a request after a discarded body
--- pipelined_requests eval
["$main::call\n" . 'x' x 200000, "$main::call\n{}"]
--- error_code eval
[413, 200]
--- response_body_like eval
['larger than 65536 bytes', '^\{"result":true\}$']
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 18: so has a request after another one with a token in its cookie
--- pipelined_requests eval
["$main::call\n{}", "$main::call\n{}", "$main::call\n{}"]
--- more_headers eval
["iPlanetDirectoryPro: root-token", "X: y", "iPlanetDirectoryPro: eve-token"]
--- error_code eval
[200, 401, 403]



=== TEST 19: a client that waits for 100 before it sends the body
--- raw_request eval
["$main::call HTTP/1.1\r\n${main::headers}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "{}"]
--- raw_request_middle_delay: 0.05
--- error_code: 100
--- response_body_like eval
qr(\AHTTP/1\.1 200 OK\r\n.*\r\n\r\n\{"result":true\}\z)s
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 20: headers larger than nginx's buffers
--- more_headers eval
"iPlanetDirectoryPro: root-token\nX: " . "x" x 9000
--- error_code: 400
--- response_body_like: Request Header Or Cookie Too Large
--- redis
KEYS *events => []



=== TEST 21: many headers, the one that matters last
--- more_headers eval
CORE::join "\n", (map { "X-$_: y" } 1 .. 100), "iPlanetDirectoryPro: root-token"
--- response_body chomp
{"result":true}



=== TEST 22: a mirror of a call does nothing
--- config
    location /openam/ { mirror /mirror; proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/upstream/; }
    location /upstream/ { return 200 "upstream\n"; }
    location = /mirror { internal; mfa_reset am; }
--- response_body
upstream
--- wait: 0.1
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"
KEYS *events => []
--- no_error_log
mfa_reset: refused



=== TEST 23: an SSI include of the location is not found
--- config
    location = /page { ssi on; ssi_types *; alias $TEST_NGINX_SERVER_ROOT/html/page; }
    location /json/ { mfa_reset am; }
--- user_files
>>> page
(<!--# include virtual="/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset" -->)
--- request
GET /page
--- response_body_like: ^\(<html>.*<h1>404 Not Found</h1>.*\)$
--- redis
KEYS *events => []



=== TEST 24: so is add_before_body and add_after_body, and auth_request fails
--- config
    location = /added { default_type text/html; add_before_body /json/x; add_after_body /json/y; return 200 "page"; }
    location = /asking { auth_request /json/x; stub_status; }
    location /json/ { mfa_reset am; }
--- request eval
["GET /added", "GET /asking"]
--- error_code eval
[200, 500]
--- response_body_unlike eval
["result", "result"]



=== TEST 25: nginx's filters and headers apply as usual
--- config
    location ~ /json/ { mfa_reset am; add_header X-Own yes always; gzip on; gzip_min_length 1; gzip_types *; expires 1h; }
--- more_headers
iPlanetDirectoryPro: root-token
Accept-Encoding: gzip
--- response_headers
X-Own: yes
Content-Encoding: gzip



=== TEST 26: the type of an answer is its own, whatever charset nginx adds to others
--- config
    location ~ /json/ { mfa_reset am; charset utf-8; charset_types *; }
--- response_headers
Content-Type: application/json;charset=UTF-8
