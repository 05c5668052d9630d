# Resets when Redis is down, too slow, or gives a wrong reply: no success that did
# not happen.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: Redis is down
--- http_config
    mfa_reset_redis unix:/nonexistent/redis.sock;
--- error_code: 503
--- raw_response_headers_like am_head: 503 Service Unavailable, version, retry
--- response_body chomp
{"code":503,"reason":"Service Unavailable","message":"Service Unavailable"}
--- error_log
mfa_reset: refused am: unavailable, caller "", target "/alpha/demo", reason "Redis is down"
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 2: it is logged once, with the URL and the reason
--- http_config
    mfa_reset_redis unix:/nonexistent/redis.sock:/3;
    mfa_reset_redis_connect_timeout 60s;
--- error_code: 503
--- wait: 0.3
--- grep_error_log eval
qr/\[error\].*mfa_reset: Redis.*/
--- grep_error_log_out eval
[qr/\A\[error\] \d+#\d+: mfa_reset: Redis unix:\/nonexistent\/redis\.sock:\/3 is down: connect\(\) failed \(2: No such file or directory\)\n\z/, ""]
--- no_error_log
[crit]



=== TEST 3: pretty
--- http_config
    mfa_reset_redis redis://127.0.0.1:$TEST_NGINX_RAND_PORT_1;
--- request
POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset&_prettyPrint=true
--- error_code: 503
--- response_body chomp
{
  "code" : 503,
  "reason" : "Service Unavailable",
  "message" : "Service Unavailable"
}



=== TEST 4: requests that are refused without Redis get the same response
--- http_config
    mfa_reset_redis unix:/nonexistent/redis.sock;
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2,
 "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath/a/b?_action=reset"]
--- more_headers eval
["Accept-API-Version: v1", "Accept-API-Version: resource=1.0", "Accept-API-Version: resource=1.0"]
--- error_code eval
[400, 401, 404]



=== TEST 5: a late reply: the reset may have happened
--- http_config
    mfa_reset_redis_timeout 500ms;
--- seed
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
CLIENT PAUSE 1000000 WRITE
--- session
--- error_code: 503
--- raw_response_headers_like am_head: 503 Service Unavailable, version, retry
--- response_body chomp
{"code":503,"reason":"Service Unavailable","message":"Service Unavailable","detail":"The reset was sent and its answer was lost: it may have happened"}
--- error_log
mfa_reset: refused am: uncertain, caller "", target "/alpha/demo", reason "Redis did not answer in time"



=== TEST 6: without anything to do the response does not say that it may have happened
--- http_config
    mfa_reset_redis_timeout 500ms;
--- seed
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
CLIENT PAUSE 1000000 WRITE
--- session
--- more_headers
Accept-API-Version: resource=2.0
iPlanetDirectoryPro: root-token
--- error_code: 503
--- raw_response_headers_like am_head: 503 Service Unavailable, retry
--- response_body chomp
{"code":503,"reason":"Service Unavailable","message":"Service Unavailable"}
--- error_log
mfa_reset: refused am: unavailable,



=== TEST 7: Redis has no memory left
--- seed
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]
CONFIG SET maxmemory 1
--- session
--- error_code: 503
--- raw_response_headers_like am_head: 503 Service Unavailable, version, retry
--- response_body chomp
{"code":503,"reason":"Service Unavailable","message":"Service Unavailable"}
--- error_log
mfa_reset: refused am: unavailable, caller "", target "/alpha/demo", reason "OOM
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"
KEYS *events => []



=== TEST 8: Redis cannot write
--- seed
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]
CONFIG SET min-replicas-to-write 1
--- session
--- error_code: 503
--- response_body chomp
{"code":503,"reason":"Service Unavailable","message":"Service Unavailable"}
--- error_log
reason "NOREPLICAS
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 9: a record of another type is an error of the store
--- seed
SET mfa:{/alpha/demo} text
--- error_code: 500
--- raw_response_headers_like am_head: 500 Internal Server Error, version
--- response_body chomp
{"code":500,"reason":"Internal Server Error","message":"Internal Server Error"}
--- error_log eval
qr/\[error\] .*mfa_reset: refused am: uncertain, caller "", target "\/alpha\/demo", reason "WRONGTYPE /
--- redis
GET mfa:{/alpha/demo} => "text"
KEYS *events => []



=== TEST 10: a session of another type is one, too
--- seed
SET mfa:session:sha256(list-token) text
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: list-token
--- error_code: 500
--- raw_response_headers_like am_head: 500 Internal Server Error, version
--- redis
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"



=== TEST 11: events of another type: neither the event nor the reset is written
--- seed
SET mfa:{/alpha/demo}:events text
HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles [1]
--- error_code: 500
--- response_body chomp
{"code":500,"reason":"Internal Server Error","message":"Internal Server Error"}
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"2","oathDeviceProfiles":"[1]","uid":"demo"}
GET mfa:{/alpha/demo}:events => "text"



=== TEST 12: an error of the store has no version if none is served
--- seed
SET mfa:session:sha256(list-token) text
--- more_headers
Accept-API-Version: resource=2.0
iPlanetDirectoryPro: list-token
--- error_code: 500
--- raw_response_headers_like am_head: 500 Internal Server Error
