# stand-in only: Test::Nginx tries for half a minute
# says: TEST 1: .* - nginx does not start
# says: \[emerg\].*unknown directive "no_such_directive"
# not ok: error log: 
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a configuration that nginx refuses
--- config
    no_such_directive on;
--- request
GET /t
