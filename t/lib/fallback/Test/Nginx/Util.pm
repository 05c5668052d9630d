# What every part of the stand-in for Test::Nginx shares: the settings that a
# test file may change, the paths below the server root, the registered hooks,
# and the expansion of $TEST_NGINX_* in the text of sections.
package Test::Nginx::Util;

use v5.36;
use Exporter 'import';
use File::Spec       ();
use IO::Socket::INET ();
use Test::More       ();

our @EXPORT_OK = qw(
    value expand_env forget_rand_ports bail_out cleanup nginx_version
    is_running slice_of_time seconds
);

# Test::Nginx itself has 1984 as the default; a free one lets files run side by
# side.
our $ServerPort = $ENV{TEST_NGINX_SERVER_PORT} || $ENV{TEST_NGINX_PORT} || free_port();
$ENV{TEST_NGINX_SERVER_PORT} //= $ServerPort;
$ENV{TEST_NGINX_PORT}        //= $ServerPort;

our $ServerName  = 'localhost';
our $ServRoot    = File::Spec->rel2abs($ENV{TEST_NGINX_SERVROOT} || 't/servroot');
our $LogDir      = "$ServRoot/logs";
our $ErrLogFile  = "$LogDir/error.log";
our $AccLogFile  = "$LogDir/access.log";
our $PidFile     = "$LogDir/nginx.pid";
our $HtmlDir     = "$ServRoot/html";
our $ConfDir     = "$ServRoot/conf";
our $ConfFile    = "$ConfDir/nginx.conf";
our $NginxBinary = $ENV{TEST_NGINX_BINARY} || 'nginx';
$ENV{TEST_NGINX_SERVER_ROOT} = $ServRoot;

our $Master          = $ENV{TEST_NGINX_MASTER_PROCESS} || 'off';
our $NoShuffle       = $ENV{TEST_NGINX_NO_SHUFFLE};
our $NoRootLocation  = 0;
our $AccumErrorLog   = $ENV{TEST_NGINX_CHECK_ACCUM_ERR_LOG};
our $ConfigPreamble  = '';
our @EnvToNginx;

our (@BlockPreprocessors, @CleanupHandlers, @TestCleanupHandlers, @ResponseBodyChecks);

# Settings that are read without an argument and set with one.
my %setting = (
    repeat_each        => 1,
    workers            => 1,
    worker_connections => 64,
    log_level          => $ENV{TEST_NGINX_LOG_LEVEL} || 'debug',
    timeout            => $ENV{TEST_NGINX_TIMEOUT}   || 3,
    server_addr        => '127.0.0.1',
);

sub setting ($name, @new) {
    $setting{$name} = $new[0] if @new;
    return $setting{$name};
}

sub free_port {
    for (1 .. 1000) {

        # Below the range from which the kernel takes ports for clients, so
        # that no connection of our own sits on it when nginx starts.
        my $port   = 10_000 + int rand 20_000;
        my $socket = IO::Socket::INET->new(
            LocalAddr => '127.0.0.1', LocalPort => $port, Proto => 'tcp', Listen => 1);
        return $port if $socket;
    }
    die "no free TCP port found\n";
}

# The value of a section, or undef. A block answers an empty list for a section
# that nobody has, which would shift the arguments of a call.
sub value ($block, $section) {
    return scalar $block->$section;
}

my %rand_port;

sub forget_rand_ports { %rand_port = () }

sub expand_env ($text, $name) {
    return $text if !defined $text || ref $text;
    $text =~ s{\$(TEST_NGINX_[_A-Z0-9]+)}{
        my $variable = $1;
        $variable =~ /^TEST_NGINX_RAND_PORT_[0-9]+$/
            ? ($rand_port{$variable} //= free_port())
            : $ENV{$variable} // bail_out("$name - \$$variable is not in the environment")
    }ge;
    return $text;
}

# "200ms", "2s" and "2" are what a section may say of a time.
sub seconds ($text) {
    return undef                 if !defined $text;
    return $1 / 1000             if $text =~ /^\s*([\d.]+)\s*ms\s*$/;
    return $1                    if $text =~ /^\s*([\d.]+)\s*s?\s*$/;
    bail_out("a time is expected, not \"$text\"");
}

sub slice_of_time {
    return $ENV{TEST_NGINX_SLEEP} || 0.015;
}

# A process that has ended counts as gone, also if its parent does not reap it.
sub is_running ($pid) {
    return 0 if !kill 0, $pid;
    open my $in, '<', "/proc/$pid/stat" or return kill 0, $pid;
    my $stat = <$in> // '';
    return $stat !~ /\)\s+[ZX]\s/;
}

sub cleanup {
    $_->() for @CleanupHandlers;
}

sub bail_out (@message) {
    cleanup();
    Test::More::BAIL_OUT(join '', @message);
}

my $version;

sub nginx_version {
    return $version if $version;
    my $said = `$NginxBinary -V 2>&1` // '';
    my @part = $said =~ m{^[^\n]*/(\d+)\.(\d+)\.(\d+)}
        or bail_out("cannot tell the version of $NginxBinary: $said");
    return $version = sprintf '%d.%03d%03d', @part;
}

# The names by which a `--- init` section knows these.
sub server_root { $ServRoot }
sub html_dir    { $HtmlDir }

1;
