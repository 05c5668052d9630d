# The private redis-server of a test file: on a unix socket in the file's own
# directory, nothing persisted, gone at the end.
package MfaReset::Redis;

use v5.36;
use Cwd               qw(abs_path);
use File::Basename    qw(dirname);
use MfaReset::Process qw(free_port wait_until);
use MfaReset::Resp ();

# The lines of docs/how-to/redis.md that make the user of Redis for nginx: what in nginx.conf needs each, and its words.
sub user_lines ($name = 'mfa-reset') {
    my $script = dirname(dirname(dirname(dirname(abs_path(__FILE__))))) . '/scripts/redis-user.pl';
    my @lines  = split /\n/, qx{'$^X' '$script' '$name'};
    $? == 0 or die "redis-user.pl does not find the user of Redis for nginx\n";
    return map { [split /\t/] } @lines;
}

# Starts one and returns it; dies with the server's own words when it cannot.
sub start ($class, $directory, $socket) {
    my $self = bless { directory => $directory, socket => $socket, undo => [] }, $class;
    my $pid  = fork // die "fork: $!\n";
    $self->run_server if $pid == 0;
    $self->{pid}   = $pid;
    $self->{owner} = $$;

    wait_until(10, sub { $self->{client} = MfaReset::Resp->connect($socket) })
        or die 'redis-server does not start: ', $self->log, "\n";
    $self->call('PING');
    return $self;
}

sub run_server ($self) {

    # A sanitizer that is preloaded for nginx has no business in Redis.
    delete $ENV{LD_PRELOAD};
    open STDIN,  '<',  '/dev/null';
    open STDOUT, '>>', "$self->{directory}/redis.log";
    open STDERR, '>&', \*STDOUT;
    exec 'redis-server', '--port', 0, '--bind', '127.0.0.1',
        '--unixsocket', $self->{socket}, '--unixsocketperm', 700,
        '--save', '', '--appendonly', 'no', '--daemonize', 'no', '--dir', $self->{directory};

    # Not exit: the END blocks are the parent's.
    warn "cannot run redis-server: $!\n";
    require POSIX;
    POSIX::_exit(127);
}

sub log ($self) {
    open my $in, '<', "$self->{directory}/redis.log" or return '(no log)';
    return join '', <$in>;
}

sub call ($self, @words) {
    return $self->{client}->call(@words);
}

# A command that must succeed.
sub must ($self, @words) {
    my $reply = $self->call(@words);
    die "Redis answers \"@words\" with: $reply->[1]\n" if $reply->[0] eq 'error';
    return $reply;
}

# Also on TCP, from now on; the port.
sub tcp_port ($self) {
    return $self->{tcp_port} if $self->{tcp_port};
    for (1 .. 10) {
        my $port = free_port();
        next if $self->call('CONFIG', 'SET', 'port', $port)->[0] eq 'error';
        return $self->{tcp_port} = $port;
    }
    die 'redis-server cannot listen on TCP: ', $self->log, "\n";
}

# The URL with a user that has exactly the rights that docs/how-to/redis.md lists for this text of nginx.conf.
sub url_for ($self, $configuration) {
    my @lines = @{ $self->{user_lines} //= [user_lines()] };
    my ($password) = map {/^>(.*)/} @{ $lines[0] };
    for my $line (@lines) {
        my ($need, @words) = @$line;
        $self->must(@words) if index("mfa_reset $configuration", $need) >= 0;
    }
    return "redis://$lines[0][3]:$password\@127.0.0.1:" . $self->tcp_port;
}

# What FLUSHALL leaves in place, and a later block must not find. When UNPAUSE is answered, what was held has run.
sub remember_undo ($self, @words) {
    my ($verb, $what, $name) = map { lc($_ // '') } @words;
    if ($verb eq 'config' && $what eq 'set') {
        my $old = $self->must('CONFIG', 'GET', $name)->[1];
        unshift @{ $self->{undo} }, ['CONFIG', 'SET', $name, $old->[1][1]] if @$old;
    } elsif ($verb eq 'client' && $what eq 'pause') {
        unshift @{ $self->{undo} }, ['CLIENT', 'UNPAUSE'];
    } elsif ($verb eq 'acl' && $what eq 'setuser' && $name ne 'mfa-reset') {    # each block makes this user again
        unshift @{ $self->{undo} },
            $name eq 'default'
            ? [qw(ACL SETUSER default reset on nopass ~* &* +@all)]
            : ['ACL', 'DELUSER', $words[2]];
    }
}

# Empty, with its first configuration, and then as these commands make it.
sub seed ($self, @commands) {
    $self->must(@$_) for splice @{ $self->{undo} };
    $self->must('FLUSHALL');
    for my $command (@commands) {
        $self->remember_undo(@$command);
        $self->must(@$command);
    }
}

# Whether nginx has that many connections, and each has been greeted: INFO is the last word of a greeting.
sub has_greeted ($self, $count) {
    my @connections = grep {/ name=mfa-reset /} split /\n/, $self->must('CLIENT', 'LIST')->[1];
    return @connections >= $count && !grep {/ cmd=(?!info |evalsha )/} @connections;
}

# There is nothing to save, so there is nothing to wait for; it may also be
# stopped or stuck.
sub stop ($self) {
    my $pid = delete $self->{pid} or return;
    return if $self->{owner} != $$;
    local $?;
    kill KILL => $pid;
    waitpid $pid, 0;
}

1;
