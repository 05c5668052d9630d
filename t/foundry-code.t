# The caller's code: current, next, used, wrong, locked; callers without a device; and the fields of
# the record about it.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

our $bad    = error_of('InvalidCallerCode', 'Invalid caller code');
our $locked = error_of('TooManyAttempts',   'Too many wrong codes');

our $until = (time + 600) * 1000;

sub wrong ($times) { return ((put(callerCode => '{{wrong}}')) x $times) }

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: a code is valid once, and then the next one
--- request eval
[main::put(), main::put(), main::put(callerCode => '{{code+1}}'), main::put()]
--- error_code eval
[200, 403, 200, 403]
--- response_body eval
['{}', $main::bad, '{}', $main::bad]
--- redis
HKEYS mfa:{/foundry/org-7/1} => ["callerCode:step","oathDeviceProfiles","uid"]
XLEN mfa:{/foundry/org-7/u-42}:events => 2



=== TEST 2: five wrong codes lock the caller out
--- request eval
[main::wrong(5), main::put(), main::wrong(1)]
--- error_code eval
[(403) x 5, 429, 429]
--- raw_response_headers_like eval foundry_head
[("403 Forbidden") x 5, ("429 Too Many Requests, retry") x 2]
--- response_body eval
[($main::bad) x 5, ($main::locked) x 2]
--- redis eval
main::events_unchanged() . 'HGET mfa:{/foundry/org-7/1} callerCode:failures => "5"
HGET mfa:{/foundry/org-7/1} callerCode:lockedUntil => ~ ^"\d{13}"$'



=== TEST 3: a valid code clears the count
--- request eval
[main::wrong(4), main::put(), main::wrong(4), main::put(callerCode => '{{code+1}}')]
--- error_code eval
[(403) x 4, 200, (403) x 4, 200]
--- redis
HKEYS mfa:{/foundry/org-7/1} => ["callerCode:step","oathDeviceProfiles","uid"]



=== TEST 4: the header has the rest of the lock time
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code required attempts=2 lock=90s; }
--- request eval
[main::wrong(2), main::put()]
--- error_code eval
[403, 403, 429]
--- raw_response_headers_like eval
['403 Forbidden', '403 Forbidden', 'Retry-After: (?:90|8\d)\r\n']



=== TEST 5: a lock that has expired, and one that has not
--- seed eval
my ($sessions) = "SET urn:iauthsession:session-of-admin '" . '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}' . "'\n"
    . "SET urn:iauthsession:session-of-other '" . '{"userAuthId":"2","roles":["Admin"],"isAuthenticated":true}' . "'\n"
    . "HSET mfa:{/foundry/u-42} uid u-42\n";
my $device = '[{"sharedSecret":"3132333435363738393031323334353637383930"}]';
$sessions . "HSET mfa:{/foundry/1} uid 1 oathDeviceProfiles '$device' callerCode:failures 5 callerCode:lockedUntil 1000\n"
    . "HSET mfa:{/foundry/2} uid 2 oathDeviceProfiles '$device' callerCode:failures 5 callerCode:lockedUntil $main::until\n"
--- request eval
[(main::put(organisationId => undef)) x 2]
--- more_headers eval
[map { "Content-Type: application/json\nX-ss-id: session-of-$_" } qw(admin other)]
--- error_code eval
[200, 429]
--- redis
HKEYS mfa:{/foundry/1} => ["callerCode:step","oathDeviceProfiles","uid"]
HGET mfa:{/foundry/2} callerCode:failures => "5"



