# Contract "SSO token": where the caller's token comes from, its characters, and
# what a browser's cookie needs in addition (CSRF).
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $denied    = [401, 'Access Denied'];
my $forbidden = [403, 'Forbidden'];
my $good      = 'iPlanetDirectoryPro=root-token';
my $refused   = 'mfa_reset: refused am: unauthenticated, caller "", target "/alpha/demo", reason';

# The event has the caller: it shows which session was used.
my $by_admin = 'XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=amAdmin,';

rows 'the cookie' => { token => undef, is => 200, redis => $by_admin },
    map { [$_, cookie => $_] }
        $good, "a=b; $good; amlbcookie=01", "a;$good;b", " ;;  iPlanetDirectoryPro = root-token  ", qq(a="b"; $good);

rows 'its name has no case' => { token => undef, is => 200 },
    map { [$_, cookie => "$_=root-token"] } 'IPLANETDIRECTORYPRO', 'iplanetdirectorypro', 'iPlanetDirectorypro';

rows 'a cookie whose name only begins or ends alike' => { token => undef, is => $denied },
    map { [$_, cookie => $_] } 'iPlanetDirectoryPro2=root-token', 'xiPlanetDirectoryPro=root-token', 'a="; iPlanetDirectoryPro2=root-token"';

rows 'the first match' => { token => undef },
    ['good before wrong',        cookie => "$good; iPlanetDirectoryPro=wrong-token", is => 200],
    ['wrong before good',        cookie => "iPlanetDirectoryPro=wrong-token; $good", is => $denied],
    ['good before wrong, in two headers', cookie => "$good\nCookie: iPlanetDirectoryPro=wrong-token", is => 200],
    ['wrong before good, in two headers', cookie => "iPlanetDirectoryPro=wrong-token\nCookie: $good", is => $denied],
    ['in the second of two headers', cookie => "a=b\nCookie: $good", is => 200];

rows 'surrounding quotes are stripped' => { token => undef },
    ['both',                     cookie => 'iPlanetDirectoryPro="root-token"', is => 200],
    ['not one alone',            cookie => 'iPlanetDirectoryPro="root-token', is => $denied],
    ['not two pairs',            cookie => 'iPlanetDirectoryPro=""root-token""', is => $denied],
    ['not of the header',        token => '"root-token"', is => $denied];

rows 'only if it is missing or empty, the header' => { redis => $by_admin },
    ['no cookie',                is => 200],
    ['other cookies',            cookie => 'a=b', is => 200],
    ['an empty one',             cookie => 'iPlanetDirectoryPro=', is => 200],
    ['an empty one in quotes',   cookie => 'iPlanetDirectoryPro=""', is => 200],
    ['the header\'s name has no case', token => undef, more => 'IPLANETDIRECTORYPRO: root-token', is => 200],
    ['the vendor\'s spelling',   token => undef, more => 'iplanetDirectoryPro: root-token', is => 200],
    ['the cookie goes before the header', token => 'eve-token', cookie => $good, is => 200];

rows 'a bad cookie is not rescued by a good header' => { is => $denied },
    map { [$_, cookie => "iPlanetDirectoryPro=$_"] } 'unknown-token', 'root-token!', '"root-token';

rows 'never from elsewhere' => { session => 'in-url user amAdmin realm / admin /', token => undef, is => $denied, log_level => 'info' },
    ['the query',                query => '_action=reset&iPlanetDirectoryPro=in-url'],
    ['the body',                 body => '{"iPlanetDirectoryPro":"in-url"}'],
    ['Authorization',            more => 'Authorization: Bearer in-url'],
    ['a parameter of the path',  path => '/json/realms/root/realms/alpha/users/demo/devices/2fa/oath;iPlanetDirectoryPro=in-url',
        is => [404, "Resource 'users/demo/devices/2fa/oath;iPlanetDirectoryPro=in-url' not found"]];

rows 'every character of a token' => { session => 'AZaz09._*@#+/=%- user amAdmin realm / admin /', is => 200 },
    ['in the header',            token => 'AZaz09._*@#+/=%-'],
    ['in the cookie',            token => undef, cookie => 'iPlanetDirectoryPro=AZaz09._*@#+/=%-'];

my @others = split //, '!"$&\'(),:;<>?[\\]^`{|}~';
rows 'any other character, even in a session\'s name' => {
    is      => $denied,
    session => '',
    seed    => join "\n", map({ my $key = session_key("root$_"); "HSET $key user amAdmin realm / admin /" } @others),
        'HSET mfa:{/alpha/demo} uid demo',
    },
    map({ [$_, token => "root$_"] } @others),
    ['a blank', token => 'root token'], ['a letter that is not ASCII', token => "r\xc3\xb6t-token"];

