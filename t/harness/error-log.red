# not ok: TEST 1: .* - pattern "no such line" .*error\.log
# not ok: TEST 2: .* - pattern "\[error\]" .*error\.log
# not ok: TEST 3: .* - grep_error_log_out
use MfaReset::Test;
add_block_preprocessor(sub {
    my $block = shift;
    $block->set_value(config => 'location = /t { root /nonexistent; }');
    $block->set_value(request => "GET /t\n");
    $block->set_value(error_code => 404);
});
run_tests();

__DATA__

=== TEST 1: a line that is missing
--- config
--- error_log
[error]
no such line



=== TEST 2: a line that must not be there
--- config
--- no_error_log
[error]
[crit]



=== TEST 3: another count of lines
--- config
--- grep_error_log eval
qr/\[error\]/
--- grep_error_log_out
[error]
[error]
