# Contract "Accept-API-Version": its grammar, the versions that are served, and
# what applies if the client sends no such header.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $no_resource = [404, q(Resource '' not found)];
my $caller      = 'caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/demo"';

rows 'the grammar' => { is => 200 },
    map { [$_ =~ s/\t/(tab)/r, version => $_] }
        'resource=1.0', 'resource=1', 'resource=01.00', 'resource=1.0,protocol=1.0', 'protocol=2.1,resource=1.0',
        'resource=1.0 , protocol=2.2', "protocol=0,\t resource=1", 'protocol=1.2,resource=1', 'protocol=2,resource=1.0';

rows 'what breaks it is repeated as text, without a type and a warning' => {},
    map { [$_ =~ s/[^ -~]/?/gr, version => $_, is => 400, text => "Version string is in an invalid format: $_", head => 'untyped'] }
        'v1', '1.0', 'resource', 'resource=', 'resource=1.', 'resource=.0', 'resource=.', 'resource=1.0.0',
        # lower case, no quotes, no blanks round =
        'Resource=1.0', 'RESOURCE=1.0', 'Protocol=1.0', '"resource=1.0"', 'resource="1.0"', 'resource =1.0', 'resource= 1.0',
        # one comma, and something on both sides of it
        'resource=1.0,', ',resource=1.0', ',', 'resource=1.0,,protocol=1.0', 'resource=1.0;protocol=1.0', 'resource=1.0 protocol=1.0', 'resource=1,0',
        # no third item, none twice, no other
        'resource=1.0,protocol=1.0,resource=1.0', 'resource=1.0,protocol=1.0,x', 'resource=1.0,resource=1.0', 'protocol=1.0,protocol=1.0', 'version=1.0', 'resource=1.0,x',
        # digits only, up to 2147483647
        'resource=-1', 'resource=+1', 'resource=1.x', 'resource=0x1', 'resource=2147483648', 'protocol=1.2147483648',
        'resource=99999999999999999999', 'resource=1.18446744073709551617';

rows 'what is not printable is not repeated' => {},
    ['control characters and other bytes', version => "v\xc3\xa4\x1b<b>", is => 400, head => 'untyped',
        text => 'Version string is in an invalid format: v???<b>',
        log  => 'mfa_reset: refused am: malformed, caller "", target "/alpha/demo", reason "Version string is in an invalid format: v???<b>"'];

rows 'empty is absent' => {},
    ['an empty header', version => '', is => 200, head => 'warning, version'];

rows 'of several header lines the first counts' => { version => undef },
    ['a good one before a bad one', more => "Accept-API-Version: resource=1.0\nAccept-API-Version: v1", is => 200],
    ['a bad one before a good one', more => "accept-api-version: v1\nAccept-API-Version: resource=1.0",
        is => 400, text => 'Version string is in an invalid format: v1', head => 'untyped'],
    ['an empty one',                more => "Accept-API-Version:\nAccept-API-Version: v1", is => 200, head => 'warning, version'],
    ['its name in other letters',   more => "ACCEPT-API-VERSION: resource=2.0\nAccept-API-Version: resource=1.0", is => $no_resource];

rows 'protocol versions that are accepted' => { is => 200 },
    map { [$_, version => "protocol=$_,resource=1.0"] } qw(0 0.0 0.2 1 1.0 1.2 2 2.0 2.1 2.2);

rows 'protocol versions that are not' => {},
    map({ my ($version, $what) = @$_; [$version, version => "resource=1.0,protocol=$version", is => [400, "Unsupported $what"]] }
        ['3.0', 'major version: 3.0'], ['3', 'major version: 3.0'], ['3.3', 'major version: 3.3'], ['2147483647.9', 'major version: 2147483647.9'],
        ['2.3', 'minor version: 2.3'], ['1.3', 'minor version: 1.3'], ['0.3', 'minor version: 0.3'], ['2.2147483647', 'minor version: 2.2147483647']),
    ['before the resource', version => 'protocol=3.0,resource=1.0', is => [400, 'Unsupported major version: 3.0']];

rows 'resource versions that are not served' => { is => $no_resource },
    map({ [$_, version => "resource=$_"] } '1.1', '2.0', '2', '0.0', '0', '0.1', '2147483647'),
    ['with a protocol', version => 'protocol=2.1,resource=2.0'],
    ['pretty', version => 'resource=2.0', query => '_action=reset&_prettyPrint=true', is => 404,
        text => qq({\n  "code" : 404,\n  "reason" : "Not Found",\n  "message" : "Resource '' not found"\n})],
    ['the log says why', version => 'resource=2.0', log => qq(mfa_reset: refused am: version, $caller, reason "unsupported resource version 2.0")];

