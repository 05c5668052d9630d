# not ok: error log: no \[alert\]
# says: worker process \d+ exited on signal 9
use MfaReset::Test;
add_response_body_check(sub {
    open my $in, '<', server_root() . '/logs/nginx.pid' or die $!;
    chomp(my $master = <$in>);
    my ($worker) = `cat /proc/$master/task/$master/children` =~ /(\d+)/;
    kill KILL => $worker;
    select undef, undef, undef, 0.1;
});
run_tests();

__DATA__

=== TEST 1: a worker dies, after the answer
--- config
    location = /t { return 200; }
--- request
GET /t
