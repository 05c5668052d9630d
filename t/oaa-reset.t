# The reset of a challenge counter: the calls that must work, what they change, and
# what stays.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Oaa;

token('portal-key-1');

our $ok   = 'Challenge Counter is reseted.';
our $path = '/oaa/runtime/challengecounter/v1';
our $authorized = 'Authorization: ' . basic('portal:portal-key-1') . "\n";

# The headers of an authorised call that accepts this.
sub accepts ($accept) {
    return $main::authorized . join '', map {"Accept: $_\n"} grep {length} ref $accept ? @$accept : $accept;
}

# `Accept` and the form that it gets.
our @negotiations = (
    ['',                                                                'json'],
    ['*/*',                                                             'json'],
    ['application/json',                                                'json'],
    ['application/xml',                                                 'xml'],
    ['text/plain',                                                      'text'],
    ['text/*',                                                          'text'],
    ['application/json;q=0.5, application/xml;q=0.7, text/plain;q=0.6', 'xml'],
    ['application/json;q=0, */*;q=0.1',                                 'xml'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml'],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',            'json'],
    [['application/json;q=0.1', 'text/plain;q=0.2'],                    'text'],
);
our %written = (json => json(200, $ok), xml => xml(200, $ok), text => $ok);

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: the contract's first call
--- seed
HSET mfa:{/mysubrealm/myuser} uid myUser challenge:ChallengeOMATOTP 10 lock:ChallengeOMATOTP 99999999999999
HSET mfa:context:edbe55c6-438f-448f-a742-9925b6471fe1 subject /mysubrealm/myuser
--- request
DELETE /oaa/runtime/challengecounter/v1?challengeType=ChallengeOMATOTP&contextId=edbe55c6-438f-448f-a742-9925b6471fe1
--- more_headers eval
"Content-Type: application/json\n" . $main::authorized
--- raw_response_headers_like oaa_head: 200 OK, json
--- response_body chomp
{"responseCode":"200","responseMessage":"Challenge Counter is reseted."}
--- redis
HGETALL mfa:{/mysubrealm/myuser} => {"uid":"myUser"}
EXISTS mfa:context:edbe55c6-438f-448f-a742-9925b6471fe1 => 1



=== TEST 2: the contract's second call
--- seed
HSET mfa:{/mysubrealm/myuser} uid myUser challenge:ChallengeOMATOTP 10
HSET mfa:context:edbe55c6-438f-448f-a742-9925b6471fe1 subject /mysubrealm/myuser
--- request
DELETE /oaa/runtime/challengecounter/v1?challengeType=ChallengeOMATOTP&contextId=edbe55c6-438f-448f-a742-9925b6471fe1
--- more_headers eval
"Content-Type: application/xml\n" . main::accepts('application/xml')
--- raw_response_headers_like oaa_head: 200 OK, xml
--- response_body chomp
<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ModelAPIResponse><responseCode>200</responseCode><responseMessage>Challenge Counter is reseted.</responseMessage></ModelAPIResponse>
--- redis
HGETALL mfa:{/mysubrealm/myuser} => {"uid":"myUser"}



=== TEST 3: one type is cleared, and nothing else of the record
--- redis
HGETALL mfa:{/alpha/demo} => {"challenge:ChallengeEmail":"3","oath2faEnabled":"2","oathDeviceProfiles":"[1]","uid":"demo"}
XREVRANGE mfa:{/alpha/demo}:events + - => ~ \A\[\{"action":"reset","api":"oaa","caller":"portal","factor":"ChallengeSMS","ip":"127\.0\.0\.1","removed":"1","request":"[0-9a-f]{32}"\}\]\z
HGETALL mfa:context:c0ffee => {"subject":"/alpha/demo"}
TTL mfa:context:c0ffee => ~ ^(600|5\d\d)$
KEYS * => ["mfa:context:c0ffee","mfa:{/alpha/demo}","mfa:{/alpha/demo}:events"]
--- response_body eval
$main::written{json}



=== TEST 4: repeated resets
--- request eval
[("DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee") x 3]
--- response_body eval
[($main::written{json}) x 3]
--- redis
XLEN mfa:{/alpha/demo}:events => 3



=== TEST 5: each challenge type, and no body, an empty one, any
--- seed
HSET mfa:{/alpha/demo} challenge:ChallengeEmail 1 challenge:ChallengeSMS 1 challenge:ChallengeOMATOTP 1 challenge:ChallengeYOTP 1 challenge:ChallengeFIDO2 1 uid demo
HSET mfa:context:c0ffee subject /alpha/demo
--- request eval
["DELETE $main::path?challengeType=ChallengeEmail&contextId=c0ffee",
 "DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee\n",
 "DELETE $main::path?contextId=c0ffee&challengeType=ChallengeOMATOTP\n{}",
 "DELETE $main::path/?challengeType=ChallengeYOTP&contextId=c0ffee\n<a/>",
 "DELETE /oaa/challengecounter/v1?challengeType=Challenge%46IDO2&context%49d=%63%30ffee&x=%\nno type at all"]
--- response_body eval
[($main::written{json}) x 5]
--- redis
HGETALL mfa:{/alpha/demo} => {"uid":"demo"}



=== TEST 6: what the operator adds
--- config
    mfa_reset_oaa_challenge_type ChallengeNever;
    location /oaa/ {
        mfa_reset oaa;
        mfa_reset_oaa_user_file ../html/oaa.users;
        mfa_reset_oaa_challenge_type ChallengeVoice x.y_z-1;
        mfa_reset_oaa_challenge_type ChallengePush;
    }
