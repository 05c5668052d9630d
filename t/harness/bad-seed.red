# says: Bail out! .*TEST 1: .*Redis answers "HSET key field" with: ERR wrong number
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a seed that Redis refuses
--- seed
HSET key field
--- config
    location = /t { return 200; }
--- request
GET /t
