# stand-in only: Test::Nginx takes any section
# says: TEST 1: .* - "--- respons_body" is not a section
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a slip of the pen
--- config
    location = /t { return 200; }
--- request
GET /t
--- respons_body
