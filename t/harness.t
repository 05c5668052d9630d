# The harness itself, on a plain nginx: one passing example of each section.
# t/harness-red.t has the failing ones.
use lib 't/lib';

BEGIN { $ENV{MFA_RESET_MODULE} = 'none' }
# The number shows that Test::Nginx and the stand-in count alike.
use MfaReset::Test tests => 223;

secret('correct horse');
token('AQIC5wM2LY4Sfcx');
redis_port();
repeat_each(2);
run_tests();

__DATA__

=== TEST 1: defaults, exact body, headers
--- config
    location = /t {
        add_header X-Here yes;
        return 200 "hello\nworld\n";
    }
--- request
GET /t
--- response_headers
X-Here: yes
Content-Length: 12
Content-Type: text/plain
!X-Absent
--- response_body
hello
world
--- no_error_log
[error]
[warn]



=== TEST 2: patterns for status, headers and body
--- config
    location = /t { return 404 "nothing here\n"; }
--- request
GET /t
--- error_code_like: ^40\d$
--- response_headers_like
Server: nginx.*
Content-Length: \d+
--- raw_response_headers_like: ^HTTP/1\.1 404 Not Found\r\n
--- raw_response_headers_unlike: X-Powered-By
--- response_body_like: ^nothing \w+$



=== TEST 3: what the body must not be
--- config
    location = /t { return 200 "fine\n"; }
--- request
GET /t
--- response_body_unlike: (?i)error



=== TEST 4: the body of a request, its length, more headers
--- config
    location = /t {
        return 200 "$request_method $content_length $content_type $http_x_one $http_host\n";
    }
--- request
POST /t
{"a":1}
--- more_headers
Content-Type: application/json
X-One: 1
Host: example.com
--- response_body
POST 7 application/json 1 example.com



=== TEST 5: a chunked body reaches an upstream
--- http_config
    log_format body escape=none '[$request_body]';
--- config
    location = /t {
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/echo;
    }
    location = /echo { return 200 "len=$content_length\n"; }
--- more_headers
Transfer-Encoding: chunked
--- request eval
"POST /t
5\r
hello\r
0\r
\r
"
--- response_body
len=5



=== TEST 6: several requests, each with its own expectations
--- config
    location = /a { return 200 "a\n"; }
    location = /b { return 201 "b $http_x\n"; }
--- request eval
["GET /a", "POST /b\nbody"]
--- more_headers eval
["X: 1", "X: 2"]
--- error_code eval
[200, 201]
--- response_body eval
["a\n", "b 2\n"]
--- response_headers eval
["Content-Length: 2", "Content-Length: 4"]
--- redis
SET seen 1 => OK
GET seen => "1"



=== TEST 7: pipelined requests on one connection
--- config
    location = /t { return 200 "$arg_n $connection_requests\n"; }
--- pipelined_requests eval
["GET /t?n=a", "GET /t?n=b", "GET /t?n=c"]
--- response_body eval
["a 1\n", "b 2\n", "c 3\n"]



=== TEST 8: a raw request
--- config
    location = /t { return 200 "$http_host\n"; }
--- raw_request eval
["GET /t HT", "TP/1.1\r\nHost: raw\r\nConnec", "tion: close\r\n\r\n"]
--- raw_request_middle_delay: 0.02
--- response_body
raw



=== TEST 9: a request in packets, with a pause inside the body
--- config
    location = /t {
        client_body_buffer_size 1k;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/echo;
    }
    location = /echo { return 200 "$content_length\n"; }
--- request eval
[["POST /t\nhel", "lo", { value => " you", delay_before => 0.05 }]]
--- response_body
9



=== TEST 10: HEAD has no body
--- config
    location = /t { return 200 "hello\n"; }
--- request
HEAD /t
--- response_headers
Content-Length: 6
--- response_body



=== TEST 11: HTTP/1.0 and a chunked response to HTTP/1.1
--- config
    location = /t {
        ssi on;
        ssi_types *;
        default_type text/html;
        alias $TEST_NGINX_SERVER_ROOT/html/page;
    }
--- user_files
>>> page
a<!--# echo var="request_method" -->b
>>> dir/other
other
--- request
GET /t
--- raw_response_headers_like: Transfer-Encoding: chunked
--- response_body
aGETb



=== TEST 12: the root location and user files
--- config
--- user_files eval
[["dir/file", "in a file\n"]]
--- request
GET /dir/file HTTP/1.0
--- response_body
in a file



=== TEST 13: lines of the error log
--- config
    location = /t {
        root /nonexistent;
    }
--- request
GET /t
--- error_code: 404
--- error_log eval
["No such file", qr/open\(\) "\/nonexistent.t" failed/]
--- no_error_log
[crit]
[alert]
--- grep_error_log eval
qr/\[error\]|No such \w+/
--- grep_error_log_out
[error]



=== TEST 14: the log level of one block
--- config
    location = /t { return 204; }
--- log_level: info
--- request
GET /t
--- error_code: 204
--- response_body
--- no_error_log
[debug]



=== TEST 15: debug is the level otherwise
--- config
    location = /t { return 204; }
--- request
GET /t
--- error_code: 204
--- error_log
[debug]
http header: "Connection: close"



=== TEST 16: nginx that must refuse its configuration
--- config
    no_such_directive on;
