# Contract "The three calls that must work, literally", and what a reset does:
# what it changes in Redis and what it leaves alone.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $push     = '/json/realms/root/realms/alpha/users/demo/devices/2fa/push';

sub events ($pattern) { return "XRANGE mfa:{/alpha/demo}:events - + => ~ $pattern" }

rows 'the skip setting goes back and the whole device attribute is deleted' => {},
    ['OATH leaves push alone', is => 200,
        redis => 'HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}'],
    ['push leaves OATH alone', path => $push, is => 200,
        redis => 'HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"0","uid":"demo"}'],
    ['several devices', seed => q(HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles '[{"uuid":"1"},{"uuid":"2"}]'), is => 200,
        redis => 'HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","uid":"demo"}'],
    ['whatever else the record holds stays', is => 200,
        seed  => "HSET mfa:{/alpha/demo} uid Demo oath2faEnabled 1 oathDeviceProfiles [1] lock:ChallengeSMS 9 x y\nEXPIRE mfa:{/alpha/demo} 1000",
        redis => qq(HGETALL mfa:{/alpha/demo} => {"lock:ChallengeSMS":"9","oath2faEnabled":"0","uid":"Demo","x":"y"}\nTTL mfa:{/alpha/demo} => ~ ^([89]\\d\\d|1000)\$)],
    ['nobody else is touched', seed => join("\n", map {"HSET mfa:{$_} uid demo oathDeviceProfiles [1]"} qw(/alpha/demo /demo /alpha/eu/demo /alpha/demo2)), is => 200,
        redis => join "\n", map {qq(HGETALL mfa:{$_} => {"oathDeviceProfiles":"[1]","uid":"demo"})} qw(/demo /alpha/eu/demo /alpha/demo2)];

rows 'no device left is still a success' => { is => 200 },
    ['no device and no setting', seed => 'HSET mfa:{/alpha/demo} uid demo', redis => 'HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","uid":"demo"}'],
    ['only the setting', seed => 'HSET mfa:{/alpha/demo} uid demo oath2faEnabled 1', redis => 'HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","uid":"demo"}'],
    ['nothing but the other factor', path => $push, seed => 'HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles [1]',
        redis => 'HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"0","uid":"demo"}'];

rows 'one event says who did it' => { is => 200 },
    ['by universal id', redis => events('^\[\{"action":"reset","api":"am","caller":"id=amAdmin,ou=user,dc=example,dc=com",'
            . '"factor":"oath","ip":"127\.0\.0\.1","removed":"1","request":"[0-9a-f]{32}"\}\]$')],
    ['by name in a realm', session => 'root-token user help realm /alpha admin /alpha', redis => events('"caller":"/alpha/help"')],
    ['by name at the top', session => 'root-token user help realm / admin /', redis => events('"caller":"/help"')],
    ['the user itself', token => 'demo-token', redis => events('"caller":"id=demo,ou=user,o=alpha,')],
    ['of push', path => $push, redis => events('"factor":"push"')],
    ['nothing was removed', seed => 'HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2', redis => events('"removed":"0"')],
    ['twenty are kept, the newest', seed => "HSET mfa:{/alpha/demo} uid demo\nEVAL \"for n = 1, 25 do redis.call('XADD', KEYS[1], '*', 'n', n) end\" 1 mfa:{/alpha/demo}:events",
        redis => qq(XLEN mfa:{/alpha/demo}:events => 20\nXREVRANGE mfa:{/alpha/demo}:events + - COUNT 1 => ~ "api":"am"\nXRANGE mfa:{/alpha/demo}:events - + COUNT 1 => [{"n":"7"}])];

repeat_each(2);
run_rows();

__DATA__

=== TEST 1: the first call, OATH in a sub-realm
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



=== TEST 2: the second call, push, the user in other letters
--- session
AQIC5wM2LY4SfcxvdvHOXjtC_eWSs2RB54tgvgK8SuYi7aQ.*AAJTSQACMDE.2NzEz* user amAdmin realm / admin /
--- seed
HSET mfa:{/mysubrealm/myuser} uid myUser push2faEnabled 2 pushDeviceProfiles '[{"uuid":"d569bb53"}]'
--- request
POST /openam/json/realms/root/realms/mySubrealm/users/myUSER/devices/2fa/push?_action=reset
{}
--- more_headers
Content-Type: application/json
Accept-API-Version: resource=1.0
iplanetDirectoryPro: AQIC5wM2LY4SfcxvdvHOXjtC_eWSs2RB54tgvgK8SuYi7aQ.*AAJTSQACMDE.2NzEz*
--- raw_response_headers_like am_head: 200 OK, version
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/mysubrealm/myuser} => {"push2faEnabled":"0","uid":"myUser"}
XRANGE mfa:{/mysubrealm/myuser}:events - + => ~ "factor":"push"
KEYS mfa:{* => ["mfa:{/mysubrealm/myuser}","mfa:{/mysubrealm/myuser}:events"]



=== TEST 3: the third call, another context path, a JSON string, pretty
--- seed
HSET mfa:{/alpha/0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1} uid 0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1 oathDeviceProfiles [1]
--- request
POST /am/json/realms/root/realms/alpha/users/0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1/devices/2fa/oath?_prettyPrint=true&_action=reset
"<object>"
--- raw_response_headers_like am_head: 200 OK, version
--- response_headers
Content-Length: 21
--- response_body chomp
{
  "result" : true
}
--- redis
HGETALL mfa:{/alpha/0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1} => {"oath2faEnabled":"0","uid":"0d4e2a3c-93d2-4d87-ae2d-a1b3f6b0c6a1"}



=== TEST 4: a second reset succeeds too, and the events show the difference
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- response_body eval
['{"result":true}', '{"result":true}']
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}
XRANGE mfa:{/alpha/demo}:events - + => ~ ^[^}]+"removed":"1"[^}]+\},\{[^}]+"removed":"0"[^}]+\}\]$
