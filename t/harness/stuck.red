# not ok: error log: nginx ran until it was told to quit
# says: TEST 1: .*: nginx was told to quit and did not
BEGIN { $ENV{TEST_NGINX_TIMEOUT} = 3 }
use MfaReset::Test;
$MfaReset::Log::patience = 0.3;
add_response_body_check(sub {
    open my $in, '<', server_root() . '/logs/nginx.pid' or die $!;
    kill STOP => <$in>;
});
run_tests();

__DATA__

=== TEST 1: nginx does not quit
--- config
    location = /t { return 200; }
--- request
GET /t
