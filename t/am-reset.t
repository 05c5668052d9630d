# AM's reset of a device, as its clients send it: the literal calls, what they
# change in Redis and what they leave alone.
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: the first literal call, OATH in a sub-realm
--- session
AQIC5wM2LY4SfcxvdvHOXjtC_eWSs2RB54tgvgK8SuYi7aQ.*AAJTSQACMDE.2NzEz* user amAdmin realm / universalId id=amAdmin,ou=user,dc=example,dc=com admin /
--- seed
HSET mfa:{/mysubrealm/myuser} uid myUser oath2faEnabled 2 oathDeviceProfiles '[{"uuid":"d569bb53"}]'
--- request
POST /openam/json/realms/root/realms/mySubrealm/users/myUser/devices/2fa/oath?_action=reset
{}
--- more_headers
Content-Type: application/json
Accept-API-Version: resource=1.0
iplanetDirectoryPro: AQIC5wM2LY4SfcxvdvHOXjtC_eWSs2RB54tgvgK8SuYi7aQ.*AAJTSQACMDE.2NzEz*
--- raw_response_headers_like am_head: 200 OK, version
--- response_headers
Content-Length: 15
!ETag
!Warning
!WWW-Authenticate
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/mysubrealm/myuser} => {"oath2faEnabled":"0","uid":"myUser"}
XRANGE mfa:{/mysubrealm/myuser}:events - + => ~ ^\[\{"action":"reset","api":"am","caller":"id=amAdmin,ou=user,dc=example,dc=com","factor":"oath","ip":"127\.0\.0\.1","removed":"1","request":"[0-9a-f]{32}"\}\]$
DBSIZE => 3
--- no_error_log
mfa_reset: refused
[error]



=== TEST 2: the second literal call, push, the user in other letters
--- seed
HSET mfa:{/mysubrealm/myuser} uid myUser push2faEnabled 2 pushDeviceProfiles '[{"uuid":"d569bb53"}]'
--- request
POST /openam/json/realms/root/realms/mySubrealm/users/myUSER/devices/2fa/push?_action=reset
{}
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/mysubrealm/myuser} => {"push2faEnabled":"0","uid":"myUser"}
XRANGE mfa:{/mysubrealm/myuser}:events - + => ~ "factor":"push"
KEYS mfa:{* => ["mfa:{/mysubrealm/myuser}","mfa:{/mysubrealm/myuser}:events"]



=== TEST 3: the third literal call, another context path, a JSON string, pretty
--- seed
HSET mfa:{/alpha/0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1} uid 0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1 oathDeviceProfiles [1]
--- request
POST /am/json/realms/root/realms/alpha/users/0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1/devices/2fa/oath?_prettyPrint=true&_action=reset
"<object>"
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{
  "result" : true
}
--- redis
HGETALL mfa:{/alpha/0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1} => {"oath2faEnabled":"0","uid":"0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1"}



=== TEST 4: OATH leaves push alone, and whatever else the record holds
--- seed
HSET mfa:{/alpha/demo} uid Demo oath2faEnabled 1 oathDeviceProfiles [1] push2faEnabled 2 pushDeviceProfiles [2] lock:ChallengeSMS 9 x y
EXPIRE mfa:{/alpha/demo} 1000
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/alpha/demo} => {"lock:ChallengeSMS":"9","oath2faEnabled":"0","push2faEnabled":"2","pushDeviceProfiles":"[2]","uid":"Demo","x":"y"}
TTL mfa:{/alpha/demo} => ~ ^(?:99\d|1000)$



=== TEST 5: push leaves OATH alone
--- request
POST /openam/json/realms/root/realms/alpha/users/demo/devices/2fa/push?_action=reset
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"0","uid":"demo"}



=== TEST 6: once more is as good, and the events tell the two apart
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- response_body eval
['{"result":true}', '{"result":true}']
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}
XRANGE mfa:{/alpha/demo}:events - + => ~ ^[^}]+"removed":"1"[^}]+\},\{[^}]+"removed":"0"[^}]+\}\]$



=== TEST 7: no device left is no error
--- seed
HSET mfa:{/alpha/demo} uid demo
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","uid":"demo"}
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 8: only the skip setting, and no device
--- seed
HSET mfa:{/alpha/demo} uid demo oath2faEnabled 1
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","uid":"demo"}
XRANGE mfa:{/alpha/demo}:events - + => ~ "removed":"0"



=== TEST 9: twenty events are kept, the newest
--- seed
HSET mfa:{/alpha/demo} uid demo
EVAL "for n = 1, 25 do redis.call('XADD', KEYS[1], '*', 'n', n) end" 1 mfa:{/alpha/demo}:events
--- response_body chomp
{"result":true}
--- redis
XLEN mfa:{/alpha/demo}:events => 20
XREVRANGE mfa:{/alpha/demo}:events + - COUNT 1 => ~ "api":"am"
XRANGE mfa:{/alpha/demo}:events - + COUNT 1 => [{"n":"7"}]



=== TEST 10: someone who never enrolled resets nothing, with success, and is not written down
--- seed
--- more_headers
iPlanetDirectoryPro: demo-token
Accept-API-Version: resource=1.0
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{"result":true}
--- redis
KEYS mfa:{* => []



=== TEST 11: the caller without a universal id is a name in a realm
--- session
sub-token user help realm /alpha admin /alpha
top-token user help realm / admin /
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- more_headers eval
["iPlanetDirectoryPro: sub-token", "iPlanetDirectoryPro: top-token"]
--- response_body eval
['{"result":true}', '{"result":true}']
--- redis
XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"/alpha/help"[^}]+\},[^}]+"caller":"/help"



=== TEST 12: the body may be absent, blank, or any JSON value
--- request eval
my $call = "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset";
[$call, map { "$call\n$_" } '{ }', '[]', '"x"', 'null', '-1.5e3', 'true', '{"a":[{"b":"\u00e4"}]}', '123456789012345678901234567890']
--- response_body eval
[('{"result":true}') x 9]



=== TEST 13: a body of white space
--- more_headers
iPlanetDirectoryPro: root-token
Content-Length: 4
--- request eval
[["POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n", " \r\n\t"]]
--- response_body chomp
{"result":true}



=== TEST 14: Content-Type may be absent, and is read without case and parameters
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 5]
--- more_headers eval
[map { "iPlanetDirectoryPro: root-token$_" }
    "", "\nContent-Type: APPLICATION/json; charset=utf-8", "\nContent-Type:",
    "\nContent-Type: multipart/form-data; boundary=x", "\nContent-Type: application/json;"]
--- response_body eval
[('{"result":true}') x 5]



=== TEST 15: a multipart body is not looked into
--- request
POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset
--x
--- more_headers
Content-Type: multipart/form-data; boundary=x
iPlanetDirectoryPro: root-token
--- response_body chomp
{"result":true}



=== TEST 16: parameters that change nothing, and the name of _action in any case
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?$_\n{}" }
    '_ACTION=reset', '_action=%72eset', '%5Faction=reset', '_action=reset&_fields=a&_fields=b',
    'x=y&_action=reset&x=z&z', '&&_action=reset&', '_action=reset&_prettyPrint=TRUE',
    '_action=reset&_prettyPrint', '_action=reset&_pageSize=2', '_action=reset&action=other']
--- response_body eval
[('{"result":true}') x 10]



=== TEST 17: Accept and Accept-Encoding are never looked at
--- more_headers
Accept: text/html
Accept-Encoding: gzip
Accept-Language: de
If-Range: "x"
Range: bytes=0-3
iPlanetDirectoryPro: root-token
Accept-API-Version: resource=1.0
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{"result":true}
