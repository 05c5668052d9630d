# ServiceStack's sessions in another Redis than the records: which one is asked for what, and what
# happens if one of the two is down.
use v5.36;
use lib 't/lib';
use File::Temp qw(tempdir);
use MfaReset::Test;
use MfaReset::Foundry;
use MfaReset::Redis;

secret('an-other-secret', 's3cret-of-sessions', 'session-of-nobody');
redis_port();

our $key = 'a key of some forty bytes, for HMAC only.';

# The other Redis: it has the session, and needs a user and a password.
my $directory = tempdir('mfa-reset-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
chmod 0755, $directory;
our $socket = "$directory/sessions.sock";
our $other  = MfaReset::Redis->start($directory, $socket);
END { $other->stop if $other }
$other->must('SET', 'urn:iauthsession:session-elsewhere',
    '{"userAuthId":"1","roles":["Admin"],"organisationId":"org-7","isAuthenticated":true}');
$other->must('ACL', 'SETUSER', 'reader', 'on', '>s3cret-of-sessions', '-@all', '+client|setname', '+get', '%R~urn:iauthsession:*');
$ENV{TEST_NGINX_SESSIONS} = $socket;
$ENV{TEST_NGINX_SESSIONS_PORT} = $other->tcp_port;
$ENV{TEST_NGINX_NOWHERE}  = "$directory/nobody.sock";

our $elsewhere = "Content-Type: application/json\nX-ss-id: session-elsewhere\n";

repeat_each(1);
run_tests();

__DATA__

=== TEST 1: the session is read there, everything else is in the records
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_SESSIONS;
--- more_headers eval: $main::elsewhere
--- response_body chomp
{}
--- redis
XLEN mfa:{/foundry/org-7/u-42}:events => 1
EXISTS urn:iauthsession:session-elsewhere => 0



=== TEST 2: it is read only there
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_SESSIONS;
--- error_code: 401
--- redis
KEYS *:events => []



=== TEST 3: without the directive it is not read there
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- more_headers eval: $main::elsewhere
--- error_code: 401



=== TEST 4: that Redis is down: 503 for a session, a token is served
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_NOWHERE;
    mfa_reset_foundry_jwt_key ../html/jwt.key;
--- user_files eval
">>> jwt.key\n$main::key"
--- request eval
[main::put(), main::put(), main::put()]
--- more_headers eval
my $token = "Content-Type: application/json\nAuthorization: Bearer " . main::jwt(main::admin_claims(), $main::key) . "\n";
["Content-Type: application/json\nX-ss-id: session-of-admin\n", $token, $main::elsewhere]
--- error_code eval
[503, 200, 503]
--- redis
XLEN mfa:{/foundry/org-7/u-42}:events => 1



=== TEST 5: the log says which of the two is down
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_NOWHERE;
--- error_code: 503
--- error_log eval
qr/\[error\] .*mfa_reset: Redis unix:\S+\/nobody\.sock is down: connect\(\) failed/



=== TEST 6: the records' Redis is down: 503 for all
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_NOWHERE;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_SESSIONS;
--- more_headers eval: $main::elsewhere
--- error_code: 503



=== TEST 7: a user of its own with the least rights, and a file of its own with the password
--- http_config
    mfa_reset_redis redis://127.0.0.1:$TEST_NGINX_REDIS_PORT;
    mfa_reset_redis_password_file html/records;
    mfa_reset_foundry_session_redis redis://reader@127.0.0.1:$TEST_NGINX_SESSIONS_PORT;
    mfa_reset_foundry_session_redis_password_file ../html/sessions;
--- user_files eval
[['sessions', "s3cret-of-sessions\nnot this\n"], ['../conf/html/records', 'an-other-secret']]
--- seed
HSET mfa:{/foundry/org-7/u-42} uid u-42
CONFIG SET requirepass an-other-secret
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- more_headers eval: $main::elsewhere
--- response_body chomp
{}



=== TEST 8: the password in the URL
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis redis://reader:s3cret-of-sessions@127.0.0.1:$TEST_NGINX_SESSIONS_PORT;
--- more_headers eval: $main::elsewhere
--- response_body chomp
{}



=== TEST 9: in another location of the same server it is another one
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_SESSIONS;
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_session_redis unix:$TEST_NGINX_REDIS_SOCKET:/0; }
    location /here/  { mfa_reset foundry; }
