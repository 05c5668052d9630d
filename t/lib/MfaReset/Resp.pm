# A small Redis client over a unix socket: a command as a list of words, its
# reply as [type, value], and a reply in the one-line form that tests compare.
package MfaReset::Resp;

use v5.36;
use IO::Select       ();
use IO::Socket::UNIX ();

sub connect ($class, $path) {
    my $socket = IO::Socket::UNIX->new(Peer => $path) or return;
    return bless { socket => $socket, bytes => '' }, $class;
}

# Dies when the connection breaks or nothing comes for ten seconds.
sub call ($self, @words) {
    my $command = '*' . @words . "\r\n" . join '', map { '$' . length . "\r\n$_\r\n" } @words;
    local $SIG{PIPE} = 'IGNORE';
    while (length $command) {
        my $n = syswrite $self->{socket}, $command
            or die "sending \"$words[0]\" to Redis: $!\n";
        substr $command, 0, $n, '';
    }
    return $self->read_reply;
}

sub more ($self) {
    IO::Select->new($self->{socket})->can_read(10) or die "no reply from Redis in time\n";
    sysread $self->{socket}, $self->{bytes}, 65_536, length $self->{bytes}
        or die "Redis closed the connection\n";
}

sub read_line ($self) {
    $self->more until $self->{bytes} =~ s/\A(.*?)\r\n//s;
    return $1;
}

sub read_bulk ($self, $length) {
    $self->more while length $self->{bytes} < $length + 2;
    my $bytes = substr $self->{bytes}, 0, $length + 2, '';
    return substr $bytes, 0, $length;
}

# Types: status, error, integer, string, list, nil.
sub read_reply ($self) {
    my ($type, $rest) = unpack 'a a*', $self->read_line;
    return [status  => $rest] if $type eq '+';
    return [error   => $rest] if $type eq '-';
    return [integer => $rest] if $type eq ':';
    return ['nil']            if $rest < 0;
    return [string => $self->read_bulk($rest)] if $type eq '$';
    return [list => [map { $self->read_reply } 1 .. $rest]] if $type eq '*';
    die "not a reply of Redis: $type$rest\n";
}

sub quoted ($bytes) {
    $bytes =~ s/(["\\])/\\$1/g;
    $bytes =~ s/\n/\\n/g;
    $bytes =~ s/\r/\\r/g;
    $bytes =~ s/\t/\\t/g;
    $bytes =~ s/([\x00-\x1f\x7f])/sprintf '\\x%02x', ord $1/ge;

    # Text stays readable; bytes that are no text stay distinguishable.
    my $copy = $bytes;
    $bytes =~ s/([\x80-\xff])/sprintf '\\x%02x', ord $1/ge if !utf8::decode($copy);
    return qq{"$bytes"};
}

sub show_pairs (@items) {
    my %shown;
    while (my ($name, $value) = splice @items, 0, 2) {
        $shown{ show($name) } = show($value);
    }
    return '{' . join(',', map {"$_:$shown{$_}"} sort keys %shown) . '}';
}

# `OK`, `3`, `nil`, `"text"`, `[1,"a"]`, `(error) ERR …`.
sub show ($reply) {
    my ($type, $value) = @$reply;
    return 'nil'              if $type eq 'nil';
    return "(error) $value"   if $type eq 'error';
    return quoted($value)     if $type eq 'string';
    return $value             if $type ne 'list';
    return '[' . join(',', map { show($_) } @$value) . ']';
}

# The same where the command says that the order means nothing, or that names
# and values alternate. The ids of stream entries are times: they are left out.
sub show_reply_to ($command, $reply) {
    my ($type, $value) = @$reply;
    return show($reply) if $type ne 'list';
    return show_pairs(@$value) if $command =~ /^(?:HGETALL|CONFIG)$/i;
    return show([list => [sort { show($a) cmp show($b) } @$value]])
        if $command =~ /^(?:KEYS|SMEMBERS|HKEYS)$/i;
    return '[' . join(',', map { show_pairs(@{ $_->[1][1][1] }) } @$value) . ']'
        if $command =~ /^X(?:REV)?RANGE$/i;
    return show($reply);
}

1;
