# Who may reset whom, asked through HTTP; and that nothing is written where the
# answer is no. Each table is a list of [caller, target, status].
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

# For `request`, `more_headers` and `error_code`: a table, column by column.
sub targets (@table) {
    return [map { my ($caller, $target) = @$_; "POST /json/$target/devices/2fa/oath?_action=reset\n{}" } @table];
}

sub callers (@table) {
    return [map {"Accept-API-Version: resource=1.0\niPlanetDirectoryPro: $_->[0]-token"} @table];
}

sub statuses (@table) {
    return [map { $_->[2] } @table];
}

our @self = (
    ['demo',  'realms/root/realms/alpha/users/demo', 200],
    ['demo',  'realms/root/realms/ALPHA/users/DEMO', 200],
    ['demo',  'realms/root/realms/alpha/users/id=demo,ou=user,o=alpha,ou=services', 200],
    ['Demo',  'realms/root/realms/alpha/users/demo', 200],
    ['eve',   'realms/root/realms/alpha/users/demo', 403],
    ['demo',  'realms/root/realms/alpha/users/eve', 403],
    ['demo',  'realms/root/realms/alpha/users/nosuch', 403],
    ['demo',  'realms/root/realms/alpha/users/demo2', 403],
    ['demo',  'realms/root/realms/alpha/users/dem', 403],
    ['demo',  'realms/root/users/demo', 403],
    ['demo',  'realms/root/realms/beta/users/demo', 403],
    ['demo',  'realms/root/realms/alpha/realms/eu/users/demo', 403],
    ['demo',  'realms/root/realms/alpha/users/id=demo,ou=user,o=beta,ou=services', 403],
    ['demo',  'users/demo', 403],
    ['top',   'realms/root/users/demo', 200],
    ['top',   'realms/root/realms/alpha/users/demo', 403],
);
our @administrators = (
    ['root',     'realms/root/users/demo', 200],
    ['root',     'realms/root/realms/alpha/users/demo', 200],
    ['root',     'realms/root/realms/alpha/realms/eu/users/demo', 200],
    ['root',     'realms/root/realms/alphabet/users/demo', 200],
    ['alpha',    'realms/root/realms/alpha/users/demo', 200],
    ['alpha',    'realms/root/realms/Alpha/users/demo', 200],
    ['alpha',    'realms/root/realms/alpha/realms/eu/users/demo', 200],
    ['alpha',    'realms/root/users/demo', 403],
    ['alpha',    'realms/root/realms/alphabet/users/demo', 403],
    ['alpha',    'realms/root/realms/alpha%20b/users/demo', 403],
    ['Alpha',    'realms/root/realms/alpha/users/demo', 200],
    ['alphabet', 'realms/root/realms/alphabet/users/demo', 200],
    ['alphabet', 'realms/root/realms/alpha/users/demo', 403],
    ['eu',       'realms/root/realms/alpha/realms/eu/users/demo', 200],
    ['eu',       'realms/root/realms/alpha/users/demo', 403],
    ['eu',       'realms/root/realms/eu/users/demo', 403],
    ['none',     'realms/root/realms/alpha/users/demo', 403],
);

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: users reset their own devices, in their own realm
--- session
demo-token user demo realm /alpha
Demo-token user DEMO realm /Alpha
eve-token user eve realm /alpha
top-token user demo realm /
--- seed
HSET mfa:{/alpha/demo} uid demo
HSET mfa:{/alpha/eve} uid eve
HSET mfa:{/alpha/demo2} uid demo2
HSET mfa:{/alpha/dem} uid dem
HSET mfa:{/demo} uid demo
HSET mfa:{/beta/demo} uid demo
HSET mfa:{/alpha/eu/demo} uid demo
--- request eval
main::targets(@main::self)
--- more_headers eval
main::callers(@main::self)
--- error_code eval
main::statuses(@main::self)
--- redis
KEYS *events => ["mfa:{/alpha/demo}:events","mfa:{/demo}:events"]
XLEN mfa:{/alpha/demo}:events => 4
XLEN mfa:{/demo}:events => 1



