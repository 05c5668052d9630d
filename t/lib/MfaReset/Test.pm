# What every t/*.t starts with: brings in Test::Nginx::Socket, the real one or
# else the stand-in of t/lib/fallback, and adds through its hooks what this
# module's tests need: the module loaded, a private Redis, the sections `seed`,
# `session` and `redis`, and a judgement over the whole error log at the end.
# t/README.md says how to write such a file.
package MfaReset::Test;

use v5.36;
use Cwd            qw(abs_path);
use File::Basename qw(dirname);
use File::Path     qw(remove_tree);
use File::Temp     qw(tempdir);
use Scalar::Util   qw(refaddr);
use Test::More     ();
use MfaReset::Commands qw(commands expectations session_key sessions);
use MfaReset::Log ();
use MfaReset::Process qw(free_port wait_until);
use MfaReset::Redis ();
use MfaReset::Resp  ();

my $lib       = dirname(dirname(abs_path(__FILE__)));
my $root      = dirname(dirname($lib));
my $module    = $ENV{MFA_RESET_MODULE} || "$root/build/ngx_http_mfa_reset_module.so";
my $owner     = $$;
my $directory = make_directory();
my ($redis, $previous, $finished, %work);

# A Redis that answers does so in time, however busy the machine is. A block that is about a time has its own.
my @patience = (
    [mfa_reset_timeout               => '60s'],    # four times the next, or nginx warns
    [mfa_reset_redis_timeout         => '15s'],
    [mfa_reset_redis_connect_timeout => '20s'],
);

set_environment();
load_harness();
add_hooks();

# All words go on to Test::Nginx::Socket; without any the plan is 'no_plan'. It
# exports to its caller, so that must be the test file: hence the goto, and no
# signature.
sub import {
    my $class  = shift;
    my $caller = caller;
    no strict 'refs';
    *{"${caller}::$_"} = \&{$_} for qw(redis_call redis_port secret session_key token);
    Test::More::note("harness: $INC{'Test/Nginx/Socket.pm'}");
    unshift @_, 'Test::Nginx::Socket', @_ ? () : 'no_plan';
    goto &{ Test::Nginx::Socket->can('import') };
}

# The path of a unix socket has about a hundred bytes.
sub make_directory {
    my $wanted = $ENV{TMPDIR} // '/tmp';
    my $parent = length $wanted < 60 && -d $wanted ? $wanted : '/tmp';
    return tempdir('mfa-reset-XXXXXXXX', DIR => abs_path($parent));
}

