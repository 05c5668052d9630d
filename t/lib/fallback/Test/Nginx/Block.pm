# The course of one block: nginx with its configuration, then its requests and
# checks, as often as repeat_each says.
package Test::Nginx::Block;

use v5.36;
use Scalar::Util qw(looks_like_number);
use Test::More   ();
use Time::HiRes qw(sleep);
use Test::Nginx::Check    ();
use Test::Nginx::Client   ();
use Test::Nginx::Conf     ();
use Test::Nginx::Nginx    ();
use Test::Nginx::Request  ();
use Test::Nginx::Response ();
use Test::Nginx::Util qw(bail_out nginx_version seconds value);

sub run ($block) {
    Test::Nginx::Util::forget_rand_ports();
    Test::Nginx::Check::forget_log_position();
    my $skip = to_skip($block);
    return must_die($block) if !$skip && defined value($block, 'must_die');
    start_nginx($block)     if !$skip;
    init($block);

    for my $repetition (0 .. Test::Nginx::Util::setting('repeat_each') - 1) {
        if ($skip) {
            skip($block, @$skip);
            next;
        }
        Test::Nginx::Conf::write_user_files($block) if $repetition;
        repetition($block, $repetition);
    }
}

# A block without a configuration goes on with the nginx of the one before.
sub start_nginx ($block) {
    return Test::Nginx::Nginx::start($block) if defined value($block, 'config');
    bail_out($block->name, ' - no config, and no nginx from a block before')
        if !Test::Nginx::Nginx::is_started();
}

sub init ($block) {
    my $code = value($block, 'init') // return;
    eval "package Test::Nginx::Util; no strict; $code; 1"
        or bail_out($block->name, " - init failed: $@");
}

sub skip ($block, $tests, $reason) {
SKIP: {
        Test::More::skip($block->name . " - $reason", $tests);
    }
}

# [number of tests, reason], or undef.
sub to_skip ($block) {
    if (defined(my $code = value($block, 'skip_eval'))) {
        my ($tests, $condition) = $code =~ /^\s*(\d+)\s*:\s*(.*)/s
            or bail_out($block->name, ' - skip_eval is "tests: code"');
        my $yes = eval $condition;
        bail_out($block->name, " - skip_eval failed: $@") if $@;
        return [$tests, 'skip_eval'] if $yes;
    }
    my $rule = value($block, 'skip_nginx') // return;
    my ($tests, $op, $version, $reason) =
        $rule =~ /^\s*(\d+)\s*:\s*([<>]=?)\s*(\d+\.\d+\.\d+)\s*(?::\s*(.*?)\s*)?$/
        or bail_out($block->name, " - skip_nginx is \"tests: < 1.2.3: reason\", not \"$rule\"");
    return compare($op, $version) ? [$tests, $reason || "nginx version $op $version"] : undef;
}

sub compare ($op, $version) {
    my $order = nginx_version() <=> sprintf '%d.%03d%03d', split /\./, $version;
    return $order < 0 && $op =~ /</ || $order > 0 && $op =~ />/ || $order == 0 && $op =~ /=/;
}

sub must_die ($block) {
    my $wanted = value($block, 'must_die');
    my $name   = $block->name;
    Test::Nginx::Nginx::fresh_root($block);
    for my $repetition (0 .. Test::Nginx::Util::setting('repeat_each') - 1) {
        my $status = Test::Nginx::Nginx::start_to_die($block);
        if ($status == -1 || $status & 127) {
            Test::More::fail("$name - nginx was not run, or crashed (status $status)");
        } elsif (looks_like_number($wanted)) {
            Test::More::is($status >> 8, $wanted, "$name - die with the expected exit code");
        } else {
            Test::More::isnt($status, 0, "$name - die as expected");
        }
        Test::Nginx::Check::error_log($block, $repetition);
    }
}

sub repetition ($block, $repetition) {
    my @requests  = Test::Nginx::Request::list($block);
    my $pipelined = value($block, 'pipelined_requests');
    my $answers   = $pipelined ? @$pipelined : @requests;
    my $timeout = seconds(value($block, 'timeout')) // Test::Nginx::Util::setting('timeout');
    my $bytes   = '';

    for my $index (0 .. $answers - 1) {
        my $packets = $requests[$pipelined ? 0 : $index];
        if (!$pipelined || $index == 0) {
            $bytes = Test::Nginx::Client::exchange($block, $packets, $timeout);
        }
        my $case = {
            block      => $block,
            index      => $index,
            several    => $answers > 1,
            repetition => $repetition,
        };
        my $is_head = $packets->[0]{value} =~ /\A\s*HEAD /;
        $bytes = check($case, $bytes, $is_head);
        warn 'WARNING: ', $block->name, " - bytes after the response: \"$bytes\"\n"
            if $bytes ne '' && !$pipelined;
    }
}

# Returns the bytes that belong to the next answer.
sub check ($case, $bytes, $is_head) {
    my $block    = $case->{block};
    my $response = {};
    if (!defined value($block, 'ignore_response')) {
        $response = Test::Nginx::Response::parse($block->name, $bytes, $is_head);
        Test::Nginx::Check::response($case, $response);
    }
    my $wait = value($block, 'wait');
    sleep $wait if $wait;
    Test::Nginx::Check::error_log($block, $case->{repetition});
    return ($response && $response->{left}) // '';
}

1;
