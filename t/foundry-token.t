# Tokens: signed by Perl's Digest::SHA and by the program openssl, checked by the module.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;
use MIME::Base64 qw(encode_base64url);

our $key = 'a key of some forty bytes, for HMAC only.';
our ($rsa, $rsa_public) = rsa_keys();
our ($other_rsa) = rsa_keys();

sub bearer ($token, $scheme = 'Bearer') { return "Content-Type: application/json\nAuthorization: $scheme $token\n" }

# A location with this key.
sub with_key ($parameters = '', $more = '') {
    return "    location /users/ { mfa_reset foundry; mfa_reset_foundry_jwt_key ../html/jwt.key $parameters; $more }";
}

our $unauthorized = error_of('Unauthorized', 'Not Authenticated');
our $good = jwt(admin_claims(), $key);
our ($head, $claims, $signature) = split /\./, $good;

# Tokens that are refused, all in the same words.
our %refused = (
    'alg none'                => jwt(admin_claims(), $key, alg => 'none'),
    'alg none, with a signature' => jwt(admin_claims(), $key, alg => 'none') . $signature,
    'alg None'                => jwt(admin_claims(), $key, alg => 'None'),
    'another HMAC'            => jwt(admin_claims(), $key, alg => 'HS512'),
    'an RSA signature'        => openssl_jwt(admin_claims(), $rsa),
    'another key'             => jwt(admin_claims(), "$key."),
    'no key'                  => jwt(admin_claims(), ''),
    'no exp'                  => jwt(admin_claims(exp => undef), $key),
    'exp is no number'        => jwt(admin_claims(exp => 'tomorrow'), $key),
    'not yet'                 => jwt(admin_claims(nbf => time + 600), $key),
    'a refresh token'         => jwt(admin_claims(), $key, typ => 'JWTR'),
    'no sub'                  => jwt(admin_claims(sub => undef), $key),
    'an empty sub'            => jwt(admin_claims(sub => ''), $key),
    'crit'                    => jwt(admin_claims(), $key, crit => ['exp']),
    'claims that are no object' => jwt('[1]', $key),
    'claims that are no JSON' => jwt('{', $key),
    'no signature'            => "$head.$claims.",
    'two parts'               => "$head.$claims",
    'four parts'              => "$good.$signature",
    'a cut signature'         => substr($good, 0, -4),
    'padding'                 => "$good=",
    'a signature of another'  => "$head.$claims." . (split /\./, jwt(admin_claims(sub => 3), $key))[2],
    'a change in the claims'  => join('.', $head, encode_base64url('{"sub":"1"}'), $signature),
    'nothing'                 => '',
    'no token'                => 'token',
    'dots'                    => '..',
    'two words'               => "$good $good",
    'very long'               => 'a' x 7000,
);
our @names = sort keys %refused;

secret($key);
repeat_each(2);
run_tests();

__DATA__

=== TEST 1: an accepted token, and one that names its scheme in another case
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[main::put(), main::put(callerCode => '{{code+1}}')]
--- more_headers eval
[main::bearer($main::good), main::bearer($main::good, 'bEARER')]
--- error_code eval
[200, 200]
--- redis
XREVRANGE mfa:{/foundry/org-7/u-42}:events + - COUNT 1 => ~ "caller":"/foundry/org-7/1"



=== TEST 2: refused tokens
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[(main::put()) x @main::names]
--- more_headers eval
[map { main::bearer($main::refused{$_}) } @main::names]
--- error_code eval
[(401) x @main::names]
--- raw_response_headers_like eval foundry_head
[("401 Unauthorized, authenticate") x @main::names]
--- response_body eval
[($main::unauthorized) x @main::names]
--- redis eval
main::events_unchanged()



=== TEST 3: an expired token says so
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[main::put(), main::put()]
--- more_headers eval
[main::bearer(main::jwt(main::admin_claims(exp => time - 1), $main::key)),
 "Content-Type: application/json\nCookie: ss-tok=" . main::jwt(main::admin_claims(exp => 1), $main::key)]
--- error_code eval
[401, 401]
--- response_body eval
[(main::error_of('TokenException', 'Token has expired')) x 2]



=== TEST 4: an expired token of another key does not
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
main::put()
--- more_headers eval
main::bearer(main::jwt(main::admin_claims(exp => 1), "$main::key."))
--- error_code: 401
--- response_body eval
$main::unauthorized



=== TEST 5: with an invalid token the session is ignored
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[main::put(), main::put()]
--- more_headers eval
[main::bearer('no.good.token') . "X-ss-id: session-of-admin", "Content-Type: application/json\nCookie: ss-tok=no.good.token; ss-id=session-of-admin"]
--- error_code eval
[401, 401]



=== TEST 6: a token counts before a session, a header before a cookie
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[main::put(), main::put(), main::put(callerCode => '{{code+1}}')]
--- more_headers eval
[main::bearer($main::good) . "Cookie: ss-id=session-of-user",
 "Content-Type: application/json\nX-ss-id: session-of-user\nCookie: ss-tok=$main::good",
 "Content-Type: application/json\nCookie: ss-id=session-of-user; ss-tok=$main::good"]
--- error_code eval
[200, 403, 200]



=== TEST 7: without a key tokens are ignored
--- request eval
[main::put(), main::put()]
--- more_headers eval
[main::bearer($main::good), main::bearer($main::good) . "X-ss-id: session-of-admin"]
--- error_code eval
[401, 200]



