# not ok: error log: nginx ran until it was told to quit
# says: TEST 1: .*: nginx was gone before it was told to quit
use MfaReset::Test;
add_response_body_check(sub {
    open my $in, '<', server_root() . '/logs/nginx.pid' or die $!;
    kill KILL => -<$in>;
});
run_tests();

__DATA__

=== TEST 1: the whole of nginx is killed
--- config
    location = /t { return 200; }
--- request
GET /t
