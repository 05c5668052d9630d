# says: planned 3 tests but ran 6
use MfaReset::Test tests => 3;
run_tests();

__DATA__

=== TEST 1: two tests, and four about the log
--- config
    location = /t { return 200; }
--- request
GET /t
--- response_body
