# Whom a path means: realms from the top level down, the old forms, names
# without case, raw paths, universal ids. What Redis holds afterwards tells.
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: the top-level realm
--- seed
HSET mfa:{/demo} uid demo oathDeviceProfiles [1]
--- request
POST /openam/json/realms/root/users/demo/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/demo} => {"oath2faEnabled":"0","uid":"demo"}
XLEN mfa:{/demo}:events => 1



=== TEST 2: a realm in a realm, and nobody of the same name in another
--- seed
HSET mfa:{/demo} uid demo oathDeviceProfiles [1]
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [2]
HSET mfa:{/eu/demo} uid demo oathDeviceProfiles [3]
HSET mfa:{/alpha/eu/demo} uid demo oathDeviceProfiles [4]
--- request
POST /openam/json/realms/root/realms/alpha/realms/eu/users/demo/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
HGET mfa:{/alpha/eu/demo} oathDeviceProfiles => nil
HGET mfa:{/demo} oathDeviceProfiles => "[1]"
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[2]"
HGET mfa:{/eu/demo} oathDeviceProfiles => "[3]"
KEYS *events => ["mfa:{/alpha/eu/demo}:events"]



=== TEST 3: realm, user and root have no case
--- request eval
map { "POST /openam/json/realms/$_/users/DEMO/devices/2fa/oath?_action=reset\n{}" } 'ROOT/realms/Alpha'
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"0","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}



=== TEST 4: only A to Z are without case
--- seed
HSET mfa:{/alpha/%C3%A4} uid small
HSET mfa:{/alpha/%C3%84} uid great
--- request
POST /json/realms/root/realms/alpha/users/%C3%84/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
KEYS *events => ["mfa:{/alpha/%C3%84}:events"]



=== TEST 5: every way to write one realm
--- request eval
[map { "POST $_\n{}" }
    '/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset',
    '/json/realms/alpha/users/demo/devices/2fa/oath?_action=reset',
    '/json/alpha/users/demo/devices/2fa/oath?_action=reset',
    '/json/users/demo/devices/2fa/oath?_action=reset&realm=/alpha',
    '/json/users/demo/devices/2fa/oath?realm=alpha&_action=reset',
    '/json/users/demo/devices/2fa/oath?realm=%2FALPHA&_action=reset',
    '/json/beta/users/demo/devices/2fa/oath?realm=/alpha&_action=reset',
    '/json/realms/root/realms/al%70ha/users/demo/devices/2fa/oath?realm=/beta&_action=reset',
    '/json/realms/root/realms/alpha/users/demo/devices/2fa/oath/?_action=reset',
    '/sso/am/json/realms/root/realms/alpha/users/%64emo/devices/2f%61/oath?_action=reset']
--- response_body eval
[('{"result":true}') x 10]
--- redis
KEYS *events => ["mfa:{/alpha/demo}:events"]
XLEN mfa:{/alpha/demo}:events => 10



=== TEST 6: every way to write a realm in a realm
--- seed
HSET mfa:{/alpha/eu/demo} uid demo
--- request eval
[map { "POST $_\n{}" }
    '/json/realms/root/realms/alpha/realms/eu/users/demo/devices/2fa/oath?_action=reset',
    '/json/realms/alpha/realms/eu/users/demo/devices/2fa/oath?_action=reset',
    '/json/alpha/eu/users/demo/devices/2fa/oath?_action=reset',
    '/json/users/demo/devices/2fa/oath?_action=reset&realm=/alpha/eu',
    '/json/users/demo/devices/2fa/oath?_action=reset&realm=alpha%2Feu']
--- response_body eval
[('{"result":true}') x 5]
--- redis
XLEN mfa:{/alpha/eu/demo}:events => 5



=== TEST 7: the first segment json is AM's, and root below the top is a realm
--- seed
HSET mfa:{/alpha/root/demo} uid demo
HSET mfa:{/json/demo} uid demo
--- request eval
[map { "POST $_\n{}" }
    '/json/realms/alpha/realms/root/users/demo/devices/2fa/oath?_action=reset',
    '/openam/json/json/users/demo/devices/2fa/oath?_action=reset']
--- response_body eval
[('{"result":true}') x 2]
--- redis
KEYS *events => ["mfa:{/alpha/root/demo}:events","mfa:{/json/demo}:events"]



=== TEST 8: an encoded slash is part of a name, and a plus is a plus
--- seed
HSET mfa:{/alpha/a%2Fb} uid a/b
HSET mfa:{/alpha/a+b} uid a+b
HSET mfa:{/alpha/a%20b} uid 'a b'
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/$_/devices/2fa/oath?_action=reset\n{}" }
    'a%2Fb', 'a+b', 'a%20b']
--- response_body eval
[('{"result":true}') x 3]
--- redis
KEYS *events => ["mfa:{/alpha/a%20b}:events","mfa:{/alpha/a%2Fb}:events","mfa:{/alpha/a+b}:events"]