--- must_die
--- error_log
[emerg]
unknown directive "no_such_directive"



=== TEST 17: and its exit code
--- config
    listen nonsense;;
--- must_die: 1
--- error_log eval
qr/\[emerg\].* in .*nginx\.conf:\d+/



=== TEST 18: a client that does not wait
--- config
    location = /t {
        proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_1;
        proxy_connect_timeout 5s;
        limit_rate 1;
        return 200 "far too slow for this client\n";
    }
--- request
GET /t
--- timeout: 0.2
--- abort
--- ignore_response
--- wait: 0.1
--- no_error_log
[error]



=== TEST 19: what to skip
--- config
    location = /t { return 200; }
--- request
GET /t
--- skip_nginx: 3: >= 1.0.0: it is only an example
--- error_code: 500



=== TEST 20: what not to skip
--- config
    location = /t { return 200; }
--- request
GET /t
--- skip_nginx: 3: < 1.0.0
--- skip_eval: 3: $ENV{NO_SUCH_VARIABLE}
--- response_body



=== TEST 21: main_config and post_main_config
--- main_config
    env MFA_HARNESS=there;
--- post_main_config
    timer_resolution 10ms;
--- config
    location = /t { return 200; }
--- request
GET /t
--- response_body



=== TEST 22: seeds are there before each repetition
--- seed
# a comment
SET plain word
SET "double\x00quoted\n" 'single \''
HSET mfa:{/myUser} uid myUser oathDeviceProfiles '[{"uuid":"d5 69"}]'
XADD mfa:{/myUser}:events * caller amAdmin api am
SADD set b a
INCR counter
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
GET plain => "word"
GET "double\x00quoted\n" => "single '"
HGETALL mfa:{/myUser} => {"oathDeviceProfiles":"[{\"uuid\":\"d5 69\"}]","uid":"myUser"}
HEXISTS mfa:{/myUser} uid => 1
HGET mfa:{/myUser} oath2faEnabled => nil
HMGET mfa:{/myUser} uid none => ["myUser",nil]
XRANGE mfa:{/myUser}:events - + => [{"api":"am","caller":"amAdmin"}]
XRANGE mfa:{/myUser}:events - + => ~ "caller":"am\w+"
XRANGE mfa:{/myUser}:events - + => !~ "caller":"eve"
SMEMBERS set => ["a","b"]
KEYS * => ~ ^\["counter","double\\x00quoted\\n",
LPUSH plain 1 => (error) WRONGTYPE Operation against a key holding the wrong kind of value
INCR counter => 2
ECHO "\xc3\xa4 \xff" => "\xc3\xa4 \xff"



=== TEST 23: sessions
--- session
AQIC5wM2LY4Sfcx*SI user amAdmin realm / universalId id=amAdmin,ou=user admin / ttl 100
short user demo realm /alpha
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
HGETALL mfa:session:sha256(AQIC5wM2LY4Sfcx*SI) => {"admin":"/","realm":"/","universalId":"id=amAdmin,ou=user","user":"amAdmin"}
TTL mfa:session:sha256(AQIC5wM2LY4Sfcx*SI) => ~ ^(?:\d\d|100)$
HGET mfa:session:f9b0078b5df596d2ea19010c001bbd009e651de2c57e8fb7e355f31eb9d3f739 realm => "/alpha"
TTL mfa:session:sha256(short) => -1
DBSIZE => 2



=== TEST 24: the configuration of Redis is one block's own
--- seed
CONFIG SET maxmemory-policy volatile-lru
ACL SETUSER svc on >pw ~* +@all
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
CONFIG GET maxmemory-policy => {"maxmemory-policy":"volatile-lru"}
ACL USERS => ["default","svc"]



=== TEST 25: nothing is seeded unless asked for
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
DBSIZE => 0
CONFIG GET maxmemory-policy => {"maxmemory-policy":"noeviction"}
ACL USERS => ["default"]



=== TEST 26: Redis is on TCP when asked for
--- config
    location = /t { return 200 "$TEST_NGINX_REDIS_PORT $TEST_NGINX_REDIS_SOCKET\n"; }
--- request
GET /t
--- response_body_like: ^\d+ /\S+/redis\.sock$



=== TEST 27: code before the requests
--- config
    location = /t { alias $TEST_NGINX_SERVER_ROOT/html/made; }
--- init
open my $out, '>', html_dir() . '/made';
print $out "made by init\n";
close $out;
MfaReset::Test::redis_call(qw(SET made 1));
--- request
GET /t
--- response_body
made by init



=== TEST 28: nginx runs with a master
--- config
    location = /t { return 200 "$pid\n"; }
--- request
GET /t
--- response_body_like: ^\d+$
--- grep_error_log eval
[qr/start worker process(?= )/, undef]
--- grep_error_log_out eval
["start worker process\n"]



=== TEST 29: a token in a header that nginx logs is nobody's fault
--- config
    location = /mfa_reset { return 200; }
--- request
GET /mfa_reset
--- more_headers
Cookie: iPlanetDirectoryPro=AQIC5wM2LY4Sfcx
Authorization: Bearer 0123456789abcdef
--- response_body
--- error_log
Cookie: iPlanetDirectoryPro=AQIC5wM2LY4Sfcx
