# An nginx that runs an example of the documentation, until stopped.
package MfaReset::Nginx;

use v5.36;
use utf8;
use MfaReset::Docs    qw(spill);
use MfaReset::Process qw(is_alive wait_until);

# Starts nginx on `conf`, with the prefix `directory`, and returns it when it listens on the unix socket `socket`. Dies if
# nginx does not start.
sub start ($class, $directory, $conf, $socket) {
    my $nginx = $ENV{TEST_NGINX_BINARY} || 'nginx';
    spill("$directory/nginx.conf", $conf);
    unlink $socket;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} if $ENV{TEST_NGINX_LD_PRELOAD};
        exec $nginx, '-p', "$directory/", '-e', "$directory/error.log", '-c', "$directory/nginx.conf";
    }
    my $self = bless { pid => $pid, owner => $$, socket => $socket }, $class;
    wait_until(20, sub { -S $socket || !is_alive($pid) }) && is_alive($pid) or die "nginx does not start, see $directory/error.log\n";
    return $self;
}

sub stop ($self) {
    my $pid = delete $self->{pid} or return;
    return if $self->{owner} != $$;
    local $?;
    kill TERM => $pid;
    waitpid $pid, 0;
    unlink $self->{socket};
}

sub DESTROY ($self) { $self->stop }

1;
