# Which caller may do what: a table, each row with a session and with a token. A refused request resets
# no user.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

our $key = 'a key of some forty bytes, for HMAC only.';

sub session_header ($id) { return "Content-Type: application/json\nX-ss-id: $id\n" }

sub bearer ($token) { return "Content-Type: application/json\nAuthorization: Bearer $token\n" }

our $unauthorized = error_of('Unauthorized', 'Not Authenticated');
our $forbidden    = error_of('Forbidden',    'Forbidden');
our $bad_code     = error_of('InvalidCallerCode', 'Invalid caller code');

# Rows of [request, headers, status, words of the head, body].
our @common = (
    [put(organisationId => 'org-8'), admin => 403, '403 Forbidden',    $forbidden],
    [put(organisationId => 'ORG-7'), admin => 403, '403 Forbidden',    $forbidden],
    [put(callerCode => '{{wrong}}'), admin => 403, '403 Forbidden',    $bad_code],
    [put(callerCode => '12345'),     admin => 403, '403 Forbidden',    $bad_code],
    [put(targetUserId => 'nobody'),  admin => 404, '404 Not Found',    error_of('NotFound', 'User not found')],
    [put(targetUserId => 'nobody'),  admin => 403, '403 Forbidden',    $bad_code],
    [put(),                          user  => 403, '403 Forbidden',    $forbidden],
    [put(targetUserId => 'nobody'),  user  => 403, '403 Forbidden',    $forbidden],
    ["PUT /users/2fa/reset\n{",      user  => 403, '403 Forbidden',    $forbidden],
    [put(organisationId => undef, callerCode => '{{code+1}}', targetUserId => 'nobody'),
        admin => 404, '404 Not Found', error_of('NotFound', 'User not found')],
    [put(organisationId => 'org-7', callerCode => '{{wrong}}'), global => 403, '403 Forbidden', $forbidden],
);

our %session = map { $_ => session_header("session-of-$_") } qw(admin user global);
our %token   = (
    admin  => bearer(jwt(admin_claims(), $key)),
    user   => bearer(jwt(admin_claims(sub => 2, roles => ['User']), $key)),
    global => bearer(jwt(admin_claims(sub => 3, roles => ['Admin', 'Global'], organisationId => undef), $key)),
);

our @nobody = (
    [put(), '',                              401],
    [put(), session_header('no-such-session'), 401],
    [put(), session_header('session:of:admin'), 401],
    ["PUT /users/2fa/reset\n{", '',          401],
    ["PUT /users/2fa/reset\n" . '{"targetUserId":"' . 'x' x 65536 . '"}', '', 401],
);

sub column ($number, @rows) { return [map { $_->[$number] } @rows] }

our $users = '    location /users/ { mfa_reset foundry; mfa_reset_foundry_jwt_key ../html/jwt.key; }';

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: by session
--- request eval
main::column(0, @main::common)
--- more_headers eval
[map { $main::session{$_->[1]} } @main::common]
--- error_code eval
main::column(2, @main::common)
--- raw_response_headers_like eval foundry_head
main::column(3, @main::common)
--- response_body eval
main::column(4, @main::common)
--- redis eval
main::events_unchanged() . 'HGET mfa:{/foundry/org-7/1} callerCode:failures => nil'



=== TEST 2: by token
--- config eval: $main::users
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
main::column(0, @main::common)
--- more_headers eval
[map { $main::token{$_->[1]} } @main::common]
--- error_code eval
main::column(2, @main::common)
--- raw_response_headers_like eval foundry_head
main::column(3, @main::common)
--- response_body eval
main::column(4, @main::common)
--- redis eval
main::events_unchanged()



=== TEST 3: no credentials
--- request eval
main::column(0, @main::nobody)
--- more_headers eval
main::column(1, @main::nobody)
--- error_code eval
main::column(2, @main::nobody)
--- raw_response_headers_like eval foundry_head
[("401 Unauthorized, authenticate") x 5]
--- response_body eval
[($main::unauthorized) x 5]
--- redis eval
main::events_unchanged()
--- error_log
mfa_reset: refused foundry: unauthenticated, caller "", target "", reason "



=== TEST 4: invalid sessions
--- seed
SET urn:iauthsession:session-of-nobody '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":false}'
SET urn:iauthsession:session-of-noname '{"roles":["Admin"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-text 'text'
SET urn:iauthsession:session-of-nothing ''
SET urn:iauthsession:session-of-expired '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}' PX 1
--- request eval
[(main::put()) x 5]
--- more_headers eval
[map { main::session_header("session-of-$_") } qw(nobody noname text nothing expired)]
--- error_code eval
[(401) x 5]
--- response_body eval
[($main::unauthorized) x 5]



