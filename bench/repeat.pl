#!/usr/bin/perl
# Repeats one HTTP request over 64 kept connections, each of them one request at a time, while
# callgrind counts what servers do: repeat.pl PORT REQUEST-FILE STATUS COUNT PROCESS…
#
# It has each PROCESS dump two profiles: of all that came before, which includes the first rounds, in
# which connections are made and buffers find their size; and of the COUNT requests.
use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;

use constant {CONNECTIONS => 64, WARM_UP => 8, PATIENCE => 60};

my ($port, $file, $status, $count, @processes) = @ARGV;
my $request = do { local (@ARGV, $/) = $file; <> };

# The bytes of the first answer that $buffer holds whole, or 0.
sub answer_length {
    my ($buffer) = @_;
    my ($head) = $buffer =~ /^(.*?\r\n\r\n)/s or return 0;
    my ($length) = $head =~ /^Content-Length: (\d+)\r$/mi or die "an answer of no length: $head\n";
    return length($head) + $length <= length $buffer ? length($head) + $length : 0;
}

sub read_answer {
    my ($connection) = @_;
    my $buffer = '';
    until (answer_length($buffer)) {
        IO::Select->new($connection)->can_read(PATIENCE) or die "no answer came in time\n";
        sysread $connection, $buffer, 65536, length $buffer or die "the server closed the connection\n";
    }
    answer_length($buffer) == length $buffer or die "more came than one answer: $buffer\n";
    $buffer =~ m{^HTTP/1\.1 $status } or die "not $status: $buffer\n";
}

# One request on each connection, then all of their answers.
sub round_of {
    my (@connections) = @_;
    syswrite($_, $request) == length $request or die "a request was not taken whole\n" for @connections;
    read_answer($_) for @connections;
}

sub dump_profiles {
    for my $process (@processes) {
        my $said = qx{callgrind_control --dump $process 2>&1};
        $? == 0 or die "callgrind_control: $said\n";
    }
}

my @connections = map {
    IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => PATIENCE)
        or die "no connection to port $port: $@\n"
} 1 .. CONNECTIONS;
round_of(@connections) for 1 .. WARM_UP;
dump_profiles();
round_of(@connections) for 1 .. $count / CONNECTIONS;
dump_profiles();