--- seed
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeVoice 1 challenge:x.y_z-1 1 challenge:ChallengePush 1 challenge:ChallengeNever 1
HSET mfa:context:c0ffee subject /alpha/demo
--- request eval
[map {"DELETE $main::path?challengeType=$_&contextId=c0ffee"} 'ChallengeVoice', 'x.y_z-1', 'ChallengePush', 'ChallengeSMS', 'ChallengeNever']
--- error_code eval
[200, 200, 200, 200, 404]
--- redis
HGETALL mfa:{/alpha/demo} => {"challenge:ChallengeNever":"1","uid":"demo"}



=== TEST 7: negotiation
--- request eval
[("DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee") x @main::negotiations]
--- more_headers eval
[map { main::accepts($_->[0]) } @main::negotiations]
--- raw_response_headers_like eval oaa_head
[map {"200 OK, $_->[1]"} @main::negotiations]
--- response_body eval
[map { $main::written{ $_->[1] } } @main::negotiations]



=== TEST 8: for a user without a record nothing is written
--- seed
HSET mfa:context:c0ffee subject /alpha/nosuch
--- redis
KEYS * => ["mfa:context:c0ffee"]
--- response_body eval
$main::written{json}



=== TEST 9: a context that expires between two calls
--- seed
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 10 challenge:ChallengeEmail 10
HSET mfa:context:c0ffee subject /alpha/demo
--- request eval
["DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee",
 "DELETE $main::path?challengeType=ChallengeEmail&contextId=c0ffee"]
--- between
PEXPIRE mfa:context:c0ffee 0
--- error_code eval
[200, 404]
--- redis
HGETALL mfa:{/alpha/demo} => {"challenge:ChallengeEmail":"10","uid":"demo"}



=== TEST 10: the subject is taken apart, folded and encoded again
--- seed
HSET mfa:{/alpha/a%2Fb%20%7Bx%7D} uid x challenge:ChallengeSMS 1
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 1
HSET mfa:{/alpha/demo}:events challenge:ChallengeSMS 1
HSET mfa:context:c1 subject /Alpha/a%2fb%20{x}
HSET mfa:context:c2 subject /alpha/demo}:events
--- request eval
[map {"DELETE $main::path?challengeType=ChallengeSMS&contextId=c$_"} 1, 2]
--- error_code eval
[200, 200]
--- redis
HGETALL mfa:{/alpha/a%2Fb%20%7Bx%7D} => {"uid":"x"}
HGETALL mfa:{/alpha/demo} => {"challenge:ChallengeSMS":"1","uid":"demo"}
HGETALL mfa:{/alpha/demo}:events => {"challenge:ChallengeSMS":"1"}



=== TEST 11: names with a case
--- config
    mfa_reset_subject_case exact;
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- seed
HSET mfa:{/Alpha/Demo} uid Demo challenge:ChallengeSMS 1
HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 1
HSET mfa:context:c0ffee subject /Alpha/Demo
--- redis
HGETALL mfa:{/Alpha/Demo} => {"uid":"Demo"}
HGETALL mfa:{/alpha/demo} => {"challenge:ChallengeSMS":"1","uid":"demo"}



=== TEST 12: prefix and length of the events
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    mfa_reset_prefix edge/;
    mfa_reset_events_length 1;
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- seed
HSET edge/{/alpha/demo} uid demo challenge:ChallengeSMS 1
HSET edge/context:c0ffee subject /alpha/demo
--- request eval
[("DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee") x 2]
--- error_code eval
[200, 200]
--- redis
HGETALL edge/{/alpha/demo} => {"uid":"demo"}
XLEN edge/{/alpha/demo}:events => 1
KEYS mfa:* => []



=== TEST 13: AM's devices stay, and AM's reset leaves the counters
--- config
    location /json/ { mfa_reset am; }
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- session
root-token user amAdmin realm / admin /
--- request eval
["POST /json/realms/root/realms/Alpha/users/Demo/devices/2fa/oath?_action=reset\n{}",
 "DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee"]
--- more_headers eval
["Accept-API-Version: resource=1.0\nContent-Type: application/json\niPlanetDirectoryPro: root-token", $main::authorized]
--- response_body eval
['{"result":true}', $main::written{json}]
--- redis
HGETALL mfa:{/alpha/demo} => {"challenge:ChallengeEmail":"3","oath2faEnabled":"0","uid":"demo"}
XLEN mfa:{/alpha/demo}:events => 2



=== TEST 14: the variables in the access log
--- http_config
    log_format oaa '[$mfa_reset_api][$mfa_reset_action][$mfa_reset_caller][$mfa_reset_realm][$mfa_reset_target][$mfa_reset_result]';
--- config
    location /oaa/ {
        mfa_reset oaa;
        mfa_reset_oaa_user_file ../html/oaa.users;
        access_log $TEST_NGINX_SERVER_ROOT/html/access.log oaa;
    }
    location = /access.log { }
--- request eval
["DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee",
 "DELETE $main::path?challengeType=ChallengeSMS&contextId=c0ffee",
 "DELETE $main::path?challengeType=ChallengeSMS&contextId=nosuch",
 "DELETE $main::path?challengeType=%22x&contextId=c0ffee",
 'GET /access.log']
--- error_code eval
[200, 200, 404, 404, 200]
--- response_body_like eval
[('') x 4, qr{\Q[oaa][reset-ChallengeSMS][portal][/alpha][demo][ok]
[oaa][reset-ChallengeSMS][portal][/alpha][demo][none]
[oaa][reset-ChallengeSMS][portal][-][-][unknown]
[oaa][-][portal][-][-][unknown]
\E\z}]