=== TEST 9: a name is decoded once
--- seed
HSET mfa:{/alpha/a%252fb} uid a%2Fb
HSET mfa:{/alpha/a%2Fb} uid a/b
--- request
POST /json/realms/root/realms/alpha/users/a%252Fb/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
KEYS *events => ["mfa:{/alpha/a%252fb}:events"]



=== TEST 10: no name is a pattern or breaks out of its key
--- seed
HSET mfa:{/alpha/%2A} uid *
HSET mfa:{/alpha/demo%7D} uid demo}
HSET mfa:{/alpha/demo%7D%3Aevents} uid demo}:events
HSET mfa:{/alpha/%5Bd%5Demo%3F} uid [d]emo?
HSET mfa:{/alpha/demo} uid demo
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/$_/devices/2fa/oath?_action=reset\n{}" }
    '*', 'demo%7D', 'demo}:events', '[d]emo%3F']
--- response_body eval
[('{"result":true}') x 4]
--- redis
KEYS *events => ["mfa:{/alpha/%2A}:events","mfa:{/alpha/%5Bd%5Demo%3F}:events","mfa:{/alpha/demo%7D%3Aevents}:events","mfa:{/alpha/demo%7D}:events"]



=== TEST 11: the path is the client's, also after a rewrite and in a named location
--- config
    location /openam/ { rewrite ^ /elsewhere?_action=other last; }
    location /elsewhere { mfa_reset am; }
    location /am/ { try_files /nonexistent @edge; }
    location @edge { mfa_reset am; }
--- seed
HSET mfa:{/alpha/a%2Fb} uid a/b
--- request eval
[map { "POST $_/json/realms/root/realms/alpha/users/a%2Fb/devices/2fa/oath?_action=reset\n{}" } '/openam', '/am']
--- response_body eval
[('{"result":true}') x 2]
--- redis
XLEN mfa:{/alpha/a%2Fb}:events => 2



=== TEST 12: a request target with scheme and host
--- request
POST http://localhost/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
XLEN mfa:{/alpha/demo}:events => 1



=== TEST 13: a universal id of the realm is its user
--- seed
HSET mfa:{/alpha/eu/demo} uid demo oathDeviceProfiles [1]
HSET mfa:{/demo} uid demo oathDeviceProfiles [1]
--- request eval
[map { "POST /json/realms/root$_/devices/2fa/oath?_action=reset\n{}" }
    '/realms/alpha/realms/eu/users/id%3DDemo%2Cou%3Duser%2Co%3Deu%2Co%3Dalpha%2Cou%3Dservices%2Cdc%3Dexample%2Cdc%3Dcom',
    '/users/id=demo,ou=user,dc=example,dc=com',
    '/users/id=demo,ou=user']
--- response_body eval
[('{"result":true}') x 3]
--- redis
XLEN mfa:{/alpha/eu/demo}:events => 1
XLEN mfa:{/demo}:events => 2



=== TEST 14: a universal id of another realm is nobody's, whoever of that name there is
--- seed
HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]
HSET mfa:{/demo} uid demo oathDeviceProfiles [1]
HSET mfa:{/alpha/id%3Ddemo%2Cou%3Duser%2Cdc%3Dexample} uid odd
--- request
POST /json/realms/root/realms/alpha/users/id%3Ddemo%2Cou%3Duser%2Cdc%3Dexample/devices/2fa/oath?_action=reset
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found, version
--- response_body chomp
{"code":404,"reason":"Not Found","message":"User id=demo,ou=user,dc=example not found"}
--- redis
KEYS *events => []
HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"
HGET mfa:{/demo} oathDeviceProfiles => "[1]"



=== TEST 15: a universal id whose user has a comma in the name
--- seed
HSET mfa:{/alpha/doe%2C%20john} uid 'Doe, John'
--- request
POST /json/realms/root/realms/alpha/users/id=Doe%5C%2C%20John,ou=user,o=alpha,ou=services/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
XLEN mfa:{/alpha/doe%2C%20john}:events => 1



=== TEST 16: what only begins like a universal id is a name
--- seed
HSET mfa:{/alpha/id%3Ddemo} uid id=demo
HSET mfa:{/alpha/id%3Ddemo%2Cou%3Dgroup%2Co%3Dalpha} uid group
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/$_/devices/2fa/oath?_action=reset\n{}" }
    'id=demo', 'id=demo,ou=group,o=alpha']
--- response_body eval
[('{"result":true}') x 2]
--- redis
KEYS *events => ["mfa:{/alpha/id%3Ddemo%2Cou%3Dgroup%2Co%3Dalpha}:events","mfa:{/alpha/id%3Ddemo}:events"]



=== TEST 17: a long name
--- seed eval
"HSET mfa:{/alpha/" . "x" x 4000 . "} uid long"
--- request eval
"POST /json/realms/root/realms/alpha/users/" . "x" x 4000 . "/devices/2fa/oath?_action=reset"
--- response_body chomp
{"result":true}
--- redis
DBSIZE => 5