my %long = map { $_ => 'T' x $_ } 8192, 16384, 16385;
my $long = { http_config => '    large_client_header_buffers 4 32k;', session => join "\n", map {"$long{$_} user amAdmin realm / admin /"} sort keys %long };
rows 'a long one' => $long,
    ['8 KiB in the header',      token => $long{8192}, is => 200],
    ['8 KiB in the cookie',      token => undef, cookie => "iPlanetDirectoryPro=$long{8192}", is => 200],
    ['16 KiB',                   token => $long{16384}, is => 200],
    ['a byte more is nobody\'s', token => $long{16385}, is => $denied],
    ['a byte less is another\'s', token => substr($long{8192}, 1), is => $denied];

rows 'missing, malformed, unknown, expired: one answer' => {
    is => $denied, session => "root-token user amAdmin realm / admin /\nno-user realm / admin /\nno-realm user amAdmin admin /",
    seed => "HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]\nHSET mfa:session:sha256(old-token) user amAdmin realm / admin /\nPEXPIRE mfa:session:sha256(old-token) 1",
    },
    ['missing',                  token => undef, log => qq($refused "no session token")],
    ['empty',                    token => '', log => qq($refused "no session token")],
    ['malformed',                token => 'root!token', log => qq($refused "a malformed session token")],
    ['unknown',                  token => 'unknown-token', log => qq($refused "no such session")],
    ['expired',                  token => 'old-token', log => qq($refused "no such session")],
    ['a session without a user', token => 'no-user', log => qq($refused "no such session")],
    ['a session without a realm', token => 'no-realm', log => qq($refused "no such session")],
    ['in other letters',         token => 'ROOT-token'],
    ['missing, without a version', token => undef, version => undef, head => 'warning'];

rows 'the name of the configuration' => { config => '    location ~ /json/ { mfa_reset am; mfa_reset_am_cookie mySession; }', token => undef },
    ['the header',               more => 'mySession: root-token', is => 200],
    ['the header in other letters', more => 'MYSESSION: root-token', is => 200],
    ['the cookie in other letters', cookie => 'mysession=root-token', is => 200],
    ['not the default one',      token => 'root-token', is => $denied],
    ['nor its cookie',           cookie => $good, is => $denied];

rows 'CSRF: a cookie alone is what a browser sends by itself' => { token => undef, version => undef, cookie => $good },
    ['is refused',               is => $forbidden, head => 'warning',
        log => 'mfa_reset: refused am: forbidden, caller "", target "/alpha/demo", reason "a cookie without X-Requested-With or Accept-API-Version"'],
    ['whatever the token is',    cookie => 'iPlanetDirectoryPro=bad!', is => $forbidden, head => 'warning'],
    ['X-Requested-With',         more => 'X-Requested-With: XMLHttpRequest', is => 200, head => 'warning, version'],
    ['X-Requested-With, empty and in other letters', more => 'x-requested-with:', is => 200, head => 'warning, version'],
    ['Accept-API-Version',       version => 'resource=1.0', is => 200],
    ['Accept-API-Version with a protocol', version => 'protocol=1.0', is => 200, head => 'warning, version'],
    ['Accept-API-Version, empty', version => '', is => $forbidden, head => 'warning'],
    ['Origin does not help',     more => 'Origin: http://localhost', is => $forbidden, head => 'warning'],
    ['a header with the token besides does not help', token => 'root-token', is => $forbidden, head => 'warning'];

rows 'CSRF: by method' => { token => undef, version => undef, cookie => $good, body => undef, head => 'warning' },
    ['GET',                      method => 'GET', is => [400, "Unrecognized request parameter '_action'"]],
    ['HEAD',                     method => 'HEAD', is => 501, text => ''],
    ['OPTIONS',                  method => 'OPTIONS', is => 200, text => '', head => 'warning, allow', resets => []],
    map({ [$_, method => $_, is => $forbidden] } qw(POST PUT PATCH DELETE)),
    ['POST as GET',              more => 'X-HTTP-Method-Override: GET', is => $forbidden],
    ['POST as OPTIONS',          more => 'X-HTTP-Method-Override: OPTIONS', is => $forbidden];

rows 'CSRF: only where the token came in the cookie' => { version => undef, head => 'warning, version' },
    ['the header',               is => 200],
    ['an empty cookie',          cookie => 'iPlanetDirectoryPro=; a=b', is => 200],
    ['another cookie',           cookie => 'a=root-token', is => 200];

run_rows();

__DATA__

=== TEST 1: nginx refuses a token with a control character
--- more_headers eval
"iPlanetDirectoryPro: root-token\x00"
--- error_code: 400
--- response_body_like: <center>nginx
--- redis
KEYS *events => []