rows 'only those who may reset are told of it' => { version => 'resource=2.0' },
    ['not without a token',   token => undef, is => [401, 'Access Denied']],
    ['not somebody else',     token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['the user is',           token => 'demo-token', is => $no_resource];

rows 'missing is the latest' => { version => undef, head => 'warning, version' },
    ['no header',             is => 200],
    ['only a protocol',       version => 'protocol=1.0', is => 200];

rows 'missing: a warning on every response' => { version => undef, head => 'warning' },
    ['400 as text',           query => '_action=%', is => 400, text => 'The request has a bad percent-encoding', head => 'text, warning'],
    ['400 of the path',       path => '/json//x', is => [400, "Resource path '/json//x' contains empty path elements"]],
    ['403 of CSRF',           token => undef, cookie => 'iPlanetDirectoryPro=root-token', is => [403, 'Forbidden']],
    ['404 of the realm',      path => '/json/realms/a%2Fb/users/demo/devices/2fa/oath', is => [404, 'Realm "/a/b" not found']],
    ['400 of the protocol',   version => 'protocol=3.0', is => [400, 'Unsupported major version: 3.0']],
    ['409',                   more => 'If-Modified-Since: x', is => [409, 'Header If-Modified-Since not supported']],
    ['412',                   more => 'If-Match: x', is => [412, 'If-Match not supported for POST requests']],
    ['413',                   body => 'x' x 65537, is => [413, 'The request content is larger than 65536 bytes']],
    ['404 of the path',       path => '/json/x', is => [404, "Resource 'x' not found"]],
    ['401',                   token => undef, is => [401, 'Access Denied']],
    ['403',                   token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['501 of the method',     method => 'COPY', is => [501, 'Method COPY not supported']],
    ['501 of the action',     query => '_action=x', is => [501, 'Not Implemented'], head => 'warning, version'],
    ['404 of the user',       path => '/json/users/nosuch/devices/2fa/oath', is => [404, 'User nosuch not found'], head => 'warning, version'],
    ['500',                   seed => 'SET mfa:{/alpha/demo} text', is => [500, 'Internal Server Error'], head => 'warning, version'],
    ['503',                   http_config => '    mfa_reset_redis unix:/nonexistent/redis.sock;', is => [503, 'Service Unavailable'], head => 'warning, version, retry'],
    ['OPTIONS',               method => 'OPTIONS', body => undef, is => 200, text => '', head => 'warning, allow', resets => []];

sub default_version ($which) { return "    location ~ /json/ { mfa_reset am; mfa_reset_am_default_version $which; }" }

rows 'missing, as configured' => { version => undef },
    ['latest',                config => default_version('latest'), is => 200, head => 'warning, version'],
    ['oldest',                config => default_version('oldest'), is => 200, head => 'warning, version'],
    ['none',                  config => default_version('none'), is => $no_resource, head => 'warning'],
    ['none, only a protocol', config => default_version('none'), version => 'protocol=2.1', is => $no_resource, head => 'warning'],
    ['none, and not missing', config => default_version('none'), version => 'resource=1.0', is => 200],
    ['none, and somebody else', config => default_version('none'), token => 'eve-token', head => 'warning',
        is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['none, for a whole http', http_config => '    mfa_reset_am_default_version none;', is => $no_resource, head => 'warning'],
    ['none, and oldest inside it', http_config => '    mfa_reset_am_default_version none;', config => default_version('oldest'),
        is => 200, head => 'warning, version'],
    ['none: the log says why', config => default_version('none'), is => $no_resource, head => 'warning',
        log => qq(mfa_reset: refused am: version, $caller, reason "no resource version asked for, and none is the default")];

run_rows();

__DATA__

=== TEST 1: an error of the grammar is one line of the log
--- more_headers
iPlanetDirectoryPro: root-token
Accept-API-Version: v1
--- error_code: 400
--- grep_error_log eval
qr/mfa_reset: refused.*?(?=, client)/
--- grep_error_log_out
mfa_reset: refused am: malformed, caller "", target "/alpha/demo", reason "Version string is in an invalid format: v1"