# Test::Nginx reads all of this when it is loaded.
sub set_environment {
    die "TEST_NGINX_USE_HUP: every block needs a fresh nginx here\n" if $ENV{TEST_NGINX_USE_HUP};

    # An ordinary user's path lacks the place of nginx on Debian.
    $ENV{PATH} .= ':/usr/sbin:/sbin';
    my $wrapper = "$lib/nginx-stderr";
    $ENV{MFA_RESET_NGINX} = $ENV{TEST_NGINX_BINARY} || 'nginx'
        if ($ENV{TEST_NGINX_BINARY} // '') ne $wrapper;
    $ENV{MFA_RESET_STDERR}        = "$directory/stderr";
    $ENV{TEST_NGINX_BINARY}       = $wrapper;
    $ENV{TEST_NGINX_PORT}       ||= free_port();
    $ENV{TEST_NGINX_TIMEOUT}    ||= 20;    # of a client, and of nginx to quit: it only says when a test has failed
    $ENV{TEST_NGINX_SERVROOT}   ||= "$directory/servroot";
    $ENV{TEST_NGINX_REDIS_SOCKET} = "$directory/redis.sock";

    # For the END blocks to run.
    @SIG{qw(INT TERM HUP)} = (sub { exit 130 }) x 3;
}

# One that is there but cannot be loaded is an error, not a missing one.
sub load_harness {
    return if eval { require Test::Nginx::Socket };
    die $@ if $@ !~ m{^Can't locate Test/Nginx/Socket\.pm };
    unshift @INC, "$lib/fallback";
    require Test::Nginx::Socket;
}

sub add_hooks {
    if (my $allow = Test::Nginx::Socket->can('allow_sections')) {
        $allow->(qw(seed session redis between no_redis));
    }
    Test::Nginx::Socket::add_block_preprocessor(\&before_block);
    Test::Nginx::Socket::add_response_body_check(\&after_response);
    Test::Nginx::Socket::add_test_cleanup_handler(\&after_block);
    Test::Nginx::Socket::add_cleanup_handler(\&finish);
    Test::Nginx::Socket::no_long_string();

    # As in production, and a worker that crashes is an [alert] of the master.
    Test::Nginx::Socket::master_on();
}

sub secret (@secrets) { MfaReset::Log::secret(@secrets) }
sub token (@tokens)   { MfaReset::Log::token(@tokens) }

sub redis {
    return $redis //= MfaReset::Redis->start($directory, $ENV{TEST_NGINX_REDIS_SOCKET});
}

# One command, its reply in the form that `--- redis` compares.
sub redis_call (@words) {
    return MfaReset::Resp::show_reply_to($words[0], redis()->call(@words));
}

# The private Redis on TCP as well; $TEST_NGINX_REDIS_PORT from now on.
sub redis_port {
    return $ENV{TEST_NGINX_REDIS_PORT} = redis()->tcp_port;
}

sub has_module { return $module ne 'none' }

# Seeding comes before nginx starts: what Redis is like may matter to it.
sub before_block ($block) {
    my $name = $block->name;
    collect_previous() if defined scalar $block->config;
    $previous = $block;
    eval { prepare($block); 1 } or Test::Nginx::Socket::bail_out("$name - $@");
}

sub collect_previous {
    return if !$previous;
    MfaReset::Log::collect(Test::Nginx::Socket::server_root(),
        $previous->name, defined scalar $previous->must_die);
}

sub prepare ($block) {
    my $seed     = scalar $block->seed;
    my $session  = scalar $block->session;
    my $redis    = scalar $block->redis;
    my @sessions = sessions($session // '');
    my $uses     = defined($seed // $session // $redis);
    my $work     = $work{ refaddr $block } = {
        seed  => [commands($seed // ''), map { @$_[1 .. $#$_] } @sessions],
        check => [expectations($redis // '')],
        between => [commands(scalar $block->between // '')],
    };
    wait_before_requests($block) if grep { lc "@$_[0, 1]" eq 'client pause' } @{ $work->{seed} };

    # What is too short would be found anywhere.
    MfaReset::Log::token(grep { length >= 8 } sent_tokens($block), map { $_->[0] } @sessions);

    die "with ignore_response Redis cannot be seeded again: repeat_each(1)\n"
        if $uses && defined scalar $block->ignore_response && Test::Nginx::Socket::repeat_each() > 1;
    configure($block);
    redis()->seed(@{ $work->{seed} }) if $uses || has_module();
}

# A Redis that is paused holds the commands of nginx, not its greetings: the first request shall find it connected.
sub wait_before_requests ($block) {
    my ($count) = join(' ', map { scalar $block->$_ // '' } qw(http_config config)) =~ /mfa_reset_redis_connections\s+(\d+)/;
    my $init = scalar $block->init // '';
    $block->set_value(init => 'MfaReset::Test::wait_for_nginx(' . ($count // 2) . ");\n$init");
}

sub wait_for_nginx ($count) {
    wait_until(60, sub { redis()->has_greeted($count) }) or die "nginx has not connected to Redis\n";
}

# Credentials that the requests carry, good or bad.
sub sent_tokens ($block) {
    my $headers = scalar $block->more_headers // '';
    my @tokens;
    for (map { split /\n/ } ref $headers ? @$headers : $headers) {
        push @tokens, $1                   if /^iPlanetDirectoryPro:\s*(\S+)/i;
        push @tokens, $1                   if /^Authorization:\s*\S+\s+(\S+)/i;
        push @tokens, /=\s*"?([^\s";]+)/g  if /^Cookie:/i;
    }
    return @tokens;
}

sub configure ($block) {
    return if !has_module();
    die "$module is not there: build it, or name another in MFA_RESET_MODULE\n" if !-f $module;
    my $main = scalar $block->main_config // '';
    my $http = scalar $block->http_config // '';
    $block->set_value(main_config => 'load_module ' . abs_path($module) . ";\n$main");
    return if defined scalar $block->no_redis || $http =~ /^\s*mfa_reset_redis\s/m;
    return if defined scalar $block->same_nginx;
    my $url = redis()->url_for(join "\n", $http, scalar $block->config // '');
    my @patience = map {"$_->[0] $_->[1];"} grep { $http !~ /^\s*$_->[0]\s/m } @patience;
    $block->set_value(http_config => join ' ', "mfa_reset_redis $url;", @patience, "\n$http");
}

# How many answers one repetition has.
sub answers ($block) {
    return 1 if defined scalar $block->raw_request;
    my $requests = scalar $block->pipelined_requests // scalar $block->request;
    return ref $requests eq 'ARRAY' ? scalar @$requests : 1;
}

# Test::Nginx has no hook before a repetition; the end of the one before it is
# as good.
sub after_response ($block, $body, $index, $repetition, $dry_run) {
    my $work = $work{ refaddr $block };
    if ($index + 1 < answers($block)) {
        redis()->must(@$_) for @{ $work->{between} };
        return;
    }
    check_redis($block, $repetition) if !$dry_run;
    redis()->seed(@{ $work->{seed} })
        if $redis && $repetition + 1 < Test::Nginx::Socket::repeat_each();
}

# For blocks without a check of the response.
sub after_block ($block) {
    check_redis($block, 0) if grep { defined scalar $block->$_ } qw(ignore_response must_die);
}

sub check_redis ($block, $repetition) {
    for my $check (@{ $work{ refaddr $block }{check} }) {
        my ($kind, $wanted) = @$check{qw(kind expected)};
        my $got = redis_call(@{ $check->{words} });
        $wanted = qr/$wanted/ if $kind ne 'is';
        Test::More->can($kind)->(
            $got, $wanted, $block->name . " - redis: $check->{line} (req $repetition)");
    }
}

# Test::Nginx calls this after the last block, again at the end of the program,
# and before it bails out.
sub finish {
    return if $finished++ || $owner != $$;
    collect_previous();
    MfaReset::Log::judge($ENV{MFA_RESET_STDERR}) if $previous;
    $redis->stop if $redis;
}

END {
    if ($owner == $$) {
        my $well = $? == 0 && Test::More->builder->is_passing;
        local $?;
        $redis->stop if $redis;
        $well
            ? remove_tree($directory)
            : Test::More::diag("left to be read: $directory");
    }
}

1;
