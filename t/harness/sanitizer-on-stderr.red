# not ok: error log: no word of a sanitizer
# says: stderr: .*AddressSanitizer
# What nginx says before it has opened its log, here in a configuration that it
# must refuse. The dynamic linker is made to say it.
use MfaReset::Test;
BEGIN { $ENV{TEST_NGINX_LD_PRELOAD} = '/AddressSanitizer' }
run_tests();

__DATA__

=== TEST 1: refused, as expected
--- config
    no_such_directive on;
--- must_die
