# The ways to connect to a Redis, and the commands that it gets, which are few.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

secret('corr%20ect', 'corr ect', 'hunter2');
redis_port();

our $call = "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}";

# The users that a block makes end with it, and their connections.
repeat_each(1);
run_tests();

__DATA__

=== TEST 1: a unix socket
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- response_body chomp
{"result":true}
--- redis
CLIENT LIST => ~ name=mfa-reset age=\d+ idle=\d+ flags=U db=0



=== TEST 2: TCP
--- http_config
    mfa_reset_redis redis://127.0.0.1:$TEST_NGINX_REDIS_PORT;
--- response_body chomp
{"result":true}
--- redis
CLIENT LIST => ~ laddr=127\.0\.0\.1:\d+ fd=\d+ name=mfa-reset



=== TEST 3: TCP by name, with a slash and no database
--- http_config
    mfa_reset_redis redis://localhost:$TEST_NGINX_REDIS_PORT/;
--- response_body chomp
{"result":true}
--- redis
CLIENT LIST => ~ name=mfa-reset age=\d+ idle=\d+ flags=N db=0



=== TEST 4: another database, by TCP
--- http_config
    mfa_reset_redis redis://127.0.0.1:$TEST_NGINX_REDIS_PORT/3;
--- seed
SELECT 3
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
HSET mfa:{/alpha/demo} uid demo
SELECT 0
--- session
--- response_body chomp
{"result":true}
--- redis
DBSIZE => 0
SELECT 3 => OK
XLEN mfa:{/alpha/demo}:events => 1
SELECT 0 => OK
CLIENT LIST => ~ name=mfa-reset age=\d+ idle=\d+ flags=N db=3



=== TEST 5: another database, by unix socket
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET:/2;
--- seed
SELECT 2
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
HSET mfa:{/alpha/demo} uid demo
SELECT 0
--- session
--- response_body chomp
{"result":true}



=== TEST 6: a database that Redis does not have
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET:/99;
--- error_code: 503
--- error_log eval
qr/\[error\] .*mfa_reset: Redis unix:\S+:\/99 is down: SELECT was refused: ERR DB index is out of range/



=== TEST 7: a password in the URL, percent-encoded, and a user
--- http_config
    mfa_reset_redis redis://ed%67e:corr%20ect@127.0.0.1:$TEST_NGINX_REDIS_PORT;
--- seed
ACL SETUSER edge on '>corr ect' ~mfa:* +evalsha +eval +hmget +hset +hdel +xadd +client|setname
HSET mfa:{/alpha/demo} uid demo
--- response_body chomp
{"result":true}
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 8: a password of the default user, by unix socket, from a file
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_redis_password_file $TEST_NGINX_SERVER_ROOT/html/password;
--- user_files eval
[["password", "hunter2\r\nnot this\n"]]
--- seed
HSET mfa:{/alpha/demo} uid demo
CONFIG SET requirepass hunter2
--- response_body chomp
{"result":true}



=== TEST 9: a user in the URL, the password from a file
--- http_config
    mfa_reset_redis redis://edge@127.0.0.1:$TEST_NGINX_REDIS_PORT;
    mfa_reset_redis_password_file ../html/password;
--- user_files eval
[["password", "hunter2"]]
--- seed
ACL SETUSER edge on >hunter2 ~* +@all
HSET mfa:{/alpha/demo} uid demo
--- response_body chomp
{"result":true}
--- redis
CLIENT LIST => ~ name=mfa-reset [^\n]*user=edge



=== TEST 10: a wrong password is reported without the password
--- http_config
    mfa_reset_redis redis://:hunter2@127.0.0.1:$TEST_NGINX_REDIS_PORT/1;
--- seed
CONFIG SET requirepass another
HSET mfa:{/alpha/demo} uid demo
--- error_code: 503
--- error_log eval
qr/\[error\] .*mfa_reset: Redis redis:\/\/127\.0\.0\.1:\d+\/1 is down: AUTH was refused: WRONGPASS/
--- redis
KEYS *events => []



=== TEST 11: no password for a Redis that needs one
--- http_config
    mfa_reset_redis redis://127.0.0.1:$TEST_NGINX_REDIS_PORT;
--- seed
CONFIG SET requirepass another
--- error_code: 503
--- error_log
is down: CLIENT SETNAME was refused: NOAUTH Authentication required.



=== TEST 12: a user without the right to run scripts is 500
--- http_config
    mfa_reset_redis redis://edge:hunter2@127.0.0.1:$TEST_NGINX_REDIS_PORT;
