# says: Bail out! .*TEST 1: .*repeat_each\(1\)
use MfaReset::Test;
repeat_each(2);
run_tests();

__DATA__

=== TEST 1: a repetition that could not be seeded
--- seed
SET a 1
--- config
    location = /t { return 200; }
--- request
GET /t
--- ignore_response
