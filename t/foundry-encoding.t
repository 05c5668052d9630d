# Compressed bodies, as the clients' RequestCompressionType sends them: both forms of deflate, gzip, and
# what is none of them.
use v5.36;
use lib 't/lib';
use Compress::Zlib qw(compress memGzip deflateInit Z_OK);
use MfaReset::Test;
use MfaReset::Foundry;

our $json = '{"TargetUserId":"u-42","OrganisationId":"org-7"}';
our $unreadable = error_of('SerializationException',
    "Could not deserialize 'application/json' request using ResetTwoFactorAuthenticationRequest");
our $too_large = error_of('RequestEntityTooLarge', 'Request Entity Too Large');

sub raw_deflate ($text) {
    my ($deflater) = deflateInit(-WindowBits => -15);
    my ($first)    = $deflater->deflate($text);
    my ($last)     = $deflater->flush;
    return "$first$last";
}

# JSON of this many bytes.
sub of_size ($size) { return '{"targetUserId":"u-42","x":"' . 'a' x ($size - 30) . '"}' }

sub put_bytes ($body) { return "PUT /users/2fa/reset\n$body" }

sub encoded (@encodings) {
    return "Content-Type: application/json\nX-ss-id: session-of-admin\n" . join '', map {"Content-Encoding: $_\n"} @encodings;
}

# [Content-Encoding, bytes, status, body of the answer]
our @good = (
    ['gzip',         memGzip($json)],
    ['x-gzip',       memGzip($json)],
    ['GZIP',         memGzip(substr $json, 0, 9) . memGzip(substr $json, 9)],
    ['deflate',      compress($json)],
    ['deflate',      raw_deflate($json)],
    ['identity',     $json],
    ['identity, gzip', memGzip($json)],
    ['gzip',         memGzip(of_size(65536))],
);
our @bad = (
    ['br',           $json,                               400, $unreadable],
    ['gzip',         $json,                               400, $unreadable],
    ['gzip',         substr(memGzip($json), 0, -1),       400, $unreadable],
    ['gzip',         memGzip($json) . 'x',                400, $unreadable],
    ['gzip',         compress($json),                     400, $unreadable],
    ['deflate',      substr(compress($json), 0, -1),      400, $unreadable],
    ['deflate',      compress($json) . "\0",             400, $unreadable],
    ['deflate',      raw_deflate($json) . "\0",          400, $unreadable],
    ['deflate',      memGzip($json),                      400, $unreadable],
    ['gzip, gzip',   memGzip(memGzip($json)),             400, $unreadable],
    ['gzip',         memGzip('{'),                        400, $unreadable],
    ['gzip',         memGzip(of_size(65537)),             413, $too_large],
    ['gzip',         memGzip('a' x 20_000_000),           413, $too_large],
    ['deflate',      raw_deflate('a' x 1_000_000),        413, $too_large],
    ['gzip',         memGzip('') x 3000,                  400, $unreadable],
);

sub column ($number, @rows) { return [map { $_->[$number] } @rows] }

our $users = '    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }';

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: what is undone
--- config eval: $main::users
--- request eval
[map { main::put_bytes($_->[1]) } @main::good]
--- more_headers eval
[map { main::encoded($_->[0]) } @main::good]
--- error_code eval
[(200) x @main::good]
--- response_body eval
[('{}') x @main::good]



=== TEST 2: what is refused
--- config eval: $main::users
--- request eval
[map { main::put_bytes($_->[1]) } @main::bad]
--- more_headers eval
[map { main::encoded($_->[0]) } @main::bad]
--- error_code eval
main::column(2, @main::bad)
--- response_body eval
main::column(3, @main::bad)
--- redis eval
main::events_unchanged()



=== TEST 3: two lines are two encodings
--- config eval: $main::users
--- request eval
[main::put_bytes(Compress::Zlib::memGzip($main::json)), main::put_bytes($main::json)]
--- more_headers eval
[main::encoded('gzip', 'gzip'), main::encoded('identity', 'identity')]
--- error_code eval
[400, 200]



=== TEST 4: nothing is inflated for a caller who may not reset
--- config eval: $main::users
--- request eval
[(main::put_bytes(Compress::Zlib::memGzip('a' x 1_000_000))) x 2]
--- more_headers eval
["Content-Type: application/json\nContent-Encoding: gzip", main::encoded('gzip') =~ s/of-admin/of-user/r]
--- error_code eval
[401, 403]
