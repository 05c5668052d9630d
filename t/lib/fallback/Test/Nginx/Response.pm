# A response taken apart: status, headers, body, and what followed it on the
# same connection.
package Test::Nginx::Response;

use v5.36;
use Test::More ();

# { code, raw_headers, headers, content, left }; code is '' when there is no
# status line. Undef, with a failed test, when a chunked body is broken.
sub parse ($name, $bytes, $is_head) {
    my ($status) = $bytes =~ /\A(.*?)\r?(?:\n|\z)/;
    my ($raw)    = $bytes =~ /\A(.*?\r\n)\r\n/s;
    my ($fields, $content) = $bytes =~ /\A[^\n]*\n(.*?)^\r?\n(.*)\z/ms;

    my $response = {
        code        => $status =~ m{\AHTTP/\S+ +(\d+)} ? $1 : '',
        raw_headers => $raw     // '',
        headers     => parse_fields($fields // ''),
        content     => $content // '',
    };
    return $response if $response->{code} =~ /^(?:101|304)$/;
    return delimit($name, $response, $is_head);
}

sub parse_fields ($text) {
    my @fields;
    for my $line (split /\r?\n/, $text) {
        push @fields, [lc $1, $2] if $line =~ /^([^\s:]+)\s*:\s*(.*?)\s*$/;
    }
    return \@fields;
}

# All values of one name, or undef.
sub header ($response, $name) {
    my @values = map { $_->[1] } grep { $_->[0] eq lc $name } @{ $response->{headers} };
    return @values ? join ', ', @values : undef;
}

sub delimit ($name, $response, $is_head) {
    if ((header($response, 'Transfer-Encoding') // '') eq 'chunked') {
        return unchunk($name, $response);
    }
    my $length = header($response, 'Content-Length');
    return $response if !defined $length || $length !~ /^\d+$/;

    my $got = length $response->{content};
    if ($got > $length) {
        $response->{left} = substr $response->{content}, $length, $got, '';
    } elsif ($got < $length && !$is_head) {
        warn "WARNING: $name - response body truncated: $length expected, $got came\n";
    }
    return $response;
}

sub broken ($message) {
    Test::More::fail($message);
    return;
}

sub unchunk ($name, $response) {
    my $body = '';
    for ($response->{content}) {
        pos = 0;
        while (1) {
            if (!/\G[ \t]*([0-9A-Fa-f]+)[ \t]*\r\n/gc) {
                return broken("$name - no chunk where one must start");
            }
            my $size = hex $1;
            last if $size == 0;
            my $chunk = substr $_, pos, $size;
            pos() += length $chunk;
            $body .= $chunk;
            if (length $chunk < $size || !/\G\r\n/gc) {
                return broken("$name - a chunk of $size bytes is cut short");
            }
        }

        # Trailer fields, if any, and the empty line.
        if (!/\G(?:[^\r\n]+\r\n)*\r\n/gc) {
            return broken("$name - the last chunk is not ended");
        }
        $response->{left} = substr $_, pos if pos() < length;
    }
    $response->{content} = $body;
    return $response;
}

1;
