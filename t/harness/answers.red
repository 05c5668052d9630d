# not ok: TEST 1: .* - status code ok
# not ok: TEST 2: .* - response_body - 
# not ok: TEST 3: .* - response_body_like - 
# not ok: TEST 4: .* - response_body_unlike - 
# not ok: TEST 5: .* - status code ok
# not ok: TEST 6: .* - response_body - .*req 1\)
use MfaReset::Test;
run_tests();

__DATA__

=== TEST 1: another status
--- config
    location = /t { return 404; }
--- request
GET /t



=== TEST 2: another body
--- config
    location = /t { return 200 "hello\n"; }
--- request
GET /t
--- response_body
hallo



=== TEST 3: a body unlike the pattern
--- config
    location = /t { return 200 "hello\n"; }
--- request
GET /t
--- response_body_like: ^hallo



=== TEST 4: a body like the forbidden pattern
--- config
    location = /t { return 200 "hello\n"; }
--- request
GET /t
--- response_body_unlike: ^hello



=== TEST 5: a status unlike the pattern
--- config
    location = /t { return 404 "no\n"; }
--- request
GET /t
--- error_code_like: ^2



=== TEST 6: the second of two bodies
--- config
    location = /t { return 200 "$arg_n\n"; }
--- pipelined_requests eval
["GET /t?n=1", "GET /t?n=2"]
--- response_body eval
["1\n", "1\n"]
