# The user of Redis that docs/how-to/redis.md makes for nginx: none of its rights can be left out, and it has no others.
# That with all of them every API works is what the other files show: they run with it.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::BesideAm;
use MfaReset::Foundry ();
use MfaReset::Redis;

redis_port();
my $server = '@127.0.0.1:$TEST_NGINX_REDIS_PORT';
my $asking = 'mfa_reset_am_session subrequest=/am-session; mfa_reset_am_session_cache 60s; mfa_reset_am_admin amAdmin;';
my $ends   = '"maxIdleExpirationTime":"2099-01-01T00:00:00Z","maxSessionExpirationTime":"2099-01-01T00:00:00Z"';
our $am = am_behind(sessions_of(map { ("token-$_" => qq({"username":"amAdmin","realm":"/",$ends})) } 0 .. 19));
my $device = '[{"uuid":"d569bb53","recoveryCodes":[],"sharedSecret":"3132333435363738393031323334353637383930",'
    . '"deviceName":"OATH Device","lastLogin":0,"counter":0,"checksumDigit":false,"truncationOffset":0,"clockDriftSeconds":0}]';

# By what needs a line of the page: the directives of a location that does, the call number $n, and what it finds in
# Redis. Without a call, it is AM's.
my %scene = (
    'mfa_reset'                       => {},
    'mfa_reset am'                    => { call_without => \&am_call_without },
    'mfa_reset_am_session_cache'      => { serves => "mfa_reset am; $asking" },
    'mfa_reset_events_stream'         => { serves => 'mfa_reset am; mfa_reset_events_stream events;' },
    # There are no replicas, so a probe fails. The users differ in what Redis refused them.
    'mfa_reset_redis_wait' => {
        serves   => 'mfa_reset am; mfa_reset_redis_wait 1 timeout=20ms;',
        complete => 503,
    },
    'mfa_reset_redis with a database' => {
        database => '/1',
        seed     => sub ($n) { ('SELECT 1', am_seed($n), 'SELECT 0') },
    },
    'mfa_reset_foundry_roles repository' => {
        with    => 'mfa_reset foundry',
        serves  => 'mfa_reset foundry; mfa_reset_foundry_roles repository; mfa_reset_foundry_caller_code off;',
        call    => sub ($n) {qq(PUT /$n/users/2fa/reset\n{"targetUserId":"u$n"})},
        headers => sub ($n) {"Content-Type: application/json\nX-ss-id: session-$n"},
        seed    => sub ($n) {
            (   "HSET mfa:{/foundry/u$n} uid u$n oath2faEnabled 2",
                qq(SET urn:iuserauth:c$n '{"Roles":["Admin"]}'),
                qq(SET urn:iauthsession:session-$n '{"id":"x","userAuthId":"c$n","isAuthenticated":true}'),
            );
        },
    },
    'mfa_reset foundry' => {
        serves  => 'mfa_reset foundry;',
        call    => sub ($n) {qq(PUT /$n/users/2fa/reset\n{"targetUserId":"u$n","callerCode":"{{code}}"})},
        headers => sub ($n) {"Content-Type: application/json\nX-ss-id: session-$n"},
        seed    => sub ($n) {
            (   "HSET mfa:{/foundry/u$n} uid u$n oath2faEnabled 2",
                "HSET mfa:{/foundry/c$n} uid c$n oathDeviceProfiles '$device'",
                qq(SET urn:iauthsession:session-$n '{"id":"x","userAuthId":"c$n","roles":["Admin"],"isAuthenticated":true}'),
            );
        },
    },
);

sub am_call ($n) {"POST /$n/json/realms/root/realms/alpha/users/u$n/devices/2fa/oath?_action=reset\n{}"}

