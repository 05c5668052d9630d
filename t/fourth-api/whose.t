# One API more, called: its answer, its directive, its refusals, and the others beside it.
use v5.36;
use lib 't/lib';
use MfaReset::Test;

run_tests();

__DATA__

=== TEST 1: whose session it is
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- session
a-token-of-demo user demo realm /alpha
--- config
    location = /whose { mfa_reset whose; }
--- request
GET /whose
--- more_headers
Session-Token: a-token-of-demo
--- response_headers
Content-Type: application/json
--- response_body chomp
{"user":"demo","realm":"/alpha"}



=== TEST 2: the header that a directive names, inherited and not
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_whose_header x-a;
--- session
a-token-of-demo user demo
--- config
    location = /a { mfa_reset whose; }
    location = /b { mfa_reset whose; mfa_reset_whose_header x-b; }
--- request eval
["GET /a", "GET /b"]
--- more_headers
X-A: a-token-of-demo
--- error_code eval
[200, 401]
--- response_body eval
['{"user":"demo","realm":"/"}', '{"refused":"token"}']



=== TEST 3: no such session
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    location = /whose { mfa_reset whose; }
--- request
GET /whose
--- more_headers
Session-Token: a-token-of-nobody
--- error_code: 401
--- response_body chomp
{"refused":"session"}
--- error_log
reason "no such session"



=== TEST 4: another method
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    location = /whose { mfa_reset whose; }
--- request
DELETE /whose
--- error_code: 405
--- response_body chomp
{"refused":"method"}



=== TEST 5: a Redis that is not there
--- http_config
    mfa_reset_redis unix:/nowhere;
--- config
    location = /whose { mfa_reset whose; }
--- request
GET /whose
--- more_headers
Session-Token: a-token-of-demo
--- error_code: 503
--- response_body chomp
{"refused":"later"}



=== TEST 6: a Redis's answer that is not a session's
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- seed
SET mfa:session:sha256(a-token-of-demo) text
--- config
    location = /whose { mfa_reset whose; }
--- request
GET /whose
--- more_headers
Session-Token: a-token-of-demo
--- error_code: 500
--- response_body chomp
{"refused":"broken"}



=== TEST 7: the other APIs serve as they do without it
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- session
a-token-of-root user amAdmin realm / admin /
--- seed
HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles '[{"uuid":"d569"}]'
--- config
    location = /whose { mfa_reset whose; }
    location /json/ { mfa_reset am; }
--- request
POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset
{}
--- more_headers
Content-Type: application/json
iPlanetDirectoryPro: a-token-of-root
--- response_body chomp
{"result":true}
--- redis
HEXISTS mfa:{/alpha/demo} oathDeviceProfiles => 0



=== TEST 8: its name is among those that may be written
--- config
    location = /whose { mfa_reset who; }
--- must_die
--- error_log
"mfa_reset" has an invalid value "who": write am, foundry, oaa, whose or off in



=== TEST 9: its directive's value
--- config
    location = /whose { mfa_reset whose; mfa_reset_whose_header "a b"; }
--- must_die
--- error_log
"mfa_reset_whose_header" has an invalid value "a b": write the name of a header, such as session-token in



=== TEST 10: it has no fallback
--- config
    location = /whose { mfa_reset whose; mfa_reset_fallback @other; }
    location @other { return 204; }
--- must_die
--- error_log
"mfa_reset_fallback" is for "mfa_reset am":



=== TEST 11: an if block goes on serving it
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- session
a-token-of-demo user demo realm /alpha
--- config
    location = /whose { mfa_reset whose; mfa_reset_whose_header x-a; if ($arg_x) { set $x y; } }
--- request
GET /whose?x=1
--- more_headers
X-A: a-token-of-demo
--- response_body chomp
{"user":"demo","realm":"/alpha"}
