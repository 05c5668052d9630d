# not ok: TEST 1: .* - die as expected
# not ok: TEST 2: .* - die with the expected exit code
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: nginx likes its configuration
--- config
    location = /t { return 200; }
--- must_die



=== TEST 2: another exit code
--- config
    no_such_directive on;
--- must_die: 2