# The call that needs this right.
sub am_call_without ($n, $right) {
    my $users = "/$n/json/realms/root/realms/alpha/users/u$n/devices/2fa";
    return "POST /$n/json/sessions?_action=getSessionInfo\n{}" if ($right // '') =~ /time|pttl/;
    return "GET $users" . (($right // '') eq '+hkeys' ? '' : '/events') . '?_queryFilter=true';
}

sub am_headers ($n) {"Content-Type: application/json\nAccept-API-Version: resource=1.0\niPlanetDirectoryPro: token-$n"}

sub am_seed ($n) {
    return ("HSET mfa:session:sha256(token-$n) user amAdmin realm / admin /",
        "HSET mfa:{/alpha/u$n} uid u oath2faEnabled 2 oathDeviceProfiles [1]");
}

# [a right, the words without it], for each command and each pattern of keys; those in parentheses, too. A right to PING
# is needed when a heartbeat is due: t/process/test_heartbeat.py shows what comes without it.
sub each_left_out (@words) {
    my @left_out;
    for my $i (0 .. $#words) {
        my @parts = $words[$i] =~ /^\((.*)\)$/ ? split / /, $1 : $words[$i];
        for my $j (grep { $parts[$_] =~ /^[+~%]/ && $parts[$_] ne '+ping' } 0 .. $#parts) {
            my @rest = @parts[grep { $_ != $j } 0 .. $#parts];
            push @left_out, [$parts[$j], @words[0 .. $i - 1], (@parts > 1 ? "(@rest)" : ()), @words[$i + 1 .. $#words]];
        }
    }
    return @left_out;
}

# What a call comes to without this right.
sub status_without ($right, $need) {
    return 503 if $need eq 'mfa_reset_redis_wait';
    return 200 if $right =~ /^\+(?:info|client)/ || $need eq 'mfa_reset_am_session_cache';    # it does without
    return 503 if $right eq '+select';                                                        # no connection is good
    return 500;
}

# One nginx for one line of the page: a location for each right, whose user of Redis lacks it, which Redis then
# has refused to that user; and a last one whose user lacks none. The first user lacks EVAL: nobody before may have made Redis know the script.
our @made;

sub block ($name, $need, $before, $line) {
    my $of   = $scene{$need} // die "nobody shows what needs this: $need\n";
    my @rows = sort { ($b->[0] eq '+eval') <=> ($a->[0] eq '+eval') } each_left_out(@$line);
    my (@config, @seed, @redis, %lists);
    for my $n (0 .. @rows) {
        my ($right, @words) = $n < @rows ? @{ $rows[$n] } : (undef, @$line);
        push @config, "location /$n/ { mfa_reset_redis redis://user$n:s3cret$server" . ($of->{database} // '') . '; '
            . 'mfa_reset_redis_connections 1; ' . ($of->{serves} // 'mfa_reset am;') . ' }';
        push @seed, join ' ', 'ACL SETUSER', "user$n", map {"'$_'"} @$before, @words;
        push @seed, ($of->{seed} // \&am_seed)->($n);
        push @redis, 'ACL LOG 128 => ' . (defined $right ? '~' : '!~') . qq( "username","user$n");
        push @{ $lists{calls} },    $of->{call_without} ? $of->{call_without}->($n, $right) : ($of->{call} // \&am_call)->($n);
        push @{ $lists{headers} },  ($of->{headers} // \&am_headers)->($n);
        push @{ $lists{statuses} }, defined $right ? status_without($right, $need) : $of->{complete} // 200;
    }
    my $made = '$main::made[' . (push(@made, \%lists) - 1) . ']';
    return join "\n", "=== $name, $need: each right is needed", '--- no_redis', '--- http_config eval: $main::am',
        '--- config', @config, session_location(), '--- seed', 'ACL LOG RESET', 'SCRIPT FLUSH', @seed,
        "--- request eval: $made\{calls}", "--- more_headers eval: $made\{headers}",
        "--- error_code eval: $made\{statuses}", '--- redis', @redis, "\n\n";
}

# Those of one user: the first line of the page is what all others add to, and a line that a scene is `with`.
sub user_blocks ($name) {
    my @lines = map { [$_->[0], @$_[4 .. $#$_]] } MfaReset::Redis::user_lines($name);
    my %words = map { my ($need, @words) = @$_; ($need => \@words) } @lines;
    my ($first, @first) = @{ $lines[0] };
    return join '', block($name, $first, [], \@first),
        map { my ($need, @words) = @$_; block($name, $need, [@first, @{ $words{ $scene{$need}{with} // '' } // [] }], \@words) } @lines[1 .. $#lines];
}

# A user with all rights that the page has.
sub whole ($name) {
    my @words = map { @$_[4 .. $#$_] } MfaReset::Redis::user_lines($name);
    return join ' ', 'ACL SETUSER whole', map {"'$_'"} @words;
}

secret('s3cret');
repeat_each(1);
Test::Base::spec_string(user_blocks('mfa-reset') . user_blocks('mfa-reset-6') . join '', <DATA>);
no_shuffle();
run_tests();

__DATA__

=== TEST 1: keys outside of the prefix, by the module
--- http_config
    mfa_reset_redis redis://whole:s3cret@127.0.0.1:$TEST_NGINX_REDIS_PORT;
    mfa_reset_prefix other:;
--- config
    location /json/ { mfa_reset am; }
--- seed eval
main::whole('mfa-reset') . q(
HSET other:session:sha256(token-0) user amAdmin realm / admin /
HSET other:{/alpha/u0} uid u oath2faEnabled 2
)
--- request
POST /json/realms/root/realms/alpha/users/u0/devices/2fa/oath?_action=reset
--- more_headers
iPlanetDirectoryPro: token-0
Accept-API-Version: resource=1.0
--- error_code: 500
--- error_log
NOPERM
--- redis
HGETALL other:{/alpha/u0} => {"oath2faEnabled":"2","uid":"u"}
DBSIZE => 2



=== TEST 2: other commands that it cannot run
--- config
    location = /nothing { return 204; }
--- seed eval
main::whole('mfa-reset') . q(
HSET other:{/alpha/u0} uid u
HSET mfa:{/alpha/u0} uid u
SET urn:iauthsession:x {}
)
--- request
GET /nothing
--- error_code: 204
--- redis
AUTH whole s3cret => OK
HMGET mfa:{/alpha/u0} uid => ["u"]
HMGET other:{/alpha/u0} uid => ~ NOPERM
HSET other:{/alpha/u0} uid v => ~ NOPERM
HDEL other:{/alpha/u0} uid => ~ NOPERM
GET other => ~ NOPERM
SET other x => ~ NOPERM
XADD other:{/alpha/u0}:events * a b => ~ NOPERM
XADD events * a b => ~ NOPERM
EVAL "return 1" 1 other:{/alpha/u0} => ~ NOPERM
EVAL "return redis.call('HSET', 'other:{/alpha/u0}', 'uid', 'v')" 0 => ~ ^.error. .*(?:NOPERM|access)
EVAL "return redis.call('HMGET', 'other:{/alpha/u0}', 'uid')" 0 => ~ ^.error. .*(?:NOPERM|access)
HSET mfa:session:x user u realm / admin / => ~ NOPERM
EVAL "return redis.call('HSET', KEYS[1], 'admin', '/')" 1 mfa:session:x => ~ ^.error. .*(?:NOPERM|access)
HSET mfa:context:x subject /alpha/u0 => ~ NOPERM
SET urn:iauthsession:x {} => ~ NOPERM
HDEL mfa:session:x admin => ~ NOPERM
DEL mfa:{/alpha/u0} => ~ NOPERM
HGETALL mfa:{/alpha/u0} => ~ NOPERM
XRANGE mfa:{/alpha/u0}:events - + => ~ NOPERM
KEYS * => ~ NOPERM
SCAN 0 => ~ NOPERM
CONFIG GET requirepass => ~ NOPERM
ACL LIST => ~ NOPERM
SCRIPT FLUSH => ~ NOPERM
FLUSHALL => ~ NOPERM
PUBLISH c m => ~ NOPERM
AUTH default any => OK
HGETALL other:{/alpha/u0} => {"uid":"u"}
KEYS * => ["mfa:{/alpha/u0}","other:{/alpha/u0}","urn:iauthsession:x"]



=== TEST 3: Redis 6.2: no key outside of the prefix
--- config
    location = /nothing { return 204; }
--- seed eval
main::whole('mfa-reset-6') . q(
HSET other:{/alpha/u0} uid u
)
--- request
GET /nothing
--- error_code: 204
--- redis
AUTH whole s3cret => OK
HMGET mfa:{/alpha/u0} uid => [nil]
HMGET other:{/alpha/u0} uid => ~ NOPERM
HSET other:{/alpha/u0} uid v => ~ NOPERM
SET other x => ~ NOPERM
XADD other:{/alpha/u0}:events * a b => ~ NOPERM
EVAL "return 1" 1 other:{/alpha/u0} => ~ NOPERM
EVAL "return redis.call('HSET', 'other:{/alpha/u0}', 'uid', 'v')" 0 => ~ ^.error. .*(?:NOPERM|access)
DEL mfa:{/alpha/u0} => ~ NOPERM
KEYS * => ~ NOPERM
FLUSHALL => ~ NOPERM
AUTH default any => OK
HGETALL other:{/alpha/u0} => {"uid":"u"}
