# says: Bail out! .*TEST 1: .*/nonexistent\.so is not there
BEGIN { $ENV{MFA_RESET_MODULE} = '/nonexistent.so' }
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: the module is not built
--- config
    location = /t { return 200; }
--- request
GET /t
