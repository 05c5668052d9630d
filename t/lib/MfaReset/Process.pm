# What the tests need of the operating system: free ports, waits that end, and
# processes that are surely gone.
package MfaReset::Process;

use v5.36;
use Exporter         'import';
use IO::Socket::INET ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(free_port wait_until is_alive);

sub free_port {
    for (1 .. 1000) {

        # Below the range that the kernel gives to clients: a port from there
        # may be some connection's own end by the time a server wants it.
        my $port   = 10_000 + int rand 20_000;
        my $socket = IO::Socket::INET->new(
            LocalAddr => '0.0.0.0', LocalPort => $port, Proto => 'tcp', Listen => 1);
        return $port if $socket;
    }
    die "no free TCP port found\n";
}

# Whether the condition became true within the given seconds.
sub wait_until ($seconds, $condition) {
    my $deadline = time + $seconds;
    until ($condition->()) {
        return 0 if time > $deadline;
        sleep 0.005;
    }
    return 1;
}

# A process that has ended and was not reaped is not alive.
sub is_alive ($pid) {
    open my $in, '<', "/proc/$pid/stat" or return kill 0, $pid;
    my $stat = <$in> // '';
    return $stat !~ /\)\s+[ZX]\s/;
}

1;
