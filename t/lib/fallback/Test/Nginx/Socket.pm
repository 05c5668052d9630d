# A stand-in for Test::Nginx::Socket, for machines that do not have it: it runs
# the same .t files with Debian's libtest-base-perl and core Perl alone, as far
# as their sections are among those listed here. A section that is not is an
# error, never ignored.
package Test::Nginx::Socket;

use v5.36;
use List::Util ();
use Test::Base ();
use Test::Nginx::Block ();
use Test::Nginx::Nginx ();
use Test::Nginx::Util qw(bail_out cleanup value);

our @ISA = ('Test::Base');

our @EXPORT = qw(
    run_tests bail_out repeat_each workers worker_connections log_level timeout
    server_addr server_name server_root server_port html_dir config_preamble
    master_on master_off master_process_enabled no_shuffle no_root_location
    no_long_string check_accum_error_log env_to_nginx add_block_preprocessor
    add_response_body_check add_cleanup_handler add_test_cleanup_handler
);

our $ServerPort;
*ServerPort = \$Test::Nginx::Util::ServerPort;

my %known = map { $_ => 1 } qw(
    ONLY SKIP LAST skip_nginx skip_eval init
    main_config http_config config post_main_config user_files log_level
    request raw_request raw_request_middle_delay pipelined_requests more_headers
    timeout wait abort shutdown ignore_response must_die
    error_code error_code_like
    response_body response_body_like response_body_unlike
    response_headers response_headers_like
    raw_response_headers_like raw_response_headers_unlike
    error_log no_error_log grep_error_log grep_error_log_out
);

# For modules that bring sections of their own. Test::Nginx takes any section
# and has no such function, so ask `can` before calling it.
sub allow_sections (@names) {
    @known{@names} = (1) x @names;
    return;
}

sub repeat_each (@n)        { Test::Nginx::Util::setting('repeat_each', @n) }
sub workers (@n)            { Test::Nginx::Util::setting('workers', @n) }
sub worker_connections (@n) { Test::Nginx::Util::setting('worker_connections', @n) }
sub log_level (@level)      { Test::Nginx::Util::setting('log_level', @level) }
sub timeout (@seconds)      { Test::Nginx::Util::setting('timeout', @seconds) }
sub server_addr (@addr)     { Test::Nginx::Util::setting('server_addr', @addr) }

sub server_port (@port) {
    $Test::Nginx::Util::ServerPort = $port[0] if @port;
    return $Test::Nginx::Util::ServerPort;
}

sub server_name (@name) {
    $Test::Nginx::Util::ServerName = $name[0] if @name;
    return $Test::Nginx::Util::ServerName;
}

sub server_root : prototype()           { $Test::Nginx::Util::ServRoot }
sub html_dir : prototype()              { $Test::Nginx::Util::HtmlDir }
sub master_on : prototype()             { $Test::Nginx::Util::Master         = 'on' }
sub master_off : prototype()            { $Test::Nginx::Util::Master         = 'off' }
sub no_shuffle : prototype()            { $Test::Nginx::Util::NoShuffle      = 1 }
sub no_root_location : prototype()      { $Test::Nginx::Util::NoRootLocation = 1 }
sub check_accum_error_log : prototype() { $Test::Nginx::Util::AccumErrorLog  = 1 }

# Long strings are always compared in full here.
sub no_long_string : prototype() { }

sub master_process_enabled (@on) {
    $Test::Nginx::Util::Master = $on[0] ? 'on' : 'off' if @on;
    return $Test::Nginx::Util::Master;
}

sub config_preamble : prototype($) ($text) { $Test::Nginx::Util::ConfigPreamble = $text }

sub env_to_nginx (@variables) { push @Test::Nginx::Util::EnvToNginx, @variables }

# The one registered last runs first, except among the response checks.
sub add_block_preprocessor : prototype(&) ($code) {
    unshift @Test::Nginx::Util::BlockPreprocessors, $code;
}

sub add_cleanup_handler : prototype($) ($code) {
    unshift @Test::Nginx::Util::CleanupHandlers, $code;
}

sub add_test_cleanup_handler : prototype($) ($code) {
    unshift @Test::Nginx::Util::TestCleanupHandlers, $code;
}

sub add_response_body_check : prototype($) ($code) {
    push @Test::Nginx::Util::ResponseBodyChecks, $code;
}

sub refuse_unknown_sections ($block) {
    for my $section (@{ $block->{_section_order}[0] }) {
        next if $known{$section};
        bail_out($block->name, " - \"--- $section\" is not a section that this harness knows");
    }
}

sub run_tests : prototype() () {
    my @blocks = Test::Base::blocks();
    refuse_unknown_sections($_) for @blocks;
    @blocks = List::Util::shuffle(@blocks) unless $Test::Nginx::Util::NoShuffle;

    for my $block (@blocks) {
        $_->($block) for @Test::Nginx::Util::BlockPreprocessors;
        $block->set_value(name => "$0 " . $block->name);
        Test::Nginx::Block::run($block);
        $_->($block) for @Test::Nginx::Util::TestCleanupHandlers;
    }
    cleanup();
}

END {
    # Ending processes changes $?, which Test::Builder reads after us.
    local $?;
    cleanup();
    Test::Nginx::Nginx::stop();
}

1;
