# The scripts that ship for authentication services (scripts/challenge) and for operators
# (scripts/oaa-user): what they do, on a private Redis.
use v5.36;
use File::Temp  qw(tempdir);
use Digest::SHA qw(sha256_base64);
use FindBin;
use Test::More;
use Time::HiRes qw(sleep time);
use lib "$FindBin::Bin/lib";
use MfaReset::Docs qw($root slurp);
use MfaReset::Redis;
use MfaReset::Resp;

my $directory = tempdir('mfa-reset-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
my $redis     = MfaReset::Redis->start($directory, "$directory/redis.sock");
my $record    = 'mfa:{/alpha/demo}';
my $context   = 'mfa:context:c1';

sub reply (@words) { return MfaReset::Resp::show_reply_to($words[0], $redis->call(@words)) }

# A script of scripts/challenge on one key.
sub run_script ($name, $key, @arguments) {
    return reply('EVAL', slurp("scripts/challenge/$name.lua"), 1, $key, @arguments);
}
sub fail_once (@arguments) { return run_script('failed-answer', $record, @arguments) }

sub now () {
    my ($seconds, $microseconds) = map { $_->[1] } @{ $redis->call('TIME')->[1] };
    return $seconds * 1000 + int($microseconds / 1000);
}

# ---- failed answers

is(fail_once('ChallengeSMS', 10, 1800), "[$_,0]", "failed answer $_ is counted") for 1 .. 9;
is(run_script('locked', $record, 'ChallengeSMS'), 0, 'nine do not lock');
my $before = now();
is(fail_once('ChallengeSMS', 10, 1800), '[10,1800000]', 'the tenth locks for half an hour');
my $until = $redis->call('HGET', $record, 'lock:ChallengeSMS')->[1];
cmp_ok($until, '>=', $before + 1_800_000,     'until half an hour from now by the clock of Redis,');
cmp_ok($until, '<=', now() + 1_800_000, 'and not longer');
like(run_script('locked', $record, 'ChallengeSMS'), qr/^1(?:800000|7\d{5})$/, 'it is locked');
like(fail_once('ChallengeSMS', 10, 1800), qr/^\[10,1(?:800000|7\d{5})\]$/, 'while it is, nothing is counted');
is(reply('HGET', $record, 'lock:ChallengeSMS'), qq("$until"), 'nor the lock made longer');
is(run_script('locked', $record, 'ChallengeEmail'), 0, 'another type is not locked');
is(fail_once('ChallengeEmail', 10, 1800), '[1,0]', 'and counts for itself');
is(reply('HKEYS', $record), '["challenge:ChallengeEmail","challenge:ChallengeSMS","lock:ChallengeSMS"]', 'no other field');

is(fail_once('ChallengeYOTP', 1, 1), '[1,1000]', 'other limits');
sleep 1.1;
is(run_script('locked', $record, 'ChallengeYOTP'), 0, 'the lock ends');
is(fail_once('ChallengeYOTP', 2, 1800), '[1,0]', 'and counting begins anew');
is(reply('HEXISTS', $record, 'lock:ChallengeYOTP'), 0, 'without a lock');

for my $arguments (['', 10, 1800], ['a b', 10, 1800], ['a:b', 10, 1800], ['x', 0, 1800], ['x', 'ten', 1800], ['x', 10, 0],
    ['x', 10, 'nan?'], ['x', 10]) {
    like(fail_once(@$arguments), qr/^\(error\) ERR/, "refused: @$arguments");
}

# ---- contexts

is(run_script('create-context', $context, '/alpha/demo', 600), 1,               'a context is created');
is(reply('HGETALL', $context),                                 '{"subject":"/alpha/demo"}', 'with its subject');
like(reply('TTL', $context), qr/^(?:600|5\d\d)$/, 'for ten minutes');
is(run_script('create-context', $context, '/alpha/eve', 900), 0, 'what is there stays');
is(reply('HGETALL', $context), '{"subject":"/alpha/demo"}', 'as it is');
for my $arguments (['alpha/demo', 600], ['', 600], ['/alpha/demo', 0], ['/alpha/demo', -1], ['/alpha/demo', 'x'], ['/alpha/demo']) {
    like(run_script('create-context', 'mfa:context:c2', @$arguments), qr/^\(error\) ERR/, "refused: @$arguments");
}
is(reply('EXISTS', 'mfa:context:c2'), 0, 'and none is created');

# ---- scripts/oaa-user

# What it writes to standard output and to standard error.
sub make_user ($name) {
    open my $pipe, '-|', 'sh', '-c', "exec \"\$0\" \"\$1\" 2>$directory/key", "$root/scripts/oaa-user", $name or die $!;
    my $line = do { local $/; <$pipe> } // '';
    close $pipe;
    open my $in, '<', "$directory/key" or die $!;
    return ($line, do { local $/; <$in> } // '');
}

my %seen;
for my $name ('portal', "J\xc3\xbcrgen", 'a b') {
    my ($line, $said) = make_user($name);
    my ($key) = $said =~ /\Athe key of \Q$name\E: ([0-9a-f]{64})\n\z/;
    ok($key && !$seen{$key}++, "oaa-user $name: a new key");
    is($line, "$name:{SHA256}" . sha256_base64($key // '') . "=\n", "oaa-user $name: the line of that key");
}
for my $name ('', 'a:b', "a\nb", "a\xff", '#a', 'n' x 129) {
    is((make_user($name))[0], '', "oaa-user refuses $name");
}

$redis->stop;
done_testing();