=== TEST 5: the same session in PascalCase, of another type
--- seed
SET urn:iauthsession:session-of-pascal '{"__type":"Acme.CustomUserSession, Acme","UserAuthId":1,"Roles":["Admin"],"IsAuthenticated":true}'
HSET mfa:{/foundry/u-42} uid u-42 oath2faEnabled 2
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
main::put(organisationId => undef)
--- more_headers eval
main::session_header('session-of-pascal')
--- redis
HGET mfa:{/foundry/u-42} oath2faEnabled => "0"
XRANGE mfa:{/foundry/u-42}:events - + => ~ "caller":"/foundry/1"



=== TEST 6: a key of another type in the place of a session
--- seed
HSET urn:iauthsession:session-of-hash a b
--- request eval
main::put()
--- more_headers eval
main::session_header('session-of-hash')
--- error_code: 500
--- response_body eval
main::error_of('InternalServerError', 'Internal Server Error')
--- error_log
WRONGTYPE



=== TEST 7: a cookie without a sign that the page may call
--- request eval
[("PUT /users/2fa/reset\ntargetUserId=u-42&callerCode={{code}}") x 4, (main::put()) x 3]
--- more_headers eval
my $cookie = "Cookie: ss-opt=temp; ss-id=session-of-admin\n";
["${cookie}Content-Type: application/x-www-form-urlencoded", "${cookie}Content-Type: text/plain", "${cookie}Content-Type: multipart/form-data; boundary=x", $cookie,
 map { "${cookie}Content-Type: application/json\nHost: app.example.com\nOrigin: $_" } 'https://evil.example', 'null', 'https://app.example.com:8443']
--- error_code eval
[(403) x 7]
--- response_body eval
[($main::forbidden) x 7]
--- redis eval
main::events_unchanged() . 'HEXISTS mfa:{/foundry/org-7/1} callerCode:step => 0'



=== TEST 8: a cookie with such a sign
--- request eval
["PUT /users/2fa/reset\ntargetUserId=u-42&callerCode={{code}}", main::put(callerCode => '{{code+1}}')]
--- more_headers eval
["Cookie: ss-id=session-of-admin\nContent-Type: application/x-www-form-urlencoded\nX-Requested-With: XMLHttpRequest",
 "Cookie: ss-opt=perm; ss-pid=session-of-admin\nContent-Type: application/json\nHost: app.example.com\nOrigin: https://app.example.com"]
--- error_code eval
[200, 200]



=== TEST 9: CSV is no form, and default ports are left out on either side
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
[("PUT /users/2fa/reset\nTargetUserId\r\nu-42\r\n") x 4]
--- more_headers eval
my $csv = "Cookie: ss-id=session-of-admin\nContent-Type: text/csv\n";
[$csv, "${csv}Host: app.example.com\nOrigin: https://app.example.com:443", "${csv}Host: app.example.com:443\nOrigin: https://app.example.com",
 "${csv}Host: app.example.com:443\nOrigin: http://app.example.com"]
--- error_code eval
[200, 200, 200, 403]



=== TEST 10: the same for the cookie of a token
--- config eval: $main::users
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
["PUT /users/2fa/reset\ntargetUserId=u-42&callerCode={{code}}", main::put()]
--- more_headers eval
my ($token) = $main::token{admin} =~ /Bearer (\S+)/;
["Cookie: ss-tok=$token\nContent-Type: application/x-www-form-urlencoded", "Cookie: ss-tok=$token\nContent-Type: application/json"]
--- error_code eval
[403, 200]



=== TEST 11: the caller's own devices are reset, the count of failed codes is not
--- request eval
main::put(targetUserId => '1')
--- response_body chomp
{}
--- redis
HKEYS mfa:{/foundry/org-7/1} => ["callerCode:step","oath2faEnabled","push2faEnabled","uid"]



=== TEST 12: a role or permission that the operator names
--- seed
SET urn:iauthsession:session-of-role '{"userAuthId":"1","roles":["HelpDesk"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-permission '{"userAuthId":"1","permissions":["reset2fa"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-none '{"userAuthId":"1","roles":["reset2fa2"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/u-42} uid u-42
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; mfa_reset_foundry_role HelpDesk reset2fa; }
--- request eval
[(main::put(organisationId => undef)) x 4]
--- more_headers eval
[map { main::session_header("session-of-$_") } qw(role permission none admin)]
--- error_code eval
[200, 200, 403, 200]
