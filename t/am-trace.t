# Contract "Beside AM", correlation: what the client calls the whole that this request is part of is in
# the event and in $mfa_reset_trace. What AM is sent of it: t/process/test_beside_am_session.py.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $id     = '4bf92f3577b34da6a3ce929d0e0e4736';
my $parent = "traceparent: 00-$id-00f067aa0ba902b7-01";

sub traced ($name, $trace, @headers) {
    return [$name, more => join("\n", @headers), is => 200, redis => "XRANGE mfa:{/alpha/demo}:events - + => ~ \"trace\":\"$trace\""];
}

sub untraced ($name, @headers) {
    return [$name, more => join("\n", @headers), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => !~ trace'];
}

rows 'the trace of an event' => {},
    traced('AM\'s transaction id',    '6a7f/1-2_b.C', 'X-ForgeRock-TransactionId: 6a7f/1-2_b.C'),
    traced('of 128 bytes',            'a' x 128, 'X-ForgeRock-TransactionId: ' . 'a' x 128),
    traced('the trace id of a traceparent', $id, $parent),
    traced('the transaction id goes first', 'tx-1', $parent, 'X-ForgeRock-TransactionId: tx-1'),
    traced('a transaction id that is none is dropped', $id, 'X-ForgeRock-TransactionId: a b', $parent),
    traced('a later version with more',  $id, "traceparent: 01-$id-00f067aa0ba902b7-01-more"),
    untraced('nothing sent'),
    untraced('an empty transaction id',  'X-ForgeRock-TransactionId;'),
    untraced('129 bytes',             'X-ForgeRock-TransactionId: ' . 'a' x 129),
    untraced('quotes',                'X-ForgeRock-TransactionId: a"b'),
    untraced('a control character',   "X-ForgeRock-TransactionId: a\tb"),
    map({ untraced("traceparent $_", "traceparent: $_") }
        '', 'x', "00-$id-00f067aa0ba902b7", "00-$id-00f067aa0ba902b7-01-more", "ff-$id-00f067aa0ba902b7-01",
        "00-${\ uc $id}-00f067aa0ba902b7-01", '00-' . '0' x 32 . '-00f067aa0ba902b7-01', "00-$id-0000000000000000-01",
        "00-$id-00f067aa0ba902b7-0g", "0-$id-00f067aa0ba902b7-001", "01-$id-00f067aa0ba902b7-01more");

rows 'the stream of all events has it, too' => { http_config => 'mfa_reset_redis unix:$TEST_NGINX_REDIS_SOCKET; mfa_reset_events_stream all;' },
    ['one', more => $parent, is => 200, redis => "XRANGE mfa:all - + => ~ \"trace\":\"$id\""];

rows 'the variable' => { config => "    location /openam/json/ { mfa_reset am; add_header X-Trace \"<\$mfa_reset_trace>\" always; }", head => undef },
    ['of a reset',   more => $parent, is => 200, raw_response_headers_like => "X-Trace: <$id>"],
    ['of a refusal', more => 'X-ForgeRock-TransactionId: tx-1', token => undef, is => [401, 'Access Denied'], raw_response_headers_like => 'X-Trace: <tx-1>'],
    ['of nothing',   is => 200, raw_response_headers_like => 'X-Trace: <>'];

run_rows();
