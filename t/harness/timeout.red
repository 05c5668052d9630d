# not ok: ERROR: client socket timed out - .*TEST 1:
# not ok: TEST 1: .* - status code ok
# not ok: TEST 1: .* - response_body - 
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: a server that is silent
--- config
    location = /t {
        limit_rate 1;
        limit_rate_after 0;
        proxy_pass http://127.0.0.1:$TEST_NGINX_SERVER_PORT/u;
    }
    location = /u { limit_rate 1; return 200 "slow"; }
--- request
GET /t
--- timeout: 0.3
--- response_body: slow
