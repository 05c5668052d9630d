# What `nginx -t` refuses: each directive with invalid values. The message has file,
# line, and what to write instead, and no password of a URL.
use v5.36;
use lib 't/lib';
use MfaReset::Test;

BEGIN { $ENV{RES_OPTIONS} = 'attempts:1 timeout:1' }

# A filter: the whole emergency, at a line of nginx.conf.
sub refused ($text) {
    chomp $text;
    return qr{^\S+ \S+ \[emerg\] \d+#\d+: \Q$text\E in \S+/conf/nginx\.conf:\d+$};
}

# A filter: the same for the file whose lines the block itself gives.
sub refused_at ($text) {
    chomp $text;
    my ($line, $sentence) = split / /, $text, 2;
    return qr{^\S+ \S+ \[emerg\] \d+#\d+: \Q$sentence\E in \S+/html/location\.conf:$line$};
}

# Short for the values of one directive: a table of [directive, value as written, what is refused, of which part].
my $prefix = 'write 1 to 64 printable ASCII characters without braces, quotes, backslashes and blanks, such as mfa:';
my $cookie = "write the cookie's name, such as iPlanetDirectoryPro";
my $time   = 'write a time from 1ms to 60000ms, such as 250ms or 1s';
my $stream = 'write off, or a name of 1 to 64 letters, digits, dots, underscores and hyphens, such as events';
my $type   = 'write names of 1 to 64 letters, digits, dots, underscores and hyphens, such as ChallengeVoice';
my $wait   = 'write off, or a number of replicas from 1 to 16 and, if you like, timeout= and a time from 1ms to 60s';
our @values = (
    (map { ['mfa_reset', $_, 'write am, foundry, oaa or off'] } 'foo', 'AM', 'on', '""'),
    (map { ['mfa_reset_subject_case', $_, 'write ascii (A-Z are a-z) or exact (names are taken as they are)'] } 'lower', 'ASCII'),
    (map { ['mfa_reset_am_default_version', $_, 'write latest, oldest or none'] } 'newest', '1.0'),
    (map { ['mfa_reset_redis_connections', $_, 'write a number from 1 to 64'] } 0, 65, -1, 'two', '2x', '99999999999999999999'),
    (map { ['mfa_reset_redis_max_pending', $_, 'write a number from 1 to 65536'] } 0, 65537, 'many'),
    (map { ['mfa_reset_redis_wait', $_, $wait] } 0, 17, -1, 'two', '""'),
    (map { ['mfa_reset_redis_wait', $_, $wait, s/.* //r] } '1 timeout=0', '1 timeout=61s', '1 timeout', '1 2', '1 timeout=x'),
    (map { ['mfa_reset_events_length', $_, 'write a number from 0 to 10000'] } -1, 10001, '1.5'),
    (map { ['mfa_reset_events_stream', $_, $stream] } '""', '"a b"', 'session:x', 'amsession:x', 'context:x', '"{/alpha/demo}"', ':', "\xc3\xa4", '"a\tb"', 'x' x 65),
    (map { ['mfa_reset_redis_connect_timeout', $_, $time] } 0, '61s', 'soon', '-1s'),
    (map { ['mfa_reset_redis_timeout', $_, $time] } '0ms', '2m', '1x'),
    (map { ['mfa_reset_redis_heartbeat', $_, 'write off, or a time from 100ms to 3600000ms, such as 250ms or 1s'] } 0, '99ms', '61m', 'on', '""'),
    (map { ['mfa_reset_timeout', $_, $time] } '0', '60001ms', '""'),
    (map { [$_, 500, "a number alone is in seconds: $time"] } qw(mfa_reset_timeout mfa_reset_redis_timeout mfa_reset_redis_connect_timeout)),
    ['mfa_reset_am_session_cache', 250, 'a number alone is in seconds: write a time from 0ms to 60000ms, such as 250ms or 1s'],
    ['mfa_reset_redis_heartbeat', 15000, 'a number alone is in seconds: write off, or a time from 100ms to 3600000ms, such as 250ms or 1s'],
    ['mfa_reset_redis_wait', '1 timeout=100', "a number alone is in seconds: $wait", 'timeout=100'],
    (map { ['mfa_reset_prefix', $_, $prefix] } '""', '"a{b"', '"a}b"', '"a b"', '"a\"b"', "\xc3\xa4", '"a\tb"', 'x' x 65),
    (map { ['mfa_reset_am_cookie', $_, $cookie] } '""', '"a b"', 'a=b', '"a;b"', 'a:b', "\xc3\xa4", 'x' x 129),
    ['mfa_reset_redis_password_file', '""', 'write the name of a file'],
    (map { ["mfa_reset_redis_ssl_$_", '""', 'write the name of a file'] } qw(trusted_certificate certificate certificate_key)),
    (map { ['mfa_reset_redis_ssl_name', $_, 'write the host that the certificate names, such as redis.example'] } '""', '"a b"', '[::1]', 'redis/1', '*.redis.example', "\xc3\xa4", 'x' x 254),
    (map { ['mfa_reset_redis_ssl_protocols', $_, 'write TLSv1.2, TLSv1.3 or both'] } 'TLSv1', 'SSLv3', 'tlsv1.2', '""'),
    ['mfa_reset_oaa_user_file', '""', 'write the name of a file'],
    (map { ['mfa_reset_oaa_challenge_type', $_, $type] } '""', '"a b"', 'a:b', 'a/b', '*', "\xc3\xa4", '"a\tb"', 'x' x 65),
    (map { ['mfa_reset_fallback', $_, 'write the name of a location, such as @am'] } '""', 'am', '@', '/am'),
    (map { ['mfa_reset_am_profiles', $_, 'write redis or am: where the devices are'] } 'AM', 'both', '""'),
    (map { ['mfa_reset_am_session', $_, 'write redis or subrequest=/uri'] } 'am', '""', 'subrequest', 'subrequest=', 'subrequest=am', 'subrequest=@am', 'subrequest=http://am/', '/am'),
    (map { ['mfa_reset_am_session', "subrequest=/am $_", 'write version=N.N after subrequest=/uri: a version of AM\'s resource', $_] } 'version=', 'version=v2', 'version=2.', 'version=2.0,protocol=1.0', '2.0'),
    ['mfa_reset_am_session', 'redis version=2.0', 'write version=N.N after subrequest=/uri: a version of AM\'s resource', 'version=2.0'],
    (map { ['mfa_reset_am_base_realm', $_, 'write a realm\'s path such as / or /alpha/eu, without a slash at its end'] } 'alpha', '/alpha/', '//', '""', '/alpha/..'),
    (map { ['mfa_reset_am_bearer', $_, 'write introspect=/uri realm=/path [scope=S], or off'] } 'on', '""', '/introspect'),
    (map { ['mfa_reset_am_bearer', $_, 'write introspect=/uri and realm=/path, or off', (split)[0]] } 'introspect=/as', 'realm=/', 'introspect=/as scope=x'),
    (map { ['mfa_reset_am_bearer', "realm=/ $_", 'write introspect=/uri: an internal location to the authorization server', $_] } 'introspect=', 'introspect=as', 'introspect=http://as/'),
    (map { ['mfa_reset_am_bearer', "introspect=/as $_", 'write a realm\'s path such as / or /alpha/eu, without a slash at its end', $_] } 'realm=', 'realm=alpha', 'realm=/alpha/'),
    ['mfa_reset_am_bearer', 'introspect=/as realm=/ scope=', 'write one scope: scope=fr:am:*', 'scope='],
    ['mfa_reset_am_bearer', 'introspect=/as introspect=/as', 'it is said twice', 'introspect=/as'],
    (map { ['mfa_reset_am_session_cache', $_, 'write a time from 0ms to 60000ms, such as 250ms or 1s'] } 'off', '61s', '-1', '""'),
    ['mfa_reset_am_admin', '""', "write a user's name or a universal id"],
);
# Certificates to configure: two of authorities and their keys.
our %pem;
for my $name (qw(a b)) {
    my $both = qx{openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout - -subj /CN=x 2>/dev/null};
    ($pem{"$name.key"}) = $both =~ /(-----BEGIN PRIVATE.*?-----END PRIVATE KEY-----\n)/s or die "openssl makes no certificate\n";
    ($pem{"$name.crt"}) = $both =~ /(-----BEGIN CERT.*?-----END CERTIFICATE-----\n)/s;
}

our $forms = 'write redis[s]://[user[:password]@]host[:port][/db], unix:/path[:/db], redis[s]+sentinel://[user[:password]@]host[:port],.../master[/db] or redis[s]+cluster://[user[:password]@]host[:port],...';
our @urls  = (
    ['""',                                'the URL begins with no scheme that is known'],
    ['127.0.0.1:6379',                    'the URL begins with no scheme that is known'],
    ['http://127.0.0.1',                  'the URL begins with no scheme that is known'],
    ['redisx://:hunter2@127.0.0.1',       'the URL begins with no scheme that is known'],
    ['redis+cluster://:hunter2@a,b/1',    'a cluster has no databases'],
    ['redis+sentinel://:hunter2@a,b',     'the name of the master is missing'],
    ['redis+sentinel://:hunter2@a,a/x',   'a host and port is there twice'],
    ['redis+cluster://:hunter2@a,a:6379', 'a host and port is there twice'],
    ['redis://',                          'no valid host and port'],
    ['redis://:hunter2@',                 'no valid host and port'],
    ['redis://:hunter2@:6379',            'no valid host and port'],
    ['redis://:hunter2@127.0.0.1:0',      'no valid host and port'],
    ['redis://:hunter2@127.0.0.1:65536',  'no valid host and port'],
    ['redis://:hunter2@127.0.0.1:http',   'no valid host and port'],
    ['redis://:hunter2@127.0.0.1:',       'no valid host and port'],
    ['redis://:hunter2@[::1',             'no valid host and port'],
    ['redis://:hunter2@[::1]6379',        'no valid host and port'],
    ['redis://:hunter2@127.0.0.1/one',    'the database is not a number'],
    ['redis://:hunter2@127.0.0.1/-1',     'the database is not a number'],
    ['redis://:hunter2@127.0.0.1/1/2',    'the database is not a number'],
    ['redis://:hunter2%@127.0.0.1',       'user or password is not percent-encoded'],
    ['redis://us%g0er:hunter2@127.0.0.1', 'user or password is not percent-encoded'],
    ['unix:',                             'the path of the unix socket is not absolute, or too long'],
    ['unix:run/redis.sock',               'the path of the unix socket is not absolute, or too long'],
    ['unix:/' . 'x' x 107,                'the path of the unix socket is not absolute, or too long'],
    ['unix:/run/redis.sock:/one',         'the database is not a number'],
);

# The tables as blocks: one nginx each, without a line of text for each.
sub table_blocks {
    my @blocks = map {
        my ($directive, $value, $sentence, $part) = @$_;
        my $shown = ($part // $value) =~ s/\A"(.*)"\z/$1/r =~ s/\\"/"/r =~ s/\\t/\t/r;
        [$directive, $value, qq{"$directive" has an invalid value "$shown": $sentence}];
    } @values;
    push @blocks, map { ['mfa_reset_redis', $_->[0], qq{"mfa_reset_redis": $_->[1]: $forms}] } @urls;
    return join '', map {
        my ($directive, $value, $refused) = @$_;
        "=== TABLE: $directive $value\n--- no_redis\n--- config\n    location /json/ { $directive $value; }\n"
            . "--- must_die\n--- error_log refused: $refused\n\n";
    } @blocks;
}

secret('hunter2');
Test::Base::spec_string(join '', table_blocks(), <DATA>);
no_shuffle();
run_tests();

__DATA__

=== TEST 1: a directive that is repeated
--- config
    location /json/ { mfa_reset am; mfa_reset am; }
--- must_die
--- error_log refused: "mfa_reset" directive is duplicate



=== TEST 2: two Redis on one level
--- no_redis
--- config
    mfa_reset_redis redis://:hunter2@127.0.0.1;
    mfa_reset_redis redis://:hunter2@127.0.0.2;
--- must_die
--- error_log refused: "mfa_reset_redis" directive is duplicate



=== TEST 3: a number, a time, a text and a flag twice
--- config
    mfa_reset_events_length 1;
    mfa_reset_events_length 1;
--- must_die
--- error_log refused: "mfa_reset_events_length" directive is duplicate



=== TEST 4: a time twice
--- config
    mfa_reset_timeout 1s;
    mfa_reset_timeout 1s;
--- must_die
--- error_log refused: "mfa_reset_timeout" directive is duplicate



=== TEST 5: a text twice
--- config
    mfa_reset_prefix a:;
    mfa_reset_prefix a:;
--- must_die
--- error_log refused: "mfa_reset_prefix" directive is duplicate



=== TEST 6: a flag twice
--- config
    mfa_reset_am_self on;
    mfa_reset_am_self on;
--- must_die
--- error_log refused: "mfa_reset_am_self" directive is duplicate



=== TEST 7: a flag that is neither on nor off
--- config
    mfa_reset_am_self maybe;
--- must_die
--- error_log refused: "mfa_reset_am_self" has an invalid value "maybe": write on, off or level=N, an authentication level



=== TEST 8: more than one value
--- config
    location /json/ { mfa_reset am foundry; }
--- must_die
--- error_log refused: invalid number of arguments in "mfa_reset" directive



=== TEST 9: an API for a whole server
--- config
    mfa_reset am;
--- must_die
--- error_log refused: "mfa_reset" directive is not allowed here



=== TEST 10: an API in an if block, which serves what its location serves
--- config
    location /json/ { if ($arg_x) { mfa_reset am; } }
--- must_die
--- error_log refused: "mfa_reset" directive is not allowed here



=== TEST 11: an API before another handler
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
--- user_files
>>> location.conf
location /json/ {
    mfa_reset am;
    proxy_pass http://127.0.0.1;
}
--- must_die
--- error_log refused_at
2 mfa_reset: "mfa_reset" shares its location with another handler, such as proxy_pass: leave one of them out



=== TEST 12: an API after another handler
--- config
    location /json/ { stub_status; mfa_reset am; }
--- must_die
--- error_log refused: mfa_reset: "mfa_reset" shares its location with another handler, such as proxy_pass: leave one of them out



=== TEST 13: settings in an if block
--- config
    location /json/ { mfa_reset am; if ($arg_x) { mfa_reset_redis redis://127.0.0.1; } }
--- must_die
--- error_log refused: "mfa_reset_redis" directive is not allowed here



=== TEST 14: settings outside http
--- main_config
    mfa_reset_prefix a:;
--- config
--- must_die
--- error_log refused: "mfa_reset_prefix" directive is not allowed here



=== TEST 15: an API without a Redis, with the line of the API
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
--- user_files
>>> location.conf
location /json/ {

    mfa_reset am;
}
--- must_die
--- error_log refused_at
3 mfa_reset: "mfa_reset" needs a Redis: add "mfa_reset_redis URL;" to this location, its server or http



=== TEST 16: a Redis of another location does not count
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
--- user_files
>>> location.conf
location /other/ { mfa_reset_redis redis://127.0.0.1; }
location /json/ { mfa_reset am; }
--- must_die
--- error_log refused_at
2 mfa_reset: "mfa_reset" needs a Redis: add "mfa_reset_redis URL;" to this location, its server or http



=== TEST 17: a password twice, with the line of the URL
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> password
hunter2
>>> location.conf
mfa_reset_redis_password_file ../html/password;
mfa_reset_redis redis://:hunter2@127.0.0.1;
--- must_die
--- error_log refused_at
2 mfa_reset: both mfa_reset_redis and mfa_reset_redis_password_file give a password: leave one of them out



=== TEST 18: a user without a password
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf

mfa_reset_redis redis://edge@127.0.0.1;
--- must_die
--- error_log refused_at
2 mfa_reset: mfa_reset_redis names a user without a password: write redis://user:password@host or add mfa_reset_redis_password_file



=== TEST 19: a host that does not exist
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf
mfa_reset_redis redis://:hunter2@no-such-host.invalid;
--- must_die
--- error_log refused_at
1 mfa_reset: mfa_reset_redis: host not found for "no-such-host.invalid:6379": write a host that exists



=== TEST 20: a host with colons that is no IPv6 address, also with a resolver
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf
resolver 127.0.0.1:53;
mfa_reset_redis redis://:hunter2@[::zz]:6379;
--- must_die
--- error_log refused_at
2 mfa_reset: mfa_reset_redis: invalid IPv6 address for "[::zz]:6379": write a host that exists



=== TEST 21: a host that does not exist, and a resolver of another location
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /other/ { resolver 127.0.0.1:53; }
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf
mfa_reset_redis redis://:hunter2@no-such-host.invalid;
--- must_die
--- error_log refused_at
1 mfa_reset: mfa_reset_redis: host not found for "no-such-host.invalid:6379": write a host that exists



=== TEST 22: a password file that does not exist
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf

mfa_reset_redis_password_file $TEST_NGINX_SERVER_ROOT/html/nosuch;
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: cannot read mfa_reset_redis_password_file "\S+/html/nosuch" in \S+/html/location\.conf:2 \(2: No such file or directory\)$}



=== TEST 23: a password file that is a directory
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    mfa_reset_redis_password_file $TEST_NGINX_SERVER_ROOT/html;
    location /json/ { mfa_reset am; }
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: cannot read mfa_reset_redis_password_file "\S+/html" in \S+/nginx\.conf:\d+ \(21: Is a directory\)$}



=== TEST 24: a password file without a password
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> empty

hunter2
>>> location.conf
mfa_reset_redis_password_file $TEST_NGINX_SERVER_ROOT/html/empty;
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: mfa_reset_redis_password_file "\S+/html/empty" holds no password: write it into the first line in \S+/html/location\.conf:1$}



=== TEST 25: a password file that is something else
--- http_config
    mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET;
--- config
    mfa_reset_redis_password_file $TEST_NGINX_SERVER_ROOT/html/long;
    location /json/ { mfa_reset am; }
--- user_files eval
[["long", "x" x 4096]]
--- must_die
--- error_log eval
qr{\[emerg\] .* holds no password: write it into the first line in \S+/nginx\.conf:\d+$}



=== TEST 26: a stream of events with an invalid length
--- config
    mfa_reset_events_stream events length=0;
--- must_die
--- error_log refused: "mfa_reset_events_stream" has an invalid parameter "length=0": write length= and a number from 1 to 1000000000



=== TEST 27: a length that is too large
--- config
    mfa_reset_events_stream events length=1000000001;
--- must_die
--- error_log refused: "mfa_reset_events_stream" has an invalid parameter "length=1000000001": write length= and a number from 1 to 1000000000



=== TEST 28: another word instead of length=
--- config
    mfa_reset_events_stream events 1000;
--- must_die
--- error_log refused: "mfa_reset_events_stream" has an invalid parameter "1000": write length= and a number from 1 to 1000000000



=== TEST 29: no stream of events, with a length
--- config
    mfa_reset_events_stream off length=1000;
--- must_die
--- error_log refused: "mfa_reset_events_stream" has an invalid parameter "length=1000": write off alone, or the name of a stream in its place



=== TEST 30: two streams of events
--- config
    mfa_reset_events_stream events;
    mfa_reset_events_stream audit;
--- must_die
--- error_log refused: "mfa_reset_events_stream" directive is duplicate



=== TEST 31: one stream of all events in a Redis Cluster, with the line of the stream
--- no_redis
--- config
    mfa_reset_redis redis+cluster://127.0.0.1:7000,127.0.0.1:7001;
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf

mfa_reset_events_stream events;
--- must_die
--- error_log refused_at
2 mfa_reset: "mfa_reset_events_stream" is not for a Redis Cluster, which keeps each user's events with the user: write "mfa_reset_events_stream off;" and read the users' own streams, PREFIX{/realm/user}:events



=== TEST 32: TLS without an authority to trust
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf

mfa_reset_redis rediss://:hunter2@127.0.0.1;
--- must_die
--- error_log refused_at
2 mfa_reset: the certificate of a Redis at rediss:// cannot be verified without authorities to trust: add "mfa_reset_redis_ssl_trusted_certificate FILE;"


=== TEST 33: a certificate without its key
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf
mfa_reset_redis rediss://127.0.0.1;
mfa_reset_redis_ssl_verify off;
mfa_reset_redis_ssl_certificate a.crt;
--- must_die
--- error_log refused_at
3 mfa_reset: mfa_reset_redis_ssl_certificate is given without its key: add "mfa_reset_redis_ssl_certificate_key FILE;"


=== TEST 34: a key without its certificate
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf
mfa_reset_redis rediss://127.0.0.1;
mfa_reset_redis_ssl_verify off;
mfa_reset_redis_ssl_certificate_key a.key;
--- must_die
--- error_log refused_at
3 mfa_reset: mfa_reset_redis_ssl_certificate_key is given without its certificate: add "mfa_reset_redis_ssl_certificate FILE;"


=== TEST 35: an authority that does not exist
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf

mfa_reset_redis rediss://127.0.0.1;
mfa_reset_redis_ssl_trusted_certificate /nosuch/ca.crt;
--- must_die
--- error_log eval
[qr{\[emerg\] .*/nosuch/ca\.crt.*No such file}, qr{\[emerg\] .*mfa_reset: a file of the mfa_reset_redis_ssl_\* directives cannot be used: the line before this one says why, for the Redis in \S+/html/location\.conf:2$}]



=== TEST 36: a key that belongs to another certificate
--- no_redis
--- config
    mfa_reset_redis rediss://127.0.0.1;
    mfa_reset_redis_ssl_verify off;
    mfa_reset_redis_ssl_certificate     $TEST_NGINX_SERVER_ROOT/html/a.crt;
    mfa_reset_redis_ssl_certificate_key $TEST_NGINX_SERVER_ROOT/html/b.key;
    location /json/ { mfa_reset am; }
--- user_files eval
[map { [$_, $main::pem{$_}] } sort keys %main::pem]
--- must_die
--- error_log eval
[qr{\[emerg\] .*SSL_CTX_use_PrivateKey\("\S+/html/b\.key"\) failed .*key values mismatch},
 qr{\[emerg\] .*mfa_reset: a file of the mfa_reset_redis_ssl_\* directives cannot be used: .* in \S+/nginx\.conf:\d+$}]



=== TEST 37: an authority that is no certificate
--- no_redis
--- config
    mfa_reset_redis rediss://127.0.0.1;
    mfa_reset_redis_ssl_trusted_certificate $TEST_NGINX_SERVER_ROOT/html/a.key;
    location /json/ { mfa_reset am; }
--- user_files eval
[map { [$_, $main::pem{$_}] } sort keys %main::pem]
--- must_die
--- error_log eval
[qr{\[emerg\] .*SSL_CTX_load_verify_locations\("\S+/html/a\.key"\) failed},
 qr{\[emerg\] .*mfa_reset: a file of the mfa_reset_redis_ssl_\* directives cannot be used: .* in \S+/nginx\.conf:\d+$}]



=== TEST 38: without TLS they are not used, and may be incomplete; with it each level may complete them
--- http_config
    mfa_reset_redis_ssl_certificate /nosuch.crt;
    mfa_reset_redis_ssl_protocols TLSv1.3;
    mfa_reset_redis_ssl_name redis.example;
--- config
    location = /off { return 200; }
    location /json/ { mfa_reset am; }
    location /am/json/ {
        mfa_reset am;
        mfa_reset_redis rediss://127.0.0.1:1;
        mfa_reset_redis_ssl_trusted_certificate $TEST_NGINX_SERVER_ROOT/html/a.crt;
        mfa_reset_redis_ssl_certificate         $TEST_NGINX_SERVER_ROOT/html/a.crt;
        mfa_reset_redis_ssl_certificate_key     $TEST_NGINX_SERVER_ROOT/html/a.key;
    }
--- user_files eval
[map { [$_, $main::pem{$_}] } sort keys %main::pem]
--- request
GET /off
--- error_code: 200
--- no_error_log
[emerg]



=== TEST 39: a user of sentinels without a password
--- no_redis
--- config
    include $TEST_NGINX_SERVER_ROOT/html/location.conf;
    location /json/ { mfa_reset am; }
--- user_files
>>> location.conf
mfa_reset_redis_sentinel_user edge;
mfa_reset_redis redis+sentinel://127.0.0.1/main;
--- must_die
--- error_log refused_at
2 mfa_reset: mfa_reset_redis_sentinel_user names a user without a password: add mfa_reset_redis_sentinel_password_file



=== TEST 40: a password file for sentinels that does not exist
--- no_redis
--- config
    mfa_reset_redis redis+sentinel://127.0.0.1/main;
    mfa_reset_redis_sentinel_password_file /nowhere;
    location /json/ { mfa_reset am; }
--- must_die
--- error_log eval
qr{\[emerg\] .* cannot read mfa_reset_redis_sentinel_password_file "/nowhere" in \S+/nginx\.conf:\d+ \(2: No such file or directory\)$}
