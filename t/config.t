# Directives that are accepted: what they mean on each level, what a location
# inherits, and what it does not.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

# Resets of demo's OATH devices through these locations.
sub calls (@locations) {
    return [map {"POST /$_/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}"} @locations];
}

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: the module is loaded and unused
--- no_redis
--- config
    location = /other { return 200 "[$mfa_reset_api][$mfa_reset_redis_state]"; }
--- request
GET /other
--- response_body chomp
[][]



=== TEST 2: settings without a location that serves, and off, need no Redis
--- no_redis
--- http_config
    mfa_reset_prefix a:;
    mfa_reset_am_self off;
--- config
    location /json/ { mfa_reset off; }
--- request
GET /json/x
--- error_code: 404
--- response_body_like: <center>nginx



=== TEST 3: every directive on every level, at its limits
--- no_redis
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_redis_connections 1;
    mfa_reset_redis_connect_timeout 60s;
    mfa_reset_redis_timeout 60s;
    mfa_reset_redis_heartbeat off;
    mfa_reset_redis_max_pending 1;
    mfa_reset_prefix mfa:;
    mfa_reset_events_length 0;
    mfa_reset_events_stream off;
    mfa_reset_subject_case ascii;
    mfa_reset_timeout 60s;
    mfa_reset_am_cookie iPlanetDirectoryPro;
    mfa_reset_am_default_version latest;
    mfa_reset_am_self on;
    mfa_reset_oaa_user_file x;
    mfa_reset_oaa_challenge_type x;
--- config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_redis_connections 64;
    mfa_reset_redis_connect_timeout 1m;
    mfa_reset_redis_timeout 60000ms;
    mfa_reset_redis_heartbeat 1h;
    mfa_reset_redis_max_pending 65536;
    mfa_reset_prefix mfa:;
    mfa_reset_events_length 10000;
    mfa_reset_events_stream x length=1000000000;
    mfa_reset_subject_case exact;
    mfa_reset_timeout 60s;
    mfa_reset_am_cookie x;
    mfa_reset_am_default_version none;
    mfa_reset_am_self off;
    mfa_reset_oaa_user_file x;
    mfa_reset_oaa_challenge_type x y;
    location /a/json/ {
        mfa_reset am;
        mfa_reset_oaa_user_file x;
        mfa_reset_oaa_challenge_type x y z;
        mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET:/0;
        mfa_reset_redis_connections 2;
        mfa_reset_redis_connect_timeout 1s;
        mfa_reset_redis_timeout 250ms;
        mfa_reset_redis_heartbeat 100ms;
        mfa_reset_redis_max_pending 1024;
        mfa_reset_prefix mfa:;
        mfa_reset_events_length 20;
        mfa_reset_events_stream y length=1;
        mfa_reset_subject_case ascii;
        mfa_reset_timeout 1s;
        mfa_reset_am_cookie iPlanetDirectoryPro;
        mfa_reset_am_default_version oldest;
        mfa_reset_am_self on;
    }
--- request eval
main::calls('a')
--- response_body eval
['{"result":true}']
--- redis
XLEN mfa:{/alpha/demo}:events => 1
XLEN mfa:y => 1



=== TEST 4: from http to server to location, the innermost counts
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_prefix h:;
    mfa_reset_events_length 1;
--- config
    mfa_reset_prefix s:;
    location /a/json/ { mfa_reset am; mfa_reset_prefix l:; }
    location /b/json/ { mfa_reset am; }
    location /c/ {
        mfa_reset_prefix o:;
        location /c/json/ { mfa_reset am; }
    }
--- session
--- seed
HSET l:session:sha256(root-token) user amAdmin realm / admin /
HSET s:session:sha256(root-token) user amAdmin realm / admin /
HSET o:session:sha256(root-token) user amAdmin realm / admin /
HSET l:{/alpha/demo} uid demo
HSET s:{/alpha/demo} uid demo
HSET o:{/alpha/demo} uid demo
XADD l:{/alpha/demo}:events * n 1
--- request eval
main::calls('a', 'b', 'c')
--- error_code eval
[200, 200, 200]
--- redis
KEYS *events => ["l:{/alpha/demo}:events","o:{/alpha/demo}:events","s:{/alpha/demo}:events"]
XLEN l:{/alpha/demo}:events => 1
XRANGE l:{/alpha/demo}:events - + => ~ "api":"am"



=== TEST 5: from another server nothing is inherited
--- http_config
    mfa_reset_am_cookie atHttp;
    server { listen 127.0.0.1:$TEST_NGINX_RAND_PORT_1; mfa_reset_am_cookie atOther; }
--- request eval
["POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}"]
--- more_headers
atHttp: root-token
--- error_code eval
[200]



