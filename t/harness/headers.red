# not ok: TEST 1: .* - header X-Here ok
# not ok: TEST 2: .* - header X-Here not present
# not ok: TEST 3: .* - header X-Absent ok
# not ok: TEST 4: .* - header X-Here like ok
# not ok: TEST 5: .* - raw resp headers like
# not ok: TEST 6: .* - raw resp headers unlike
use MfaReset::Test;
add_block_preprocessor(sub {
    my $block = shift;
    $block->set_value(config => 'location = /t { add_header X-Here yes; return 200; }');
    $block->set_value(request => "GET /t\n");
});
run_tests();

__DATA__

=== TEST 1: another value
--- config
--- response_headers
X-Here: no



=== TEST 2: there, though it must not be
--- config
--- response_headers
!X-Here



=== TEST 3: not there, though it must be
--- config
--- response_headers
X-Absent: yes



=== TEST 4: a value unlike the pattern
--- config
--- response_headers_like
X-Here: ye



=== TEST 5: headers unlike the pattern
--- config
--- raw_response_headers_like: X-Absent



=== TEST 6: headers like the forbidden pattern
--- config
--- raw_response_headers_unlike: X-Here
