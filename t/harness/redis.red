# not ok: TEST 1: .* - redis: GET key => "other" \(req [01]\)
# not ok: TEST 1: .* - redis: EXISTS key => 0 \(req [01]\)
# not ok: TEST 1: .* - redis: GET key => ~ \^a \(req [01]\)
# not ok: TEST 1: .* - redis: GET key => !~ value \(req [01]\)
# not ok: TEST 1: .* - redis: HGET key field => nil \(req [01]\)
# not ok: TEST 2: .* - redis: HGET mfa:session:sha256\(a-token\) user => "eve" \(req [01]\)
use MfaReset::Test;
repeat_each(2);
run_tests();

__DATA__

=== TEST 1: every way to compare
--- seed
SET key value
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
GET key => "other"
EXISTS key => 0
GET key => ~ ^a
GET key => !~ value
HGET key field => nil
GET key => "value"



=== TEST 2: a session
--- session
a-token user demo
--- config
    location = /t { return 200; }
--- request
GET /t
--- redis
HGET mfa:session:sha256(a-token) user => "eve"
