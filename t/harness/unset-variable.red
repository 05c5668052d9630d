# says: Bail out! .*TEST_NGINX_NO_SUCH_THING
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a variable that nobody set
--- config
    location = /t { return 200 $TEST_NGINX_NO_SUCH_THING; }
--- request
GET /t