--- request eval
[main::put(), main::put(callerCode => '{{code+1}}') =~ s{/users/}{/here/users/}r, main::put() =~ s{/users/}{/here/users/}r]
--- more_headers eval
["Content-Type: application/json\nX-ss-id: session-of-admin\n", $main::elsewhere, "Content-Type: application/json\nX-ss-id: session-of-admin\n"]
--- error_code eval
[200, 200, 401]



=== TEST 10: with a prefix of the application's
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_prefix site1:;
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
    location /other/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; mfa_reset_foundry_session_prefix a/b:; }
--- seed
SET site1:urn:iauthsession:session-of-site '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
SET urn:iauthsession:session-of-none '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/u-42} uid u-42 oath2faEnabled 2
--- request eval
my $put = main::put(organisationId => undef);
[$put, $put, $put =~ s{/users/}{/other/users/}r]
--- more_headers eval
[map { "Content-Type: application/json\nX-ss-id: session-of-$_" } qw(site none site)]
--- error_code eval
[200, 401, 401]
--- redis
HGET mfa:{/foundry/u-42} oath2faEnabled => "0"



=== TEST 11: other APIs do not look at it
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
    mfa_reset_foundry_session_redis unix:$TEST_NGINX_NOWHERE;
--- config
    location /json/ { mfa_reset am; }
--- request
GET /json/
--- error_code: 404
--- no_error_log
is down



=== TEST 12: an invalid URL
--- http_config
    mfa_reset_foundry_session_redis http://an-other-secret@x;
--- config
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: "mfa_reset_foundry_session_redis": .*write redis\[s\]://.* in \S+/conf/nginx\.conf:\d+}



=== TEST 13: repeated
--- http_config
    mfa_reset_foundry_session_redis unix:/a;
    mfa_reset_foundry_session_redis unix:/b;
--- config
--- must_die
--- error_log
"mfa_reset_foundry_session_redis" directive is duplicate



=== TEST 14: a user without a password
--- http_config
    mfa_reset_foundry_session_redis redis://reader@127.0.0.1;
--- config
    location /users/ { mfa_reset foundry; }
--- must_die
--- error_log eval
qr{\[emerg\] .*mfa_reset: mfa_reset_foundry_session_redis names a user without a password: write redis://user:password\@host or add mfa_reset_foundry_session_redis_password_file in \S+/conf/nginx\.conf:\d+}



=== TEST 15: two passwords
--- http_config
    mfa_reset_foundry_session_redis redis://:an-other-secret@127.0.0.1;
    mfa_reset_foundry_session_redis_password_file nginx.conf;
--- config
    location /users/ { mfa_reset foundry; }
--- must_die
--- error_log
mfa_reset: both mfa_reset_foundry_session_redis and mfa_reset_foundry_session_redis_password_file give a password: leave one of them out in



=== TEST 16: a file that does not exist
--- http_config
    mfa_reset_foundry_session_redis unix:/a;
    mfa_reset_foundry_session_redis_password_file nosuch;
--- config
    location /users/ { mfa_reset foundry; }
--- must_die
--- error_log eval
qr{\[emerg\] .*mfa_reset: cannot read mfa_reset_foundry_session_redis_password_file "\S+/conf/nosuch" in \S+/conf/nginx\.conf:\d+ \(2: No such file or directory\)$}



=== TEST 17: an empty file
--- http_config
    mfa_reset_foundry_session_redis unix:/a;
    mfa_reset_foundry_session_redis_password_file ../html/empty;
--- user_files eval
[['empty', "\n"]]
--- config
    location /users/ { mfa_reset foundry; }
--- must_die
--- error_log eval
qr{\[emerg\] .*mfa_reset: mfa_reset_foundry_session_redis_password_file "\S+/html/empty" holds no password: write it into the first line in}



=== TEST 18: a host that does not exist
--- http_config
    mfa_reset_foundry_session_redis redis://no-such-host.invalid;
--- config
    location /users/ { mfa_reset foundry; }
--- must_die
--- error_log eval
qr{\[emerg\] .*mfa_reset: mfa_reset_foundry_session_redis: host not found .*write a host that exists}
