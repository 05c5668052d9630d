# not ok: error log: no token in a line of the module
# says: mfa_reset one <hidden>
# says: mfa_reset two <hidden>
# says: mfa_reset three <hidden>
# says: mfa_reset four <hidden>
# Tokens that nobody has to list.
use MfaReset::Test;
sub MfaReset::Test::write_log {
    open my $out, '>>', server_root() . '/logs/error.log' or die $!;
    print {$out} "[info] mfa_reset @_\n";
    close $out;
}
run_tests();

__DATA__

=== TEST 1: of a session, a header, a cookie and an authorization
--- session
token-of-a-session user demo
--- config
    location = /t { return 200; }
--- init
MfaReset::Test::write_log('one token-of-a-session');
MfaReset::Test::write_log('two token-in-a-header');
MfaReset::Test::write_log('three token-in-a-cookie');
MfaReset::Test::write_log('four token-of-a-bearer');
--- request
GET /t
--- more_headers
iplanetDirectoryPro: token-in-a-header
Cookie: a=b; iPlanetDirectoryPro="token-in-a-cookie"
Authorization: Bearer token-of-a-bearer
