# Valid and invalid credentials; and the user files that `nginx -t` refuses, with
# the line and without its text.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Oaa;
use MIME::Base64 qw(encode_base64);

token('portal-key-1', 'sha-key-1', 'plain:key:1', "schl\xc3\xbcssel");
secret('hunter2');

our $call = 'DELETE /oaa/runtime/challengecounter/v1?challengeType=ChallengeSMS&contextId=c0ffee';

# `Authorization`, status, and why it is refused.
our @credentials = (
    [basic('portal:portal-key-1'),                     200, ''],
    ['bAsIc   ' . encode_base64('portal:portal-key-1', ''), 200, ''],
    [basic('sha1:sha-key-1'),                          200, ''],
    [basic('salted:sha-key-1'),                        200, ''],
    [basic('plain:plain:key:1'),                       200, ''],
    [basic("J\xc3\xbcrgen:schl\xc3\xbcssel"),          200, ''],
    [undef,                                            401, 'none'],
    ['',                                               401, 'malformed'],
    ['Basic',                                          401, 'malformed'],
    ['Basic ====',                                     401, 'malformed'],
    ['Basic p',                                        401, 'malformed'],
    ['Basic cG9ydGFsOnBvcnRhbC1rZXktMQ',               401, 'malformed'],
    ['Basic cG9ydGFsOnBvcnRhbC1rZXktMQ==',             200, ''],
    ['Basic cG9ydGFsOnBvcnRhbC1rZXktMR==',             401, 'malformed'],
    ['Basic portal:portal-key-1',                      401, 'malformed'],
    ['Bearer cG9ydGFsOnBvcnRhbC1rZXktMQ==',            401, 'malformed'],
    ['Digest username="portal"',                       401, 'malformed'],
    [basic('portalportal-key-1'),                      401, 'malformed'],
    [basic(''),                                        401, 'malformed'],
    [basic(':'),                                       401, 'malformed'],
    [basic('portal:'),                                 401, 'malformed'],
    [basic(':portal-key-1'),                           401, 'malformed'],
    [basic("portal:portal-key-1\n"),                   401, 'malformed'],
    [basic("portal:portal-key-1\0"),                   401, 'malformed'],
    [basic('portal:' . 'k' x 1000),                    401, 'malformed'],
    [basic('portal:' . 'k' x 5000),                    401, 'malformed'],
    [basic('portal:' . 'k' x 700),                     401, 'wrong'],
    [basic('portal:portal-key-2'),                     401, 'wrong'],
    [basic('portal:sha-key-1'),                        401, 'wrong'],
    [basic('portal:portal-key-1 '),                    401, 'wrong'],
    [basic('Portal:portal-key-1'),                     401, 'wrong'],
    [basic('nobody:portal-key-1'),                     401, 'wrong'],
    [basic('plain:plain'),                             401, 'wrong'],
    [basic("J\xfcrgen:schl\xfcssel"),                  401, 'wrong'],
    [basic('portal:BcgN1LFw9pLNE8jS3jX6vny23SfVhIkuL/siBacOPn4='), 401, 'wrong'],
    [basic('portal:{SHA256}BcgN1LFw9pLNE8jS3jX6vny23SfVhIkuL/siBacOPn4='), 401, 'wrong'],
);

# Those rows of the table whose third column is this.
sub rows ($reason) {
    return grep { $_->[2] eq $reason } @main::credentials;
}

our $file = ">>> oaa.users\n# made by scripts/oaa-user\n\nportal:{SHA256}BcgN1LFw9pLNE8jS3jX6vny23SfVhIkuL/siBacOPn4=\n"
    . "sha1:{SHA}nNwS19gHka+eMHnRRObDi1BbTX8=\nsalted:{SSHA}5AKL9PFRuBkBiXScudF8PIndhQ1zYWx0\n"
    . "plain:{PLAIN}plain:key:1\nJ\xc3\xbcrgen:{PLAIN}schl\xc3\xbcssel";