--- seed
ACL SETUSER edge on >hunter2 ~* +client|setname
--- error_code: 500
--- response_body chomp
{"code":500,"reason":"Internal Server Error","message":"Internal Server Error"}
--- error_log
reason "NOPERM



=== TEST 13: a prefix, and every key below it
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_prefix site-1/mfa; }
--- seed
ACL SETUSER default resetkeys ~site-1/mfa*
HSET site-1/mfa{/alpha/demo} uid demo
HSET site-1/mfasession:sha256(root-token) user amAdmin realm / admin /
--- session
--- response_body chomp
{"result":true}
--- redis
XLEN site-1/mfa{/alpha/demo}:events => 1



=== TEST 14: mfa_reset_events_length keeps three events
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_events_length 3; }
--- request eval
[($main::call) x 5]
--- error_code eval
[(200) x 5]
--- redis
XLEN mfa:{/alpha/demo}:events => 3



=== TEST 15: mfa_reset_events_length 0 keeps no event
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_events_length 0; }
--- response_body chomp
{"result":true}
--- redis
HGET mfa:{/alpha/demo} oath2faEnabled => "0"
EXISTS mfa:{/alpha/demo}:events => 0



=== TEST 16: names with exact case
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_subject_case exact; }
--- seed
HSET mfa:{/Alpha/DEMO} uid DEMO
--- request
POST /json/realms/root/realms/Alpha/users/DEMO/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
KEYS *events => ["mfa:{/Alpha/DEMO}:events"]



=== TEST 17: a script that Redis has forgotten is sent once more
--- seed
SCRIPT FLUSH
CONFIG RESETSTAT
HSET mfa:{/alpha/demo} uid demo
--- request eval
[($main::call) x 3]
--- error_code eval
[200, 200, 200]
--- redis
INFO commandstats => ~ cmdstat_evalsha:calls=3,[^\\]*failed_calls=1\\r
INFO commandstats => ~ cmdstat_eval:calls=1,[^\\]*failed_calls=0\\r
XLEN mfa:{/alpha/demo}:events => 3



=== TEST 18: each call is one command, and an early refusal sends no command
--- seed
SCRIPT FLUSH
CONFIG RESETSTAT
HSET mfa:{/alpha/demo} uid demo
--- request eval
[($main::call) x 2, $main::call =~ s/demo/nosuch/r, ($main::call) x 3, $main::call =~ s/\{\}/{/r]
--- more_headers eval
[(map { "iPlanetDirectoryPro: $_-token" } qw(root demo root eve nobody)), "X: y", "iPlanetDirectoryPro: root-token"]
--- error_code eval
[200, 200, 404, 403, 401, 401, 400]
--- redis
INFO commandstats => ~ cmdstat_evalsha:calls=5,[^\\]*failed_calls=1\\r
INFO commandstats => ~ cmdstat_eval:calls=1,



=== TEST 19: a few connections, for all requests
--- http_config
    mfa_reset_redis redis://127.0.0.1:$TEST_NGINX_REDIS_PORT;
    mfa_reset_redis_connections 3;
--- request eval
[($main::call) x 6]
--- error_code eval
[(200) x 6]
--- redis
CLIENT LIST => ~ ^(?:(?!name=mfa).)*(?:name=mfa-reset(?:(?!name=mfa).)*){3}$



=== TEST 20: a level with another Redis does not get the outer one's password
--- http_config
    mfa_reset_redis redis://127.0.0.1:1;
    mfa_reset_redis_password_file ../html/password;
--- config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    location ~ /json/ { mfa_reset am; }
--- user_files eval
[["password", "hunter2"]]
--- seed
HSET mfa:{/alpha/demo} uid demo
--- response_body chomp
{"result":true}



=== TEST 21: a level that repeats the URL gets it, and so do its inner levels
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_redis_password_file ../html/password;
--- config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    location ~ /json/ { mfa_reset am; mfa_reset_timeout 2s; }
--- user_files eval
[["password", "hunter2"]]
--- seed
HSET mfa:{/alpha/demo} uid demo
CONFIG SET requirepass hunter2
--- response_body chomp
{"result":true}



=== TEST 22: a byte order mark is not part of the password
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_redis_password_file ../html/password;
--- user_files eval
[["password", "\xEF\xBB\xBFhunter2\r\n"]]
--- seed
HSET mfa:{/alpha/demo} uid demo
CONFIG SET requirepass hunter2
--- response_body chomp
{"result":true}
