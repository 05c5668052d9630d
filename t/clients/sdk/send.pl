#!/usr/bin/perl
# Sends one call byte for byte, and prints the status and the body of its answer.
#   send.pl FILE PORT TOKEN
# FILE has the call, with line feeds alone in its head; TOKEN in it is the session's token.
use v5.36;
use IO::Socket::INET;

my ($file, $port, $token) = @ARGV;
open my $in, '<:raw', $file or die "$file: $!\n";
my $call = do { local $/; <$in> };
my ($head, $body) = split /\n\n/, $call, 2;
$head =~ s/\bTOKEN\b/$token/g;
$head =~ s/\n/\r\n/g;
$body =~ s/\n\z//;

my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 10) or die "no connection: $!\n";
alarm 10;
print $socket "$head\r\n\r\n$body";
$socket->flush;
my $answer = '';
while ($answer !~ /\r\n\r\n/) {
    sysread $socket, $answer, 65536, length $answer or die "the answer ends after: $answer\n";
}
my ($heads, $said) = split /\r\n\r\n/, $answer, 2;
my ($length) = $heads =~ /^Content-Length: (\d+)/im or die "an answer without a length: $heads\n";
while (length $said < $length) {
    sysread $socket, $said, 65536, length $said or die "the answer ends after: $said\n";
}
my ($status) = $heads =~ m{^HTTP/1\.1 (\d+)} or die "no answer of HTTP: $heads\n";
print "$status $said\n";
