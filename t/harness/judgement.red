# not ok: error log: no \[alert\]
# not ok: error log: no \[emerg\]
# not ok: error log: no word of a sanitizer
# not ok: error log: no secret
# not ok: error log: no token in a line of the module
use MfaReset::Test;
secret('correct horse');
token('listed by the file');

# As if nginx had written it; each into the log of an nginx of its own, all but
# the last of them wiped before the judgement.
sub MfaReset::Test::write_log {
    open my $out, '>>', server_root() . '/logs/error.log' or die $!;
    print {$out} "2026/01/01 00:00:00 @_\n";
    close $out;
}
run_tests();

__DATA__

=== TEST 1: an alert of nginx itself: no worker may have so many files
--- main_config
    worker_rlimit_nofile 2000000000;
--- config
    location = /t { return 200; }
--- request
GET /t
--- error_log
setrlimit(RLIMIT_NOFILE, 2000000000) failed



=== TEST 2: an emergency
--- config
    location = /t { return 200; }
--- init: MfaReset::Test::write_log('[emerg] 1#1: the sky falls');
--- request
GET /t



=== TEST 3: a sanitizer
--- config
    location = /t { return 200; }
--- init: MfaReset::Test::write_log('src/x.cpp:1:1: runtime error: load of null');
--- request
GET /t



=== TEST 4: a secret, in a line of nginx
--- config
    location = /t { return 200; }
--- request
GET /t
--- more_headers
X: correct horse



=== TEST 5: a token, in a line of the module
--- config
    location = /t { return 200; }
--- init: MfaReset::Test::write_log('[info] 1#1: *1 mfa_reset: listed by the file');
--- request
GET /t
