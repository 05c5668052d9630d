# The assertions of a block. How many tests each section counts for is as in
# Test::Nginx, so that one plan is right for both.
package Test::Nginx::Check;

use v5.36;
use Test::More ();
use Time::HiRes qw(sleep);
use Test::Nginx::Response ();
use Test::Nginx::Util qw(bail_out expand_env slice_of_time value);

# What a section expects of one of several requests.
sub expected ($case, $section) {
    my $block = $case->{block};
    my $value = value($block, $section);
    return $value->[$case->{index}] if ref $value eq 'ARRAY';
    bail_out($block->name, " - several requests: $section must be a list") if $case->{several};
    return $value;
}

# $case: { block, index of the request, several, repetition }.
sub response ($case, $response) {
    status($case, $response);
    raw_headers($case, $response);
    headers($case, $response);
    body($case, $response);
    my $content = $response && $response->{content};
    $_->($case->{block}, $content, $case->{index}, $case->{repetition}, 0)
        for @Test::Nginx::Util::ResponseBodyChecks;
}

sub status ($case, $response) {
    my $block = $case->{block};
    my $name  = $block->name . ' - status code ok';
    my $code  = $response ? $response->{code} : '';
    if (defined value($block, 'error_code_like')) {
        my $pattern = expected($case, 'error_code_like');
        return Test::More::like($code, qr/$pattern/sm, $name);
    }
    my $wanted = defined value($block, 'error_code') ? expected($case, 'error_code') : 200;
    Test::More::is($code, $wanted, $name);
}

sub raw_headers ($case, $response) {
    my $block = $case->{block};
    my $raw   = $response ? $response->{raw_headers} : '';
    if (defined value($block, 'raw_response_headers_like')) {
        my $pattern = expected($case, 'raw_response_headers_like');
        Test::More::like($raw, qr/$pattern/s, $block->name . ' - raw resp headers like');
    }
    if (defined value($block, 'raw_response_headers_unlike')) {
        my $pattern = expected($case, 'raw_response_headers_unlike');
        Test::More::unlike($raw, qr/$pattern/s, $block->name . ' - raw resp headers unlike');
    }
}

# "Name: value" lines; "!Name" stands for a header that must be absent.
sub header_expectations ($text) {
    my (@order, %wanted);
    for my $line (split /\n/, $text) {
        $line =~ s/^\s+|\s+$//g;
        next if $line eq '';
        my ($name, $value) = $line =~ /^!\s*(.*)/ ? ($1, undef) : split /\s*:\s*/, $line, 2;
        push @order, $name if !exists $wanted{$name};
        $wanted{$name} = $value;
    }
    return map { [$_, $wanted{$_}] } @order;
}

sub headers ($case, $response) {
    my $block     = $case->{block};
    my ($section) = grep { defined value($block, $_) } qw(response_headers response_headers_like)
        or return;

    for my $expectation (header_expectations(expected($case, $section))) {
        my ($name, $value) = @$expectation;
        my $got = $response && Test::Nginx::Response::header($response, $name);
        my $label = $block->name . " - header $name";
        if ($section eq 'response_headers_like') {
            Test::More::like($got // '', qr/^$value$/, "$label like ok");
        } elsif (!defined $value) {
            my $raw = $response ? $response->{raw_headers} : '';
            Test::More::unlike($raw, qr/^\s*\Q$name\E\s*:/ms,
                "$label not present in the raw headers");
        } else {
            $value =~ s/\$ServerPort\b/$Test::Nginx::Util::ServerPort/g;
            Test::More::is($got // '', $value, "$label ok");
        }
    }
}

sub body ($case, $response) {
    my $block     = $case->{block};
    my ($section) = grep { defined value($block, $_) }
        qw(response_body response_body_like response_body_unlike)
        or return;
    my $wanted = expected($case, $section);
    my $got    = $response ? $response->{content} : undef;
    my $name   = $block->name . " - $section - response is expected"
        . " (repeated req $case->{repetition}, req $case->{index})";

    $wanted =~ s/\$ServerPort\b/$Test::Nginx::Util::ServerPort/g if defined $wanted && !ref $wanted;
    if ($section eq 'response_body_unlike') {
        Test::More::unlike($got, qr/$wanted/s, $name);
    } elsif ($section eq 'response_body_like') {
        Test::More::like($got, qr/$wanted/s, $name);
    } elsif (ref $wanted) {
        Test::More::like($got, $wanted, $name);
    } else {
        Test::More::is($got, expand_env($wanted, $block->name), $name);
    }
}

my $log_position = 0;

sub forget_log_position { $log_position = 0 }

# The lines since the last look, unless the file asked for all of them.
sub new_log_lines {

    # Some lines are written after the response, when the request is logged.
    sleep slice_of_time() * 3;
    open my $in, '<', $Test::Nginx::Util::ErrLogFile or return;
    seek $in, $log_position, 0 if !$Test::Nginx::Util::AccumErrorLog;
    my @lines = <$in>;
    $log_position = tell $in;
    return @lines;
}

sub patterns ($value) {
    return @$value                    if ref $value eq 'ARRAY';
    return $value                     if ref $value;
    return grep {length} split /\n+/, $value;
}

sub matches ($line, $pattern) {
    return ref $pattern ? $line =~ $pattern : index($line, $pattern) >= 0;
}

sub error_log ($block, $repetition) {
    my @lines = new_log_lines();
    grep_error_log($block, $repetition, @lines);
    my $name = $block->name;

    for my $pattern (patterns(value($block, 'error_log') // [])) {
        Test::More::ok(scalar(grep { matches($_, $pattern) } @lines),
            "$name - pattern \"$pattern\" matches a line in error.log (req $repetition)");
    }
    for my $pattern (patterns(value($block, 'no_error_log') // [])) {
        my ($line) = grep { matches($_, $pattern) } @lines;
        Test::More::ok(!defined $line,
            "$name - pattern \"$pattern\" does not match a line in error.log (req $repetition)")
            or Test::More::diag("but it matches: $line");
    }
}

# What the pattern matched, line by line, as one text.
sub grep_error_log ($block, $repetition, @lines) {
    my $pattern = value($block, 'grep_error_log');
    my $wanted  = value($block, 'grep_error_log_out');
    my $name    = $block->name;
    bail_out("$name - grep_error_log and grep_error_log_out come together")
        if defined $pattern != defined $wanted;
    $pattern = $pattern->[$repetition] if ref $pattern eq 'ARRAY';
    return if !defined $pattern;

    $wanted = $wanted->[$repetition]       if ref $wanted eq 'ARRAY';
    $wanted = expand_env($wanted, $name);
    $pattern = quotemeta $pattern          if !ref $pattern;
    my $got = join '', map { /($pattern)/ && $1 !~ /\n/ ? "$1\n" : () } @lines;

    $name .= " - grep_error_log_out (req $repetition)";
    return Test::More::like($got, $wanted, $name) if ref $wanted;
    Test::More::is($got, $wanted, $name);
}

1;
