# says: Bail out! .*TEST 1: .*quotes do not match in: SET a "b
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a line that is not a command
--- seed
SET a "b
--- config
    location = /t { return 200; }
--- request
GET /t
