# says: Bail out! .*TEST 1: .*"command => reply" is expected, not: GET a
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a check of nothing
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
GET a
