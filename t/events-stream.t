# mfa_reset_events_stream: one stream with the events of all users and all APIs.
use v5.36;
use lib 't/lib';
use MfaReset::Test;

our $device = '/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset';
our $am     = "iPlanetDirectoryPro: root-token\nContent-Type: application/json\nAccept-API-Version: resource=1.0";

# Resets of demo's OATH devices through these locations.
sub calls (@locations) {
    return [map {"POST $_$main::device\n{}"} @locations ? map {"/$_"} @locations : ''];
}

Test::Nginx::Socket::add_block_preprocessor(sub ($block) {
    return if defined scalar $block->more_headers;
    $block->set_value(more_headers => $am);
    $block->set_value(session => "root-token user amAdmin realm / admin /\n");
});

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: all three APIs, and what is handed on
--- http_config
    mfa_reset_events_stream events;
--- config
    location /json/ { mfa_reset am; }
    location /am/ { mfa_reset am; mfa_reset_am_profiles am; mfa_reset_fallback @am; }
    location @am { return 200 "of AM"; }
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
    location /users/ { mfa_reset foundry; mfa_reset_realm /alpha; mfa_reset_foundry_caller_code off; }
--- user_files
>>> oaa.users
portal:{PLAIN}portal-key-1
--- session
root-token user amAdmin realm / admin /
--- seed
HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles [1] push2faEnabled 1 pushDeviceProfiles [2] challenge:ChallengeSMS 3
HSET mfa:context:c0ffee subject /alpha/demo
SET urn:iauthsession:session-of-admin '{"id":"x","userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
--- request eval
["POST $main::device\n{}", "POST /am$main::device\n{}",
 "DELETE /oaa/runtime/challengecounter/v1?challengeType=ChallengeSMS&contextId=c0ffee",
 qq(PUT /users/2fa/reset\n{"targetUserId":"demo"})]
--- more_headers eval
[$main::am, $main::am, 'Authorization: Basic cG9ydGFsOnBvcnRhbC1rZXktMQ==', "Content-Type: application/json\nX-ss-id: session-of-admin"]
--- error_code eval
[200, 200, 200, 200]
--- redis
XRANGE mfa:events - + => ~ ^\[\{"action":"reset","api":"am","caller":"/amAdmin","factor":"oath","ip":"127.0.0.1","removed":"1","request":"\w{32}","target":"/alpha/demo"\},\{"action":"forwarded","api":"am","caller":"/amAdmin","factor":"oath","ip":"127.0.0.1","request":"\w{32}","target":"/alpha/demo"\},\{"action":"reset","api":"oaa","caller":"portal","factor":"ChallengeSMS","ip":"127.0.0.1","removed":"1","request":"\w{32}","target":"/alpha/demo"\},\{"action":"reset","api":"foundry","caller":"/alpha/1","factor":"all","ip":"127.0.0.1","removed":"1","request":"\w{32}","target":"/alpha/demo"\}\]$
XLEN mfa:{/alpha/demo}:events => 4
XRANGE mfa:{/alpha/demo}:events - + => !~ target



=== TEST 2: no stream without the directive
--- config
    location /json/ { mfa_reset am; }
--- seed
HSET mfa:{/alpha/demo} uid demo
--- request eval
main::calls()
--- redis
XLEN mfa:{/alpha/demo}:events => 1
DBSIZE => 3



=== TEST 3: name and length are inherited together, the innermost counts
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_events_stream all length=2;
--- config
    location /a/json/ { mfa_reset am; }
    location /b/json/ { mfa_reset am; mfa_reset_events_stream off; }
    location /c/json/ { mfa_reset am; mfa_reset_events_stream other; }
    location /d/json/ { mfa_reset am; mfa_reset_events_stream a-Z.0_9 length=1000000000; }
    location /e/json/ { mfa_reset am; mfa_reset_prefix p:; }
--- seed
CONFIG SET stream-node-max-entries 1
HSET mfa:{/alpha/demo} uid demo
HSET p:{/alpha/demo} uid demo
HSET p:session:sha256(root-token) user amAdmin realm / admin /
--- request eval
main::calls(qw(a b c d e c a c a e))
--- error_code eval
[(200) x 10]
--- redis
XLEN mfa:{/alpha/demo}:events => 8
XLEN mfa:all => 2
XLEN mfa:other => 3
XLEN mfa:a-Z.0_9 => 1
XLEN p:all => 2
XLEN p:other => 0



=== TEST 4: without events of each user
--- config
    location /json/ { mfa_reset am; mfa_reset_events_length 0; mfa_reset_events_stream events length=1; }
--- seed
HSET mfa:{/alpha/demo} uid demo
--- request eval
main::calls()
--- redis
EXISTS mfa:{/alpha/demo}:events => 0
XLEN mfa:events => 1



=== TEST 5: a key of another type: neither the event nor the reset is written
--- config
    location /json/ { mfa_reset am; mfa_reset_events_stream events; }
--- seed
HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2
SET mfa:events text
--- request eval
main::calls()
--- error_code: 500
--- error_log
WRONGTYPE
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"2","uid":"demo"}
EXISTS mfa:{/alpha/demo}:events => 0
GET mfa:events => "text"
