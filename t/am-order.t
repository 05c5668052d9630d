# Which error wins where a call has several: one call that is wrong in every
# way, mended one way at a time, in AM's order.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;

# What is wrong, how it is answered, and what mends it.
my @steps = (
    [400, 'bad percent-encoding',                    query     => '_action=reset&_action=reset&_mimeType=x'],
    [403, '"message":"Forbidden"',                   version   => 'v1'],
    [400, 'Version string is in an invalid format',  version   => 'protocol=3.0,resource=2.0'],
    [404, '"message":"Realm ',                       realm     => 'alpha'],
    [400, 'Unsupported major version: 3\.0',         version   => 'resource=2.0'],
    [400, 'specified the content-type',              type      => 'application/json'],
    [409, 'Header If-Modified-Since not supported',  modified  => undef],
    [409, 'Header If-Unmodified-Since not',          since     => undef],
    [412, 'If-None-Match not supported for POST',    none      => undef],
    [412, 'If-Match not supported for POST',         match     => undef],
    [400, "parameter '_action'",                     query     => '_action=reset&_mimeType=x'],
    [400, 'not valid JSON',                          body      => '{}'],
    [400, "Unrecognized request parameter '_mime",   query     => '_action=reset'],
    [404, "Resource 'a/b' not found",                rest      => ''],
    [401, 'Access Denied',                           token     => 'unknown-token'],
    [401, 'Access Denied',                           token     => 'eve-token'],
    [403, 'User, id=eve,ou=user,',                   token     => 'root-token'],
    [404, "Resource '' not found",                   version   => 'resource=1.0'],
    [404, 'User nosuch not found',                   user      => 'demo'],
    [200, '^\{"result":true\}$'],
);

my %call = (
    query    => '_action=reset&_action=reset&_mimeType=x&bad=%',
    version  => undef,
    realm    => 'al%2Fpha',
    type     => 'text/plain',
    modified => 'Sat, 01 Jan 2022 00:00:00 GMT',
    since    => 'Sat, 01 Jan 2022 00:00:00 GMT',
    none     => '"a"',
    match    => '"b"',
    body     => '{',
    rest     => '/a/b',
    token    => 'not a token',
    user     => 'nosuch',
);

my %header = (
    version  => 'Accept-API-Version: ',
    type     => 'Content-Type: ',
    modified => 'If-Modified-Since: ',
    since    => 'If-Unmodified-Since: ',
    none     => 'If-None-Match: ',
    match    => 'If-Match: ',
    token    => 'Cookie: iPlanetDirectoryPro=',
);

our (@requests, @headers, @statuses, @bodies);
for my $step (@steps) {
    my ($status, $says, %mended) = @$step;
    push @requests, "POST /json/realms/root/realms/$call{realm}/users/$call{user}"
        . "/devices/2fa/oath$call{rest}?$call{query}\n$call{body}";
    push @headers,  join "\n", map { $header{$_} . $call{$_} } grep { defined $call{$_} } sort keys %header;
    push @statuses, $status;
    push @bodies,   $says;
    @call{ keys %mended } = values %mended;
}

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: the first of all that is wrong is told, and nothing happens until all is mended
--- request eval
\@main::requests
--- more_headers eval
\@main::headers
--- error_code eval
\@main::statuses
--- response_body_like eval
\@main::bodies
--- redis
XLEN mfa:{/alpha/demo}:events => 1
KEYS mfa:{* => ["mfa:{/alpha/demo}","mfa:{/alpha/demo}:events"]



=== TEST 2: a body that is too large comes before one that is not JSON, and after the action
--- request eval
[map { "POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?$_\n" . 'x' x 65537 }
    '_action=reset&_action=reset', '_action=reset&_mimeType=x']
--- error_code eval
[400, 413]



=== TEST 3: who is not allowed in does not learn that an action is unknown
--- request eval
[("POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=other\n{}") x 3]
--- more_headers eval
[map { "Accept-API-Version: resource=1.0\niPlanetDirectoryPro: $_" } qw(unknown-token eve-token root-token)]
--- error_code eval
[401, 403, 501]