=== TEST 2: administrators reset whom their realm is above, by whole segments
--- session
root-token user amAdmin realm / admin /
alpha-token user help realm /alpha admin /alpha
Alpha-token user help realm /beta admin /ALPHA
alphabet-token user help realm /alpha admin /alphabet
eu-token user help realm / admin /alpha/eu
none-token user amAdmin realm / admin ''
--- seed
HSET mfa:{/demo} uid demo
HSET mfa:{/alpha/demo} uid demo
HSET mfa:{/alpha/eu/demo} uid demo
HSET mfa:{/alphabet/demo} uid demo
--- request eval
main::targets(@main::administrators)
--- more_headers eval
main::callers(@main::administrators)
--- error_code eval
main::statuses(@main::administrators)
--- redis
XLEN mfa:{/demo}:events => 1
XLEN mfa:{/alpha/demo}:events => 4
XLEN mfa:{/alpha/eu/demo}:events => 3
XLEN mfa:{/alphabet/demo}:events => 2



=== TEST 3: the refusal names the caller by universal id, and the log by the same
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: eve-token
--- error_code: 403
--- raw_response_headers_like am_head: 403 Forbidden
--- response_body chomp
{"code":403,"reason":"Forbidden","message":"User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized."}
--- error_log
mfa_reset: refused am: forbidden, caller "id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com", target "/alpha/demo", reason "User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized."
--- redis
HGETALL mfa:{/alpha/demo} => {"oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}
DBSIZE => 4



=== TEST 4: without one by name
--- session
eve-token user Eve realm /alpha
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: eve-token
--- error_code: 403
--- response_body chomp
{"code":403,"reason":"Forbidden","message":"User, id=Eve, not authorized."}
--- error_log
mfa_reset: refused am: forbidden, caller "/alpha/Eve", target "/alpha/demo",



=== TEST 5: a refusal does not tell whether there is such a user
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/$_/devices/2fa/oath?_action=reset\n{}" } qw(demo nosuch)]
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: eve-token
--- error_code eval
[403, 403]
--- raw_response_headers_like eval am_head
["403 Forbidden", "403 Forbidden"]
--- response_body eval
[('{"code":403,"reason":"Forbidden","message":"User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized."}') x 2]
--- redis
DBSIZE => 4



=== TEST 6: an administrator is told
--- request
POST /json/realms/root/realms/alpha/users/noSuch/devices/2fa/oath?_action=reset
--- error_code: 404
--- raw_response_headers_like am_head: 404 Not Found, version
--- response_body chomp
{"code":404,"reason":"Not Found","message":"User noSuch not found"}
--- error_log
mfa_reset: refused am: unknown, caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/noSuch", reason "User noSuch not found"
--- redis
KEYS mfa:{* => ["mfa:{/alpha/demo}"]



=== TEST 7: devices without a uid are nobody's
--- seed
HSET mfa:{/alpha/demo} oathDeviceProfiles [1]
--- error_code: 404
--- response_body chomp
{"code":404,"reason":"Not Found","message":"User demo not found"}
--- redis
HGETALL mfa:{/alpha/demo} => {"oathDeviceProfiles":"[1]"}



=== TEST 8: where users may not reset their own
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_am_self off; }
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n{}") x 2]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\niPlanetDirectoryPro: $_-token" } qw(demo root)]
--- error_code eval
[403, 200]
--- response_body eval
['{"code":403,"reason":"Forbidden","message":"User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized."}',
 '{"result":true}']
--- redis
XRANGE mfa:{/alpha/demo}:events - + => ~ ^\[\{[^}]*"caller":"id=amAdmin,[^}]*\}\]$



=== TEST 9: administrators may still reset themselves there
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_am_self off; }
--- seed
HSET mfa:{/amadmin} uid amAdmin oathDeviceProfiles [1]
--- request
POST /json/realms/root/users/amAdmin/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
HGETALL mfa:{/amadmin} => {"oath2faEnabled":"0","uid":"amAdmin"}



=== TEST 10: with exact names DEMO is another than demo, for users and for administrators
--- config
    location ~ /json/ { mfa_reset am; mfa_reset_subject_case exact; }
--- session
demo-token user demo realm /alpha
Demo-token user DEMO realm /alpha
alpha-token user help realm /alpha admin /Alpha
--- seed
HSET mfa:{/alpha/demo} uid demo
HSET mfa:{/alpha/DEMO} uid DEMO
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/$_/devices/2fa/oath?_action=reset\n{}" } qw(demo DEMO demo DEMO demo)]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\niPlanetDirectoryPro: $_-token" } qw(demo demo Demo Demo alpha)]
--- error_code eval
[200, 403, 403, 200, 403]
--- redis
KEYS *events => ["mfa:{/alpha/DEMO}:events","mfa:{/alpha/demo}:events"]