=== TEST 6: locations of one server with different Redis, prefix and case
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    location /zero/json/ { mfa_reset am; }
    location /one/json/ { mfa_reset am; mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET:/1; }
    location /exact/json/ { mfa_reset am; mfa_reset_subject_case exact; }
    location /p/json/ { mfa_reset am; mfa_reset_prefix p/:; }
    location /gone/json/ { mfa_reset am; mfa_reset_redis unix:/nonexistent/redis.sock; }
--- seed
HSET mfa:{/alpha/demo} uid demo
SELECT 1
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
HSET mfa:{/alpha/demo} uid demo
SELECT 0
HSET p/:session:sha256(root-token) user amAdmin realm / admin /
--- request eval
[@{ main::calls(qw(zero one exact p gone zero)) }, (main::calls('exact')->[0] =~ s/demo/DEMO/r)]
--- error_code eval
[200, 200, 200, 404, 503, 200, 404]
--- redis
XLEN mfa:{/alpha/demo}:events => 3
EXISTS p/:{/alpha/demo}:events => 0
SELECT 1 => OK
XLEN mfa:{/alpha/demo}:events => 1
SELECT 0 => OK



=== TEST 7: a nested location does not serve what its parent serves
--- config
    location /a/ {
        mfa_reset am;
        location /a/json/realms/root/realms/beta/ { }
    }
--- request eval
[@{ main::calls('a') }, main::calls('a')->[0] =~ s/alpha/beta/r]
--- error_code eval
[200, 404]
--- response_body_like eval
['^\{"result":true\}$', '<center>nginx']



=== TEST 8: an if block serves it, too
--- config
    location /a/ {
        mfa_reset am;
        mfa_reset_am_self off;
        if ($arg_x) { set $y 1; }
        if ($http_x) { add_header X-If yes always; }
    }
--- request eval
[map { (main::calls('a')->[0] =~ s/reset\n/reset$_\n/r) } '', '&x=1', '&x=1']
--- more_headers eval
["iPlanetDirectoryPro: root-token", "X: 1\niPlanetDirectoryPro: root-token", "X: 1\niPlanetDirectoryPro: demo-token"]
--- error_code eval
[200, 200, 403]
--- raw_response_headers_like eval
['\A(?!.*X-If).', 'X-If: yes', 'X-If: yes']
--- redis
XLEN mfa:{/alpha/demo}:events => 2



=== TEST 9: a limit_except block serves it, too, and limits it
--- config
    location /a/ {
        mfa_reset am;
        limit_except GET { auth_basic realm; auth_basic_user_file $TEST_NGINX_SERVER_ROOT/html/users; }
    }
--- user_files
>>> users
me:{PLAIN}correct
--- request eval
main::calls('a', 'a')
--- more_headers eval
["iPlanetDirectoryPro: root-token\nAuthorization: Basic bWU6Y29ycmVjdA==", "iPlanetDirectoryPro: root-token"]
--- error_code eval
[200, 401]
--- response_body_like eval
['^\{"result":true\}$', '<center>nginx']



=== TEST 10: an if or limit_except block with its own handler uses that
--- config
    location /a/ { mfa_reset am; if ($arg_x) { proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_1; } }
    location /b/ { mfa_reset am; limit_except GET { proxy_pass http://127.0.0.1:$TEST_NGINX_RAND_PORT_1; } }
--- http_config
    server { listen 127.0.0.1:$TEST_NGINX_RAND_PORT_1; return 200 upstream; }
--- request eval
[@{ main::calls('a') }, (main::calls('a')->[0] =~ s/reset\n/reset&x=1\n/r), main::calls('b')->[0]]
--- response_body eval
['{"result":true}', 'upstream', 'upstream']
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 11: each way to match a location
--- config
    location = /a/json/realms/root/realms/alpha/users/demo/devices/2fa/oath { mfa_reset am; }
    location ^~ /b/ { mfa_reset am; }
    location ~* ^/C/json/ { mfa_reset am; }
    location /d/ { rewrite ^ /b/other last; }
    location /e/ { try_files $uri @named; }
    location @named { mfa_reset am; }
--- request eval
main::calls('a' .. 'e')
--- error_code eval
[(200) x 5]



=== TEST 12: nginx's own checks come first
--- http_config
    limit_req_zone $server_name zone=few:64k rate=1r/m;
--- config
    location /a/ { mfa_reset am; deny all; }
    location /b/ { mfa_reset am; limit_req zone=few; limit_req_status 429; }
    location /c/ { mfa_reset am; return 418; }
--- request eval
main::calls(qw(a b b c))
--- error_code_like eval
['^403$', '^(?:200|429)$', '^429$', '^418$']



=== TEST 13: the time for a whole request can be less than that for a command
--- config
    location /a/ { mfa_reset am; mfa_reset_timeout 500ms; mfa_reset_redis_timeout 60s; }
--- seed
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
CLIENT PAUSE 1000000 WRITE
--- session
--- request eval
main::calls('a')
--- error_code eval
[503]
--- response_body_like eval
['it may have happened']
