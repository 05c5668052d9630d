# Contract "Order of checks": which error counts if a call has several. One call
# with every error is corrected one error at a time, in AM's order.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $date = 'Sat, 01 Jan 2022 00:00:00 GMT';
my $type = "The request could not be processed because it specified the content-type 'text/plain' when only the"
    . " content-type 'application/json' and 'multipart/form-data' are supported";

# The error, its response, and the correction.
my @steps = (
    ['1 percent-encoding of the query', [is => 400, text => 'The request has a bad percent-encoding', head => 'text, warning'],
        query => '_action=reset&_action=reset&_mimeType=x'],
    ['2 CSRF',                   [is => [403, 'Forbidden'], head => 'warning'],                            version  => 'v1'],
    ['3 syntax of the version',  [is => 400, text => 'Version string is in an invalid format: v1', head => 'untyped'],
        version => 'protocol=3.0,resource=2.0'],
    ['4 realm',                  [is => [404, 'Realm "/al/pha" not found']],                               realm    => 'alpha'],
    ['5 protocol version',       [is => [400, 'Unsupported major version: 3.0']],                          version  => 'resource=2.0'],
    ['5 content type',           [is => [400, $type]],                                                     type     => 'application/json'],
    ['5 If-Modified-Since',      [is => [409, 'Header If-Modified-Since not supported']],                  modified => undef],
    ['5 If-Unmodified-Since',    [is => [409, 'Header If-Unmodified-Since not supported']],                since    => undef],
    ['5 If-None-Match',          [is => [412, 'If-None-Match not supported for POST requests']],           none     => undef],
    ['5 If-Match',               [is => [412, 'If-Match not supported for POST requests']],                match    => undef],
    ['5 _action',                [is => [400, "Multiple values provided for the single-valued request parameter '_action'"]],
        query => '_action=other&_mimeType=x'],
    ['5 size of the body',       [is => [413, 'The request content is larger than 65536 bytes']],          body     => '{]'],
    ['5 body',                   [is => [400, 'The request could not be processed because the provided content is not valid JSON', 'line 1, column 2']],
        body => '{}'],
    ['5 remaining parameters',   [is => [400, "Unrecognized request parameter '_mimeType'"]],              query    => '_action=other'],
    ['6 route',                  [is => [404, "Resource 'a/b' not found"]],                                rest     => ''],
    ['7 no good token',          [is => [401, 'Access Denied']],                                           token    => 'unknown-token'],
    ['7 no session',             [is => [401, 'Access Denied']],                                           token    => 'eve-token'],
    ['8 authorization',          [is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']], token => 'root-token'],
    ['9 resource version',       [is => [404, q(Resource '' not found)]],                                  version  => 'resource=1.0'],
    ['10 action',                [is => [501, 'Not Implemented'], head => 'version'],                      query    => '_action=reset'],
    ['10 user',                  [is => [404, 'User nosuch not found'], head => 'version'],                user     => 'demo'],
    ['all is well',              [is => 200]],
);

my %call = (
    query    => '_action=reset&_action=reset&_mimeType=x&bad=%',
    version  => undef,
    realm    => 'al%2Fpha',
    type     => 'text/plain',
    modified => $date,
    since    => $date,
    none     => '"a"',
    match    => '"b"',
    body     => 'x' x 65537,
    rest     => '/a/b',
    token    => 'not a token',
    user     => 'nosuch',
);
my %condition = (modified => 'If-Modified-Since', since => 'If-Unmodified-Since', none => 'If-None-Match', match => 'If-Match');

for my $step (@steps) {
    my ($what, $answer, %mended) = @$step;
    rows 'wrong in every way from here on' => {}, [
        $what, %call{qw(query version type body)},
        path   => "/json/realms/root/realms/$call{realm}/users/$call{user}/devices/2fa/oath$call{rest}",
        token  => undef,
        cookie => "iPlanetDirectoryPro=$call{token}",
        more   => join("\n", map {"$condition{$_}: $call{$_}"} grep { defined $call{$_} } sort keys %condition),
        @$answer,
    ];
    @call{ keys %mended } = values %mended;
}

rows 'bad percent-encoding in the query' => { is => 400, text => 'The request has a bad percent-encoding', head => 'text' },
    map { [$_, query => $_] } '_action=reset&x=%', '_action=reset&x=%g0', '_action=reset&x=%0', '_action=reset&%4', '%', '%_action=reset', '_action=%r';

rows 'malformed and unauthenticated is 400' => { token => undef },
    ['the body',                 body  => '{x', is => [400, 'The request could not be processed because the provided content is not valid JSON', 'line 1, column 2']],
    ['a parameter',              query => '_action=reset&_mimeType', is => [400, "Unrecognized request parameter '_mimeType'"]],
    ['the version',              version => 'v1', is => 400, text => 'Version string is in an invalid format: v1', head => 'untyped'],
    ['the protocol',             version => 'protocol=2.3', is => [400, 'Unsupported minor version: 2.3'], head => 'warning'];

rows 'what only those who are allowed in are told' => {},
    map({ my ($what, %wrong) = @$_;
        (["$what: 401", %wrong, token => 'unknown-token', is => [401, 'Access Denied']],
         ["$what: 403", %wrong, token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']]) }
        ['an unsupported resource version', version => 'resource=2.0'],
        ['an unknown action', query => '_action=other'],
        ['no action', query => undef],
        ['an instance', path => '/json/alpha/users/demo/devices/2fa/oath/d569'],
        ['an unknown user', path => '/json/alpha/users/nosuch/devices/2fa/oath']),
    ['an unsupported version goes before an unknown action', version => 'resource=2.0', query => '_action=other', is => [404, q(Resource '' not found)]],
    ['and before an instance', version => 'resource=2.0', path => '/json/alpha/users/demo/devices/2fa/oath/d569', is => [404, q(Resource '' not found)]],
    ['and before an unknown user', version => 'resource=2.0', path => '/json/alpha/users/nosuch/devices/2fa/oath', is => [404, q(Resource '' not found)]],
    ['and before a universal id of another realm', version => 'resource=2.0', path => '/json/alpha/users/id=demo,ou=user/devices/2fa/oath',
        is => [404, q(Resource '' not found)]],
    ['an unknown action goes before a universal id of another realm', query => '_action=other', path => '/json/alpha/users/id=demo,ou=user/devices/2fa/oath',
        is => [501, 'Not Implemented'], head => 'version'],
    ['an unknown action goes before an unknown user', query => '_action=other', path => '/json/alpha/users/nosuch/devices/2fa/oath',
        is => [501, 'Not Implemented'], head => 'version'];

run_rows();