# A filter: the emergency at a line of the user file.
sub in_users ($text) {
    chomp $text;
    my ($line, $sentence) = split / /, $text, 2;
    return qr{^\S+ \S+ \[emerg\] \d+#\d+: mfa_reset: mfa_reset_oaa_user_file: \Q$sentence\E in \S+/html/oaa\.users:$line$};
}

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: valid credentials
--- config
    large_client_header_buffers 4 16k;
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
$main::file
--- request eval
[($main::call) x main::rows('')]
--- more_headers eval
[map { defined $_->[0] ? "Authorization: $_->[0]" : '' } main::rows('')]
--- error_code eval
[map { $_->[1] } main::rows('')]
--- response_body eval
[(main::json(200, 'Challenge Counter is reseted.')) x main::rows('')]
--- no_error_log
mfa_reset: refused



=== TEST 2: malformed credentials
--- config
    large_client_header_buffers 4 16k;
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
$main::file
--- request eval
[($main::call) x main::rows('malformed')]
--- more_headers eval
[map { defined $_->[0] ? "Authorization: $_->[0]" : '' } main::rows('malformed')]
--- error_code eval
[map { $_->[1] } main::rows('malformed')]
--- response_body eval
[(main::json(401, 'Unauthorized')) x main::rows('malformed')]
--- error_log
mfa_reset: refused oaa: unauthenticated, caller "", target "", reason "malformed credentials"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"
XLEN mfa:{/alpha/demo}:events => 0



=== TEST 3: wrong credentials
--- config
    large_client_header_buffers 4 16k;
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
$main::file
--- request eval
[($main::call) x main::rows('wrong')]
--- more_headers eval
[map { defined $_->[0] ? "Authorization: $_->[0]" : '' } main::rows('wrong')]
--- error_code eval
[map { $_->[1] } main::rows('wrong')]
--- response_body eval
[(main::json(401, 'Unauthorized')) x main::rows('wrong')]
--- error_log
mfa_reset: refused oaa: unauthenticated, caller "", target "", reason "wrong name or key"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"
XLEN mfa:{/alpha/demo}:events => 0



=== TEST 4: no credentials
--- config
    large_client_header_buffers 4 16k;
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
$main::file
--- request eval
[($main::call) x main::rows('none')]
--- more_headers eval
[map { defined $_->[0] ? "Authorization: $_->[0]" : '' } main::rows('none')]
--- error_code eval
[map { $_->[1] } main::rows('none')]
--- response_body eval
[(main::json(401, 'Unauthorized')) x main::rows('none')]
--- error_log
mfa_reset: refused oaa: unauthenticated, caller "", target "", reason "no credentials"
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"
XLEN mfa:{/alpha/demo}:events => 0



=== TEST 5: nginx refuses two Authorization headers
--- more_headers eval
('Authorization: ' . main::basic('portal:portal-key-1') . "\n") . ('Authorization: ' . main::basic('sha1:sha-key-1') . "\n")
--- error_code: 400
--- response_body_like: <center>nginx
--- redis
HGET mfa:{/alpha/demo} challenge:ChallengeSMS => "10"



=== TEST 6: a file of http, and another for one location
--- http_config
    mfa_reset_oaa_user_file ../html/oaa.users;
--- config
    location /oaa/ { mfa_reset oaa; }
    location /oaa/other { mfa_reset oaa; mfa_reset_oaa_user_file ../html/other.users; }
--- user_files
>>> oaa.users
portal:{PLAIN}portal-key-1
>>> other.users
portal:{PLAIN}hunter2
--- request eval
[map {"DELETE $_?challengeType=ChallengeSMS&contextId=c0ffee"} '/oaa/v1', '/oaa/other']
--- error_code eval
[200, 401]



=== TEST 7: no file
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
--- user_files
>>> location.conf
location /json/ { mfa_reset am; mfa_reset_oaa_user_file nosuch; }

location /oaa/ { mfa_reset oaa; }
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: "mfa_reset oaa" needs credentials: add "mfa_reset_oaa_user_file FILE;" to this location, its server or http in \S+/html/location\.conf:3$}



