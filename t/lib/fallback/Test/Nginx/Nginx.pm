# Starting nginx on the server root that Test::Nginx::Conf wrote, and stopping
# it, each within a bounded time.
package Test::Nginx::Nginx;

use v5.36;
use Time::HiRes qw(sleep time);
use Test::Nginx::Conf ();
use Test::Nginx::Util qw(bail_out is_running slice_of_time);

my $started;

sub is_started { return $started }

sub command {
    my $root    = $Test::Nginx::Util::ServRoot;
    my $command = "$Test::Nginx::Util::NginxBinary -p $root/"
        . " -e $Test::Nginx::Util::ErrLogFile -c $Test::Nginx::Util::ConfFile > /dev/null";

    # For nginx alone: perl and the shell under a preloaded sanitizer would
    # only report themselves.
    my $preload = join ' ', grep {length} $ENV{TEST_NGINX_LD_PRELOAD} // '', $ENV{LD_PRELOAD} // '';
    $command = qq{LD_PRELOAD="$preload" $command} if defined $ENV{TEST_NGINX_LD_PRELOAD};
    return $command;
}

sub launch {
    system(command());
    return $?;
}

sub error_log_tail {
    open my $in, '<', $Test::Nginx::Util::ErrLogFile or return '(no error.log)';
    my @lines = grep { !/\[debug\]/ } <$in>;
    return join '', @lines > 10 ? @lines[-10 .. -1] : @lines;
}

sub fresh_root ($block) {
    stop();
    Test::Nginx::Conf::prepare_root();
    Test::Nginx::Conf::write_user_files($block);
    Test::Nginx::Conf::write_conf($block);
}

sub start ($block) {
    fresh_root($block);

    # Another process may hold the port for a moment; nothing else heals itself.
    my $deadline = time + 5;
    my $status;
    while ($status = launch()) {
        last if time > $deadline || error_log_tail() !~ /bind\(\) to .*Address already in use/;
        sleep 0.1;
    }
    bail_out($block->name, " - nginx does not start (status $status):\n", error_log_tail())
        if $status;
    await_pid_file();
    sleep slice_of_time();
}

# The daemon writes it after its parent has exited; without it nobody could stop
# nginx again. A machine may stall for seconds.
sub await_pid_file {
    $started = 1;
    wait_for(30, \&pid) or bail_out("nginx has written no pid file\n");
}

# Started and expected to refuse; returns the wait status.
sub start_to_die ($block) {
    my $status = launch();
    if ($status == 0) {
        await_pid_file();

        # A signal that comes before nginx waits for signals is lost on it.
        sleep 0.1;
        stop();
    }
    return $status;
}

sub pid {
    open my $in, '<', $Test::Nginx::Util::PidFile or return;
    my $text = <$in> // '';
    return $text =~ /^(\d+)/ ? $1 : undef;
}

sub wait_for ($seconds, $condition) {
    my $deadline = time + $seconds;
    until ($condition->()) {
        return 0 if time > $deadline;
        sleep 0.01;
    }
    return 1;
}

sub stop {
    return if !$started;
    $started = 0;
    my $pid = pid() // return;
    kill QUIT => $pid;
    return if wait_for(Test::Nginx::Util::setting('timeout'), sub { !is_running($pid) });
    warn "nginx ($pid) does not quit, killing it\n";

    # A daemon leads a process group of its own, with its workers in it.
    kill KILL => getpgrp $pid == $pid ? -$pid : $pid;
    wait_for(2, sub { !is_running($pid) });
    unlink $Test::Nginx::Util::PidFile;
}

1;
