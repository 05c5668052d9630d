# Whose roles count: the session's, or those of the caller's own record in the host's repository.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

our $key = 'a key of some forty bytes, for HMAC only.';

our $repository = '    location /users/ { mfa_reset foundry; mfa_reset_foundry_roles repository; mfa_reset_foundry_role reset2fa;'
    . ' mfa_reset_foundry_caller_code off; mfa_reset_foundry_jwt_key ../html/jwt.key; }';

# A session of an administrator, as it was when the user logged in, and the user as it is now.
sub user ($id, $now) {
    my $members = join '', map {qq(,"$_":$now->{$_})} sort keys %{ $now // {} };
    my $type    = 'ServiceStack.Auth.UserAuth, ServiceStack';
    return qq(SET urn:iauthsession:session-of-$id '{"userAuthId":"$id","roles":["Admin"],"organisationId":"org-7","isAuthenticated":true}'\n)
        . ($now ? qq(SET urn:iuserauth:$id '{"__type":"$type","Id":$id$members}'\n) : '');
}

sub by_session (@ids) { return [map {"Content-Type: application/json\nX-ss-id: session-of-$_"} @ids] }

our @users = (
    [{Roles => '["Admin"]'} => 200],
    [{roles => '["Admin"]', permissions => '[]', lockedDate => 'null'} => 200],
    [{Permissions => '["reset2fa"]'} => 200],
    [{Roles => '["User"]', Permissions => '["Admin"]'} => 403],
    [{Roles => '[]'} => 403],
    [{Roles => 'null', Permissions => 'null'} => 403],
    [{} => 403],
    [{Roles => '["Admin"]', LockedDate => '"\\/Date(1795379552240)\\/"'} => 401],
    [{Roles => '["Admin"]', LockedDate => '"2026-11-23T10:00:00.0000000Z"'} => 401],
);
our $seed = join '', (map { user($_ + 10, $users[$_][0]) } 0 .. $#users), 'HSET mfa:{/foundry/org-7/u-42} uid u-42 oath2faEnabled 2';

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: by session, as the user is now
--- config eval: $main::repository
--- user_files eval
">>> jwt.key\n$main::key"
--- seed eval: $main::seed
--- request eval
[(main::put()) x @main::users]
--- more_headers eval
main::by_session(map { $_ + 10 } 0 .. $#main::users)
--- error_code eval
[map { $_->[1] } @main::users]



=== TEST 2: by token, whose last part of sub is the user
--- config eval: $main::repository
--- user_files eval
">>> jwt.key\n$main::key"
--- seed eval: $main::seed
--- request eval
[(main::put()) x @main::users]
--- more_headers eval
[map { "Content-Type: application/json\nAuthorization: Bearer " . main::jwt(main::admin_claims(sub => 'auth0|' . ($_ + 10)), $main::key) } 0 .. $#main::users]
--- error_code eval
[map { $_->[1] } @main::users]



=== TEST 3: a role that was taken away counts at once, and one that was given
--- config eval: $main::repository
--- user_files eval
">>> jwt.key\n$main::key"
--- seed eval: $main::seed
--- request eval
[(main::put()) x 3]
--- more_headers eval
main::by_session((10) x 3)
--- between
EVAL "local was = redis.call('GET', KEYS[1]) local is = was:gsub('Admin', 'Nothing') if is == was then is = was:gsub('Nothing', 'Admin') end return redis.call('SET', KEYS[1], is)" 1 urn:iuserauth:10
--- error_code eval
[200, 403, 200]



=== TEST 4: by default it acts until its session ends
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- seed eval: $main::seed
--- request eval
main::put()
--- more_headers eval
main::by_session(14)
--- error_code: 200



=== TEST 5: no such user
--- config eval: $main::repository
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
main::put()
--- error_code: 401
--- response_body eval
main::error_of('Unauthorized', 'Not Authenticated')
--- error_log
reason "the caller's user is not in the repository"



=== TEST 6: a key of another type in the place of a user
--- config eval: $main::repository
--- user_files eval
">>> jwt.key\n$main::key"
--- seed eval
main::user(10, undef) . 'HSET urn:iuserauth:10 a b'
--- request eval
main::put()
--- more_headers eval
main::by_session(10)
--- error_code: 500
--- error_log
WRONGTYPE



=== TEST 7: the users are where the sessions are, and the sessions' prefix is not theirs
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_prefix site1:;
--- config eval: $main::repository
--- user_files eval
">>> jwt.key\n$main::key"
--- seed eval
my $user = main::user(10, {Roles => '["Admin"]'}) . main::user(11, undef);
$user =~ s/SET urn:iauthsession/SET site1:urn:iauthsession/g;
$user . qq(SET site1:urn:iuserauth:11 '{"Roles":["Admin"]}'\nHSET mfa:{/foundry/org-7/u-42} uid u-42 oath2faEnabled 2)
--- request eval
[(main::put()) x 2]
--- more_headers eval
main::by_session(10, 11)
--- error_code eval
[200, 401]