=== TEST 8: other schemes are ignored
--- config eval: main::with_key()
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[main::put(), main::put()]
--- more_headers eval
[main::bearer($main::good, 'Basic'), main::bearer($main::good, 'Basic') . "X-ss-id: session-of-admin"]
--- error_code eval
[401, 200]



=== TEST 9: HS512, RS256 and RS512 by configuration
--- config eval
my $foundry = 'mfa_reset foundry; mfa_reset_foundry_caller_code off; mfa_reset_foundry_jwt_key';
qq(    location /hs512/ { $foundry ../html/long.key alg=HS512; }
    location /rs256/ { $foundry ../html/rsa.key alg=RS256; }
    location /rs512/ { $foundry ../html/rsa.key alg=RS512; })
--- user_files eval
'>>> long.key' . "\n" . $main::key x 2 . "\n>>> rsa.key\n$main::rsa_public"
--- request eval
[map { main::put() =~ s{/users}{/$_/users}r } ('hs512') x 2, ('rs256') x 5, 'rs512', 'rs512']
--- more_headers eval
my $claims = main::admin_claims();
[map { main::bearer($_) } main::jwt($claims, $main::key x 2, alg => 'HS512'), main::jwt($claims, $main::key x 2),
    main::openssl_jwt($claims, $main::rsa), main::openssl_jwt($claims, $main::rsa, 'RS512'), main::openssl_jwt($claims, $main::other_rsa),
    main::jwt($claims, $main::rsa_public), main::jwt($claims, $main::rsa_public, alg => 'RS256'),
    main::openssl_jwt($claims, $main::rsa, 'RS512'), main::openssl_jwt($claims, $main::rsa)]
--- error_code eval
[200, 401, 200, 401, 401, 401, 401, 200, 401]



=== TEST 10: audience and issuer
--- config eval: main::with_key('', 'mfa_reset_foundry_caller_code off; mfa_reset_foundry_jwt_audience one two; mfa_reset_foundry_jwt_issuer https://issuer.example;')
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[(main::put()) x 7]
--- more_headers eval
my $issuer = 'https://issuer.example';
[map { main::bearer(main::jwt(main::admin_claims(@$_), $main::key)) } [aud => 'two', iss => $issuer], [aud => ['x', 'one'], iss => $issuer],
    [aud => 'three', iss => $issuer], [aud => [], iss => $issuer], [iss => $issuer], [aud => 'one', iss => 'https://other.example'], [aud => 'one']]
--- error_code eval
[200, 200, 401, 401, 401, 401, 401]



=== TEST 11: who the caller is: the last part of sub, roles and permissions of either name
--- config eval: main::with_key('', 'mfa_reset_foundry_role reset2fa;')
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[map { main::put(callerCode => "{{code$_}}") } '', '+1', '', '', '', '']
--- more_headers eval
[map { main::bearer(main::jwt(main::admin_claims(perms => undef, @$_), $main::key)) } [sub => 'auth0|x|1'], [sub => '1', roles => undef, role => 'Admin'],
    [roles => [], permission => 'reset2fa'], [roles => ['User']], [roles => undef], [sub => 2]]
--- error_code eval
[200, 200, 403, 403, 403, 403]
--- response_body_like eval
['^\{\}$', '^\{\}$', 'InvalidCallerCode', '"Forbidden"', '"Forbidden"', 'InvalidCallerCode']



=== TEST 12: an example payload of the contract
--- config eval: main::with_key('', 'mfa_reset_foundry_caller_code off;')
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
main::put(organisationId => undef)
--- more_headers eval
main::bearer(main::jwt('{"sub":1,"iat":1795379552,"exp":' . (time + 600) . ',"email":"alice@example.com","name":"Alice","preferred_username":"alice","roles":["Admin"],"perms":["reset2fa"]}', $main::key))
--- redis
HGET mfa:{/foundry/u-42} oath2faEnabled => "0"



=== TEST 13: the claims of today's tokens, as a list and as a text
--- config eval: main::with_key('', 'mfa_reset_foundry_role reset2fa; mfa_reset_foundry_caller_code off;')
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[(main::put()) x 5]
--- more_headers eval
my $role = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
[map { main::bearer(main::jwt(main::admin_claims(roles => undef, perms => undef, @$_), $main::key)) }
    [$role => 'Admin'], [$role => ['User', 'Admin']], [perm => 'reset2fa'], [perm => ['other', 'reset2fa']], [$role => 'User', perm => ['Admin']]]
--- error_code eval
[200, 200, 200, 200, 403]



=== TEST 14: a text that has not the form of a token is ignored
--- config eval: main::with_key('', 'mfa_reset_foundry_caller_code off;')
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[(main::put()) x 7]
--- more_headers eval
my $json    = "Content-Type: application/json\n";
my $expired = main::jwt(main::admin_claims(exp => 1), $main::key);
[   main::bearer('ak-0123456789') . 'X-ss-id: session-of-admin',
    main::bearer('ak-0123456789') . 'Cookie: ss-id=session-of-admin',
    main::bearer('a.b.c.d.e') . "Cookie: ss-tok=$main::good",
    "${json}Cookie: ss-tok=ak-0123456789; ss-id=session-of-admin",
    main::bearer('ak-0123456789') . "Cookie: ss-tok=$expired; ss-id=session-of-admin",
    main::bearer('ak-0123456789') . 'X-ss-id: no-such-session',
    main::bearer('ak-0123456789')]
--- error_code eval
[200, 200, 200, 200, 401, 401, 401]
