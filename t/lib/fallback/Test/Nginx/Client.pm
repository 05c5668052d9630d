# The client's side of one connection: sends the packets of a request while it
# reads, until the server closes or stays silent for too long.
package Test::Nginx::Client;

use v5.36;
use Errno qw(EAGAIN EINTR);
use IO::Select         ();
use IO::Socket::INET   ();
use Test::More         ();
use Time::HiRes qw(sleep time);
use Test::Nginx::Util qw(slice_of_time value);

# nginx may still be opening its sockets.
sub connect_to_nginx {
    my $addr     = Test::Nginx::Util::setting('server_addr');
    my $port     = $Test::Nginx::Util::ServerPort;
    my $deadline = time + 10;
    while (1) {
        my $socket = IO::Socket::INET->new(
            PeerAddr => $addr, PeerPort => $port, Proto => 'tcp', Timeout => 3);
        return $socket if $socket;
        last if time > $deadline;
        sleep slice_of_time() * 2;
    }
    Test::More::fail("cannot connect to $addr:$port: $!");
    return;
}

# Everything that the server sent.
sub exchange ($block, $packets, $timeout) {
    my $socket = connect_to_nginx() or return '';
    $socket->blocking(0);
    local $SIG{PIPE} = 'IGNORE';

    my $conversation = {
        block   => $block,
        socket  => $socket,
        left    => [map { {%$_} } @$packets],
        started => 0,
        got     => '',
    };
    my $reading = IO::Select->new($socket);
    while (1) {
        my $writing = @{ $conversation->{left} } ? $reading : undef;
        my ($readable, $writable) = IO::Select->select($reading, $writing, undef, $timeout);
        if (!$readable) {
            timed_out($conversation);
            last;
        }
        send_some($conversation) if @$writable;
        last if @$readable && !read_some($conversation);
    }
    close $socket;
    return $conversation->{got};
}

sub timed_out ($conversation) {
    my $block = $conversation->{block};
    return if defined value($block, 'abort');
    Test::More::fail('ERROR: client socket timed out - ' . $block->name);
}

sub send_some ($conversation) {
    my $left   = $conversation->{left};
    my $packet = $left->[0];
    hesitate($conversation, $packet);

    my $sent = syswrite $conversation->{socket}, $packet->{value};
    if (!defined $sent) {
        return if $! == EAGAIN || $! == EINTR;

        # The server has heard enough; its answer may still be there to read.
        @$left = ();
        return;
    }
    substr $packet->{value}, 0, $sent, '';
    return if length $packet->{value};
    shift @$left;
    $conversation->{started} = 1;
    half_close($conversation) if !@$left;
}

# Once before each packet but the first, however often a write is continued.
sub hesitate ($conversation, $packet) {
    return if $packet->{waited}++ || !$conversation->{started};
    my $delay = $packet->{delay_before}
        // value($conversation->{block}, 'raw_request_middle_delay');
    sleep $delay if $delay;
}

sub half_close ($conversation) {
    my $how = value($conversation->{block}, 'shutdown') // return;
    shutdown $conversation->{socket}, $how =~ /(\d)/ ? $1 : 1;
}

# False at the end of the stream.
sub read_some ($conversation) {
    my $n = sysread $conversation->{socket}, my $bytes, 65_536;
    if (!defined $n) {
        return 1 if $! == EAGAIN || $! == EINTR;
        warn 'WARNING: ', $conversation->{block}->name, " - reading the response: $!\n";
        return 0;
    }
    $conversation->{got} .= $bytes;
    return $n > 0;
}

1;