=== TEST 8: a file that does not exist
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /oaa/ { mfa_reset oaa; }
--- user_files
>>> location.conf

mfa_reset_oaa_user_file ../html/nosuch;
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: cannot read mfa_reset_oaa_user_file "\S+/conf/\.\./html/nosuch" in \S+/html/location\.conf:2 \(2: No such file or directory\)$}



=== TEST 9: a directory
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file $TEST_NGINX_SERVER_ROOT/html; }
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: cannot read mfa_reset_oaa_user_file "\S+/html" in \S+/nginx\.conf:\d+ \(21: Is a directory\)$}



=== TEST 10: a file without a user
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files
>>> oaa.users
# nobody yet
# but soon
--- must_die
--- error_log in_users
2 there is no user: let scripts/oaa-user make a line, and add it



=== TEST 11: a line without a colon, which is not logged
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files
>>> oaa.users
portal:{PLAIN}portal-key-1

hunter2
--- must_die
--- error_log in_users
3 there is no colon: write name:hash



=== TEST 12: a key without the name of its hash
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files
>>> oaa.users
portal:hunter2
--- must_die
--- error_log in_users
1 the hash is of no known kind: write {SHA256}, {SSHA}, {SHA} or {PLAIN} before it



=== TEST 13: a slow hash, as htpasswd writes it
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files
>>> oaa.users
portal:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC
--- must_die
--- error_log in_users
1 the hash is a slow one, with which wrong keys would stall the worker: let scripts/oaa-user make a random key, and write the {SHA256} of that



=== TEST 14: an invalid hash
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files
>>> oaa.users
portal:{SHA256}hunter2
--- must_die
--- error_log in_users
1 the hash is none: write {SHA256} and 32 bytes in base64



=== TEST 15: a repeated name
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files
>>> oaa.users
portal:{PLAIN}portal-key-1
portal:{PLAIN}hunter2
--- must_die
--- error_log in_users
2 the name is there twice: leave one of the lines out



=== TEST 16: a file that is too long
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
[["oaa.users", "#\n" x 4194304 . "a"]]
--- must_die
--- error_log in_users
1 the file is longer than 8 MiB: leave lines out



=== TEST 17: more users than there may be
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
[["oaa.users", "# many\n" . CORE::join '', map { "user$_:{PLAIN}hunter2\n" } 1 .. 10_001]]
--- must_die
--- error_log in_users
10002 there are more than 10000 users: leave lines out



=== TEST 18: as many users as there may be
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
--- user_files eval
[["oaa.users", CORE::join '', map { "user$_:{PLAIN}user-key-$_\n" } 1 .. 10_000]]
--- request eval
[($main::call) x 5]
--- more_headers eval
[map { 'Authorization: ' . main::basic($_) } qw(user1:user-key-1 user10000:user-key-10000 user10001:user-key-10001 user1:user-key-2 user:user-key-1)]
--- error_code eval
[200, 200, 401, 401, 401]



=== TEST 19: directives that are wrong
--- config
    location /oaa/ { mfa_reset oaa; mfa_reset_oaa_challenge_type ok not:ok; }
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: "mfa_reset_oaa_challenge_type" has an invalid value "not:ok": write names of 1 to 64 letters, digits, dots, underscores and hyphens, such as ChallengeVoice in \S+/nginx\.conf:\d+$}



=== TEST 20: a challenge type is named
--- config
    mfa_reset_oaa_challenge_type;
--- must_die
--- error_log eval
qr{\[emerg\] .* invalid number of arguments in "mfa_reset_oaa_challenge_type" directive}



=== TEST 21: a user file twice
--- config
    mfa_reset_oaa_user_file a;
    mfa_reset_oaa_user_file a;
--- must_die
--- error_log eval
qr{\[emerg\] .* "mfa_reset_oaa_user_file" directive is duplicate}
