# Tenanted and untenanted resets: which record is meant, and which caller may name an organisation.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

sub of ($session) { return "Content-Type: application/json\nX-ss-id: session-of-$session\n" }

our $forbidden = error_of('Forbidden', 'Forbidden');

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: without an organisation it is the caller's
--- request eval
main::put(organisationId => undef)
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"
HGET mfa:{/foundry/u-42} oath2faEnabled => "2"
HGET mfa:{/foundry/org-8/u-42} oath2faEnabled => "2"
HEXISTS mfa:{/foundry/org-7/1} callerCode:step => 1



=== TEST 2: an empty organisation is the caller's, too
--- request eval
main::put(organisationId => '')
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"



=== TEST 3: a caller without an organisation acts outside all organisations
--- request eval
main::put(organisationId => undef)
--- more_headers eval
main::of('global')
--- redis
HGET mfa:{/foundry/u-42} oath2faEnabled => "0"
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "2"
HEXISTS mfa:{/foundry/3} callerCode:step => 1
XRANGE mfa:{/foundry/u-42}:events - + => ~ "caller":"/foundry/3"



=== TEST 4: such a caller may name no organisation without a global role
--- request eval
main::put()
--- more_headers eval
main::of('global')
--- error_code: 403
--- response_body eval
$main::forbidden
--- redis eval
main::events_unchanged()
--- error_log
mfa_reset: refused foundry: forbidden, caller "/foundry/3", target "/foundry/org-7/u-42", reason "an organisation, and the caller has none"



=== TEST 5: a global role may name any organisation
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_global Global; }
--- request eval
[main::put(), main::put(organisationId => 'org-8', callerCode => '{{code+1}}')]
--- more_headers eval
main::of('global')
--- error_code eval
[200, 200]
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"
HGET mfa:{/foundry/org-8/u-42} oath2faEnabled => "0"
HGET mfa:{/foundry/u-42} oath2faEnabled => "2"
HEXISTS mfa:{/foundry/3} callerCode:step => 1



=== TEST 6: a caller with an organisation is bound to it, with a global role or not
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_global Admin; }
--- request eval
main::put(organisationId => 'org-8')
--- error_code: 403
--- response_body eval
$main::forbidden
--- error_log
caller "/foundry/org-7/1", target "/foundry/org-8/u-42", reason "another organisation than the caller's"



=== TEST 7: mfa_reset_foundry_organisation names the member
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_organisation TenantId; mfa_reset_foundry_caller_code off; }
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"organisationId":"org-7","tenantId":8,"isAuthenticated":true}'
HSET mfa:{/foundry/8/u-42} uid u-42 oath2faEnabled 2
--- request eval
main::put(organisationId => '8')
--- redis
HGET mfa:{/foundry/8/u-42} oath2faEnabled => "0"



=== TEST 8: an organisation that is no text is refused
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_global Admin; mfa_reset_foundry_caller_code off; }
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"organisationId":{"id":"org-7"},"isAuthenticated":true}'
HSET mfa:{/foundry/u-42} uid u-42 oath2faEnabled 2
--- request eval
[main::put(), main::put(organisationId => undef)]
--- error_code eval
[403, 403]
--- redis
HGET mfa:{/foundry/u-42} oath2faEnabled => "2"



=== TEST 9: names are taken as they are, and cannot leave their part of the key
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_global Admin; mfa_reset_foundry_caller_code off; }
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/a%2Fb/c%7D%3Aevents} uid c oath2faEnabled 2
HSET mfa:{/foundry/a/b/c} uid c oath2faEnabled 2
HSET mfa:{/foundry/Org/U} uid U oath2faEnabled 2
HSET mfa:{/foundry/org/u} uid u oath2faEnabled 2
--- request eval
[main::put(organisationId => 'a/b', targetUserId => 'c}:events'), main::put(organisationId => 'Org', targetUserId => 'U'),
 main::put(organisationId => 'a', targetUserId => 'b/c')]
--- error_code eval
[200, 200, 404]
--- redis
HGET mfa:{/foundry/a%2Fb/c%7D%3Aevents} oath2faEnabled => "0"
HGET mfa:{/foundry/a/b/c} oath2faEnabled => "2"
HGET mfa:{/foundry/Org/U} oath2faEnabled => "0"
HGET mfa:{/foundry/org/u} oath2faEnabled => "2"



=== TEST 10: another base realm, and names without case
--- config
    location /users/ { mfa_reset foundry; mfa_reset_realm /Acme/eu; mfa_reset_subject_case ascii; mfa_reset_foundry_caller_code off; }
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"organisationId":"Org-7","isAuthenticated":true}'
HSET mfa:{/acme/eu/org-7/u-42} uid u-42 oath2faEnabled 2
--- request eval
main::put(organisationId => 'ORG-7', targetUserId => 'U-42')
--- redis
HGET mfa:{/acme/eu/org-7/u-42} oath2faEnabled => "0"



=== TEST 11: the log of an early refusal has the organisation, too
--- request eval
main::put()
--- more_headers eval
main::of('user')
--- error_code: 403
--- response_body eval
$main::forbidden
--- error_log
mfa_reset: refused foundry: forbidden, caller "/foundry/org-7/2", target "", reason "no role that may reset"
