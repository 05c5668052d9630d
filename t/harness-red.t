# The harness can fail: every file of t/harness is run, and must come out red,
# with exactly the failures that its first lines announce:
#   # not ok: PATTERN     a failed test; no other may fail
#   # says: PATTERN       something in its output
#   # stand-in only: WHY  not a matter of the real Test::Nginx
use v5.36;
use lib 't/lib';
use File::Temp qw(tempdir);
use POSIX qw(WNOHANG);
use Test::More;
use MfaReset::Process qw(wait_until);

my $limit = 60;
my $temp  = tempdir(CLEANUP => 1);

sub announced ($path) {
    open my $in, '<', $path or die "$path: $!\n";
    my %announced = ('not ok' => [], says => []);
    while (<$in>) {
        last if !/^# (.*)/;
        push @{ $announced{$1} }, $2 if $1 =~ /^(not ok|says|stand-in only): (.*)/;
    }
    return %announced;
}

# Its output and its wait status; what it leaves behind is ours to remove.
sub run_red ($path) {
    local %ENV = %ENV;
    delete @ENV{ grep {/^TEST_NGINX_/} keys %ENV };
    @ENV{qw(TMPDIR MFA_RESET_MODULE)} = ($temp, 'none');

    my $output = "$temp/output";
    my $pid    = fork // die "fork: $!\n";
    if ($pid == 0) {
        open STDOUT, '>',  $output;
        open STDERR, '>&', \*STDOUT;
        exec($^X, '-It/lib', $path) or POSIX::_exit(127);
    }
    my $ended  = wait_until($limit, sub { waitpid($pid, WNOHANG) > 0 });
    my $status = $?;
    if (!$ended) {
        kill TERM => $pid;
        waitpid $pid, 0;
        fail("$path ends within $limit seconds");
    }
    open my $in, '<', $output or die "$output: $!\n";
    local $/;
    return (scalar <$in>, $status);
}

sub is_real_harness {
    my $found = grep { !ref && -f "$_/Test/Nginx/Socket.pm" } @INC;
    return $found > 0;
}

for my $path (sort glob 't/harness/*.red') {
    my %announced = announced($path);
SKIP: {
        skip "$path - @{ $announced{'stand-in only'} }", 1
            if $announced{'stand-in only'} && is_real_harness();

        subtest $path => sub {
            my ($output, $status) = run_red($path);
            my @failed = $output =~ /^not ok \d+ - (.*)/mg;
            ok($status || @failed, 'red');
            for my $pattern (@{ $announced{'not ok'} }) {
                ok(scalar(grep {/$pattern/} @failed), "fails: $pattern");
            }
            for my $pattern (@{ $announced{says} }) {
                like($output, qr/$pattern/, "says: $pattern");
            }
            my @surprises = grep {
                my $failed = $_;
                !grep { $failed =~ /$_/ } @{ $announced{'not ok'} }
            } @failed;
            is_deeply(\@surprises, [], 'nothing else fails') or diag $output;
        };
    }
}
done_testing();