=== TEST 6: callers without a device, with an encrypted one, without a record
--- seed
SET urn:iauthsession:session-of-1 '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-2 '{"userAuthId":"2","roles":["Admin"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-3 '{"userAuthId":"3","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/1} uid 1
HSET mfa:{/foundry/2} uid 2 oathDeviceProfiles '["eyJhbGciOiJkaXIi"]'
HSET mfa:{/foundry/u-42} uid u-42 oath2faEnabled 2
--- config
    location /users/ { mfa_reset foundry; }
    location /enrolled/ { mfa_reset foundry; mfa_reset_foundry_caller_code enrolled; }
--- request eval
[(main::put(organisationId => undef)) x 3, (main::put(organisationId => undef, callerCode => undef) =~ s{/users}{/enrolled/users}r) x 3]
--- more_headers eval
[map { "Content-Type: application/json\nX-ss-id: session-of-$_" } 1 .. 3, 1 .. 3]
--- error_code eval
[403, 403, 403, 200, 403, 200]
--- redis
EXISTS mfa:{/foundry/3} => 0



=== TEST 7: enrolled: a device that cannot be used counts as a device
--- seed eval
my $secret = '"sharedSecret":"3132333435363738393031323334353637383930"';
my @profiles = ('["eyJhbGciOiJkaXIi"]', qq([{$secret,"counter":3}]), qq([{$secret,"clockDriftSeconds":86401}]), '[{"sharedSecret":"31"}]', '[{', '{}', '[]');
CORE::join '', "HSET mfa:{/foundry/u-42} uid u-42 oath2faEnabled 2\n", map {
    "SET urn:iauthsession:session-of-$_ '{\"userAuthId\":\"$_\",\"roles\":[\"Admin\"],\"isAuthenticated\":true}'\n"
    . "HSET mfa:{/foundry/$_} uid $_ oathDeviceProfiles '$profiles[$_ - 1]'\n" } 1 .. @profiles
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code enrolled; }
--- request eval
[(main::put(organisationId => undef, callerCode => undef)) x 7, (main::put(organisationId => undef)) x 6]
--- more_headers eval
[map { "Content-Type: application/json\nX-ss-id: session-of-$_" } 1 .. 7, 1 .. 6]
--- error_code eval
[(403) x 6, 200, (403) x 6]
--- response_body eval
[($main::bad) x 6, '{}', ($main::bad) x 6]
--- redis
XLEN mfa:{/foundry/u-42}:events => 1
HGET mfa:{/foundry/1} callerCode:failures => "2"



=== TEST 8: enrolled: a caller with a device must use it
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code enrolled; }
--- request eval
[main::put(callerCode => undef), main::wrong(1), main::put()]
--- error_code eval
[400, 403, 200]
--- response_body_like eval
['NotEmpty', 'InvalidCallerCode', '^\{\}$']



=== TEST 9: enrolled: a locked caller stays locked without a device, as after a reset by another user
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code enrolled; mfa_reset_foundry_global Global; }
--- request eval
[main::wrong(5), main::put(targetUserId => 1, organisationId => 'org-7', callerCode => '{{code}}'), main::put(callerCode => undef)]
--- more_headers eval
[("Content-Type: application/json\nX-ss-id: session-of-admin") x 5, "Content-Type: application/json\nX-ss-id: session-of-global", "Content-Type: application/json\nX-ss-id: session-of-admin"]
--- error_code eval
[(403) x 5, 200, 429]
--- response_body eval
[($main::bad) x 5, '{}', $main::locked]
--- redis
HEXISTS mfa:{/foundry/org-7/1} oathDeviceProfiles => 0
XLEN mfa:{/foundry/org-7/u-42}:events => 0



=== TEST 9: off: no code is needed
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
[main::put(callerCode => undef), main::wrong(1)]
--- error_code eval
[200, 200]
--- redis
HEXISTS mfa:{/foundry/org-7/1} callerCode:failures => 0



=== TEST 10: no code reaches a log
--- request eval
[main::put(), main::wrong(1)]
--- error_code eval
[200, 403]
--- no_error_log eval
[qr/mfa_reset.*\b\d{6}\b(?!\.\d)(?<!#\d{6})/]



=== TEST 11: a device whose clock is wrong
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/1} uid 1 oathDeviceProfiles '[{"sharedSecret":"aa"},{"sharedSecret":"3132333435363738393031323334353637383930","clockDriftSeconds":90}]'
HSET mfa:{/foundry/u-42} uid u-42
--- request eval
[map { main::put(organisationId => undef, callerCode => "{{code+$_}}") } 1, 3]
--- error_code eval
[403, 200]



=== TEST 12: invalid counts are an error
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/1} uid 1 oathDeviceProfiles '[{"sharedSecret":"3132333435363738393031323334353637383930"}]' callerCode:step x
HSET mfa:{/foundry/u-42} uid u-42 oath2faEnabled 2
--- request eval
main::put(organisationId => undef)
--- error_code: 500
--- response_body eval
main::error_of('InternalServerError', 'Internal Server Error')
--- redis
HGET mfa:{/foundry/u-42} oath2faEnabled => "2"
HGET mfa:{/foundry/1} callerCode:step => "x"
--- error_log
arithmetic
