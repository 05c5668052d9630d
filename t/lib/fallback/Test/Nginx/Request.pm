# The requests that a block asks for, as the bytes to send. A request is a list
# of packets, { value => bytes, delay_before => seconds }, so that a test may
# say where it is cut and how long the client hesitates there.
package Test::Nginx::Request;

use v5.36;
use Test::Nginx::Util qw(bail_out expand_env value);

# All requests of a block; each goes over a connection of its own.
sub list ($block) {
    return raw($block)       if defined value($block, 'raw_request');
    return pipelined($block) if defined value($block, 'pipelined_requests');

    my $request = value($block, 'request');
    if (!ref $request) {
        $request = without_comments($request // '');
        return [build($block, 0, 'close', $request)];
    }
    bail_out($block->name, ' - a request is text or a list of requests') if ref $request ne 'ARRAY';
    return map { [build($block, $_, 'close', $request->[$_])] } 0 .. $#$request;
}

# Lines that start with # before the request line are the author's.
sub without_comments ($text) {
    1 while $text =~ s/\A\s*#[^\n]*\n//;
    $text =~ s/\A\s+//;
    return $text;
}

sub raw ($block) {
    my $raw   = value($block, 'raw_request');
    my @parts = ref $raw eq 'ARRAY' ? @$raw : $raw;
    return [map { { value => $_ } } @parts];
}

# One connection, all requests in one packet; the last one asks to close it.
sub pipelined ($block) {
    my $requests = value($block, 'pipelined_requests');
    bail_out($block->name, ' - pipelined_requests is a list of requests')
        if ref $requests ne 'ARRAY';

    my $bytes = '';
    for my $i (0 .. $#$requests) {
        my $connection = $i == $#$requests ? 'close' : 'keep-alive';
        my $request    = expand_env($requests->[$i], $block->name);
        $bytes .= $_->{value} for build($block, $i, $connection, $request);
    }
    return [{ value => $bytes }];
}

sub header_lines ($block, $index) {
    my $given = value($block, 'more_headers') // '';
    if (ref $given eq 'ARRAY') {
        $given = $given->[$index]
            // bail_out($block->name, " - more_headers has nothing for request $index");
    }
    my @lines;
    for my $line (split /\n+/, $given) {
        next if $line =~ /^\s*#/;
        my ($name, $value) = split /:\s*/, $line, 2;
        push @lines, "$name: " . ($value // '');
    }
    return @lines;
}

sub request_line ($block, $line) {
    my ($method, $target, $version, @more) = split ' ', $line;
    bail_out($block->name, " - a request line is \"method [target [version]]\", not \"$line\"")
        if !defined $method || @more;
    return join ' ', $method, $target // '/', $version // 'HTTP/1.1';
}

sub head ($block, $line, $connection, $lines, $length) {
    my @lines = @$lines;
    unshift @lines, "Connection: $connection" if !grep {/^Connection/i} @lines;
    unshift @lines, "Host: $Test::Nginx::Util::ServerName" if !grep {/^Host:/i} @lines;
    push @lines, "Content-Length: $length" if defined $length;
    return join "\r\n", request_line($block, $line), @lines, '', '';
}

# One request from its text or its packets. What follows the request line is
# the body; unless the author gave its length or its chunks, the length is
# added, and blanks around the body are taken for layout.
sub build ($block, $index, $connection, $request) {
    my @packets = map { ref $_ ? {%$_} : { value => $_ } } ref $request ? @$request : $request;
    my $text    = join '', map { $_->{value} } @packets;
    my ($line, $body) = $text =~ /\A([^\n]*)\n?(.*)\z/s;
    my $body_start = length($text) - length $body;

    my @lines = header_lines($block, $index);
    my $length;
    if ($body ne '' && !grep {/^(?:Content-Length:|transfer-encoding: chunked$)/i} @lines) {
        $body =~ s/\A\s+|\s+\z//g;
        $length = length $body;
    }
    my $head = head($block, $line, $connection, \@lines, $length);
    return cut($head, $body, $body_start, @packets);
}

# The packets again, cut in the finished request where they were cut in the
# author's text.
sub cut ($head, $body, $body_start, @packets) {
    my $bytes = $head . $body;
    my ($from, $read) = (0, 0);
    for my $i (0 .. $#packets) {
        $read += length $packets[$i]{value};
        my $to = $read < $body_start ? $read : length($head) + $read - $body_start;
        $to = length $bytes if $i == $#packets || $to > length $bytes;
        $packets[$i]{value} = substr $bytes, $from, $to - $from;
        $from = $to;
    }
    return @packets;
}

1;
