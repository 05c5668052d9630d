# The $mfa_reset_* variables, as an access log shows them. `--- logged` has
# a pattern for each line that the requests of a block add to it, in order.
use v5.36;
use lib 't/lib';
use Time::HiRes qw(sleep);
use MfaReset::Test;
use MfaReset::Am;

my $path = server_root() . '/logs/variables.log';
my $format = join ',', map {qq("$_":"\$mfa_reset_$_")}
    qw(api action caller realm target result request store_time redis_state redis_pending);
my %seen;

Test::Nginx::Socket->can('allow_sections')->('logged') if Test::Nginx::Socket->can('allow_sections');

add_block_preprocessor(sub {
    my $block = shift;
    my $http  = scalar $block->http_config // '';
    $block->set_value(http_config =>
        "log_format variables escape=json '{\"status\":\"\$status\",$format}';\naccess_log $path variables;\n$http");
});

# The line is written after the answer.
sub new_lines ($from, $count) {
    my @lines;
    for (1 .. 2000) {    # at most 20 seconds
        open my $in, '<', $path or die "$path: $!\n";
        @lines = <$in>;
        last if @lines >= $from + $count;
        sleep 0.01;
    }
    return map { chomp; $_ } @lines[$from .. $#lines];
}

add_response_body_check(sub {
    my ($block, $body, $index, $repetition, $dry_run) = @_;
    my $wanted = scalar $block->logged // return;
    my @wanted = split /\n/, ref $wanted ? $wanted->[$index] : $wanted;
    my $place  = $block->name;
    $seen{$place} = 0 if $repetition == 0 && $index == 0;
    my @got = new_lines($seen{$place}, scalar @wanted);
    $seen{$place} += @got;
    is(scalar @got, scalar @wanted, "$place - lines of the access log");
    like($got[$_], qr/\A$wanted[$_]\z/, "$place - access log (req $repetition)") for 0 .. $#wanted;
});

our $call = 'POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset';

# The pattern of a line; a variable that is not given is empty, and a Redis is up and idle.
sub line (%fields) {
    $fields{$_} //= '' for qw(status api action caller realm target result request store_time redis_state redis_pending);
    return '\{' . join(',', map {qq("$_":"$fields{$_}")}
        qw(status api action caller realm target result request store_time redis_state redis_pending)) . '\}';
}

our %root  = (caller => 'id=amAdmin,ou=user,dc=example,dc=com');
our %idle  = (redis_state => 'up', redis_pending => '0');
our %asked = (%idle, request => '[0-9a-f]{32}', store_time => '0\.\d{6}');
our %demo  = (api => 'am', action => 'reset-oath', realm => '/alpha', target => 'demo');

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: a reset
--- logged eval
main::line(%main::demo, %main::root, %main::asked, status => 200, result => 'ok')



=== TEST 2: nothing to reset
--- seed
HSET mfa:{/alpha/demo} uid demo oath2faEnabled 0
--- logged eval
main::line(%main::demo, %main::root, %main::asked, status => 200, result => 'none')



=== TEST 3: no record, push, by the user, whose name is as it was sent
--- seed
--- request
POST /json/realms/root/realms/Alpha/users/DEMO/devices/2fa/push?_action=reset
--- more_headers
iPlanetDirectoryPro: demo-token
--- logged eval
main::line(%main::demo, %main::asked, status => 200, action => 'reset-push', result => 'none', realm => '/Alpha', target => 'DEMO',
    caller => 'id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com')



=== TEST 4: a caller without a universal id, the root realm
--- session
eve-token user eve realm / admin /
--- seed
HSET mfa:{/demo} uid demo
--- request
POST /json/users/demo/devices/2fa/oath?_action=reset
--- more_headers
iPlanetDirectoryPro: eve-token
--- logged eval
main::line(%main::demo, %main::asked, status => 200, caller => '/eve', realm => '/', result => 'none')



=== TEST 5: the request id is that of the event
--- config
    location ~ /json/ { mfa_reset am; add_header X-Request $mfa_reset_request; add_header X-Result $mfa_reset_result; }
--- response_headers_like
X-Request: [0-9a-f]{32}
X-Result: ok



=== TEST 6: each refusal has its result
--- request eval
["$main::call\n{", $main::call, $main::call, $main::call, $main::call =~ s/demo/nosuch/r,
 $main::call =~ s/alpha/al%2Fpha/r, "$main::call&x=%"]
--- more_headers eval
[map { CORE::join "\n", @$_ } ["iPlanetDirectoryPro: root-token"], ["X: y"],
    ["iPlanetDirectoryPro: eve-token"], ["iPlanetDirectoryPro: root-token", "Accept-API-Version: resource=2.0"],
    (["iPlanetDirectoryPro: root-token"]) x 3]
--- error_code eval
[400, 401, 403, 404, 404, 404, 400]
--- logged eval
[main::line(%main::demo, %main::idle, status => 400, result => 'malformed'),
 main::line(%main::demo, %main::idle, status => 401, result => 'unauthenticated'),
 main::line(%main::demo, %main::asked, status => 403, result => 'forbidden', caller => 'id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com'),
 main::line(%main::demo, %main::root, %main::asked, status => 404, result => 'version'),
 main::line(%main::demo, %main::root, %main::asked, status => 404, result => 'unknown', target => 'nosuch'),
 main::line(%main::demo, %main::idle, status => 404, result => 'realm', realm => '/al/pha'),
 main::line(%main::demo, %main::idle, status => 400, action => '', result => 'malformed')]



=== TEST 7: an invalid action has no name, an invalid path no target
--- request eval
["POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=other\n{}",
 "POST /json/realms/root/realms/alpha/users//devices/2fa/oath?_action=reset\n{}", "POST /json/realms/root/x?_action=reset"]
--- error_code eval
[501, 400, 404]
--- logged eval
[main::line(%main::demo, %main::root, %main::asked, status => 501, action => '', result => 'unknown'),
 main::line(%main::idle, status => 400, api => 'am', result => 'malformed'),
 main::line(%main::idle, status => 404, api => 'am', result => 'unknown', realm => '/')]



=== TEST 8: names are escaped as the log's format says; control characters before that, for other places than logs
--- config
    location /json/ { mfa_reset am; add_header X-Target "$mfa_reset_target" always; }
--- raw_response_headers_like: \r\nX-Target: "\\%0D%0Aä\r\n
--- request
POST /json/realms/root/realms/alpha/users/%22%5C%0D%0A%C3%A4/devices/2fa/oath?_action=reset
--- error_code: 404
--- logged eval
main::line(%main::demo, %main::root, %main::asked, status => 404, result => 'unknown', target => '\\\\"\\\\\\\\%0D%0A' . "\xc3\xa4")



=== TEST 9: Redis is down
--- http_config
    mfa_reset_redis unix:/nonexistent/redis.sock;
--- error_code: 503
--- logged eval
main::line(%main::demo, status => 503, result => 'unavailable', request => '[0-9a-f]{32}', store_time => '0\.\d{6}',
    redis_state => 'down', redis_pending => 0)



=== TEST 10: Redis is too slow, and its reply comes later
--- http_config
    mfa_reset_redis_timeout 500ms;
--- seed
HSET mfa:session:sha256(root-token) user amAdmin realm / admin /
CLIENT PAUSE 1000000 WRITE
--- session
--- error_code: 503
--- logged eval
main::line(%main::demo, status => 503, result => 'uncertain', request => '[0-9a-f]{32}', store_time => '(?:0\.[4-9]|[1-9]\d*\.\d)\d{5}',
    redis_state => 'up', redis_pending => 1)



=== TEST 11: Redis answers what it must not
--- seed
SET mfa:{/alpha/demo} text
--- error_code: 500
--- logged eval
main::line(%main::demo, %main::asked, status => 500, result => 'uncertain')



=== TEST 12: in other locations the variables are empty
--- config
    location = /other { return 204; }
--- request
GET /other
--- error_code: 204
--- logged eval
main::line(status => 204)



=== TEST 13: the variables keep their values after an internal redirect
--- config
    location ~ /json/ { mfa_reset am; post_action @after; }
    location @after { return 200; }  # also the status that is logged
--- request eval
[$main::call, $main::call =~ s/demo/nosuch/r]
--- error_code eval
[200, 404]
--- logged eval
[main::line(%main::demo, %main::root, %main::asked, status => 200, result => 'ok'),
 main::line(%main::demo, %main::root, %main::asked, status => 200, result => 'unknown', target => 'nosuch')]



=== TEST 14: also where the redirect goes to a location with another Redis
--- config
    location ~ /json/ { mfa_reset am; post_action /after; }
    location /after { mfa_reset_redis unix:/nonexistent/redis.sock; return 200; }
    location /unused { mfa_reset am; mfa_reset_redis unix:/nonexistent/redis.sock; }
--- logged eval
main::line(%main::demo, %main::root, %main::asked, status => 200, result => 'ok')



=== TEST 15: a redirect into the location
--- config
    location /openam/ { error_page 404 = @edge; return 404; }
    location @edge { mfa_reset am; }
--- logged eval
main::line(%main::demo, %main::root, %main::asked, status => 200, result => 'ok')



=== TEST 16: a refusal is one line of the error log: API, caller, target, reason
--- more_headers
Accept-API-Version: resource=1.0
iPlanetDirectoryPro: eve-token
--- error_code: 403
--- grep_error_log eval
qr/\[info\] \d+#\d+: \*\d+ mfa_reset: refused am:[^,]*, caller "[^"]*", target "[^"]*", reason "[^"]*"(?=, client: 127\.0\.0\.1, server: localhost, request: ")/
--- grep_error_log_out eval
[(qr/\A\[info\] \d+#\d+: \*\d+ mfa_reset: refused am: forbidden, caller "id=eve,[^"]*", target "\/alpha\/demo", reason "User, id=eve,[^"]*, not authorized\."\n\z/) x 2]



=== TEST 17: a success has no such line
--- grep_error_log: mfa_reset: refused
--- grep_error_log_out



=== TEST 18: an encoded name and one that only looks encoded differ
--- session
percent-token user a%0Ab realm / universalId id=a%0Ab,ou=user admin /
lf-token user "a\nb" realm / universalId "id=a\nb,ou=user" admin /
path-token user a%0Ab/c realm /al%2F admin /al%2F
--- request eval
[$main::call =~ s/demo/a%250Ab/r, $main::call =~ s/demo/a%0Ab/r, $main::call =~ s/alpha/al%252F/r =~ s/demo/x%25/r]
--- more_headers eval
[map {"iPlanetDirectoryPro: $_-token"} qw(percent lf path)]
--- error_code eval
[404, 404, 404]
--- logged eval
[main::line(%main::demo, %main::asked, status => 404, result => 'unknown', target => 'a%250Ab', caller => 'id=a%250Ab,ou=user'),
 main::line(%main::demo, %main::asked, status => 404, result => 'unknown', target => 'a%0Ab', caller => 'id=a%0Ab,ou=user'),
 main::line(%main::demo, %main::asked, status => 404, result => 'unknown', target => 'x%25', realm => '/al%252F', caller => '/al%252F/a%250Ab%2Fc')]
