# Contract "Responses": the bodies of errors, the headers that must and must not be
# there, and the responses when the store fails (more of that in am-store.t;
# injection by names is in am-injection.t).
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $alpha = '/json/realms/root/realms/alpha/users';

# Everything of the answer, byte for byte, but what nginx itself adds.
my $common = <<'END';
Cache-Control: private
Expires: 0
Pragma: no-cache
X-Content-Type-Options: nosniff
X-Frame-Options: SAMEORIGIN
Content-Security-Policy: default-src 'none';frame-ancestors 'none';sandbox
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
!ETag
!Last-Modified
!Accept-Ranges
!WWW-Authenticate
!Set-Cookie
!Vary
!X-Powered-By
!Transfer-Encoding
END

sub headers (%of) {
    my %all = ('Content-Type' => 'application/json;charset=UTF-8', map({ $_ => undef } 'Content-API-Version', 'Warning', 'Retry-After', 'Allow'), %of);
    return $common . join '', map { defined $all{$_} ? "$_: $all{$_}\n" : "!$_\n" } sort keys %all;
}
my %version = ('Content-API-Version' => 'resource=1.0');
my %warning = (Warning => '100 chf "Accept-API-Version should be included in the request."');

rows 'headers that are there and that are not' => {},
    ['200',                      is => 200, response_headers => headers(%version)],
    ['200 without a version',    version => undef, is => 200, head => 'warning, version', response_headers => headers(%version, %warning)],
    ['400 of the query\'s encoding', query => '%', is => 400, text => 'The request has a bad percent-encoding', head => 'text',
        response_headers => headers('Content-Type' => 'text/plain;charset=UTF-8')],
    ['400 of the version\'s syntax', version => 'v1', is => 400, text => 'Version string is in an invalid format: v1', head => 'untyped',
        response_headers => headers('Content-Type' => undef)],
    ['400 of the syntax',        query => '_action=reset&_mimeType', is => [400, "Unrecognized request parameter '_mimeType'"], response_headers => headers()],
    ['401',                      token => undef, is => [401, 'Access Denied'], response_headers => headers()],
    ['401 without a version',    token => undef, version => undef, is => [401, 'Access Denied'], head => 'warning', response_headers => headers(%warning)],
    ['403 of CSRF',              token => undef, version => undef, cookie => 'iPlanetDirectoryPro=root-token', is => [403, 'Forbidden'], head => 'warning',
        response_headers => headers(%warning)],
    ['403',                      token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.'], response_headers => headers()],
    ['404 of the realm',         path => '/json/a%2Fb/users/demo/devices/2fa/oath', is => [404, 'Realm "/a/b" not found'], response_headers => headers()],
    ['404 of the version',       version => 'resource=2.0', is => [404, q(Resource '' not found)], response_headers => headers()],
    ['404 of the path',          path => '/json/nosuch', is => [404, q(Resource 'nosuch' not found)], response_headers => headers()],
    ['404 of the user',          path => "$alpha/nosuch/devices/2fa/oath", is => [404, 'User nosuch not found'], head => 'version', response_headers => headers(%version)],
    ['409',                      more => 'If-Modified-Since: x', is => [409, 'Header If-Modified-Since not supported'], response_headers => headers()],
    ['412',                      more => 'If-Match: x', is => [412, 'If-Match not supported for POST requests'], response_headers => headers()],
    ['413',                      body => 'x' x 65537, is => [413, 'The request content is larger than 65536 bytes'], response_headers => headers()],
    ['500',                      seed => 'SET mfa:{/alpha/demo} text', is => [500, 'Internal Server Error'], head => 'version', response_headers => headers(%version)],
    ['501 of the method',        method => 'COPY', is => [501, 'Method COPY not supported'], response_headers => headers()],
    ['501 of the action',        query => '_action=other', is => [501, 'Not Implemented'], head => 'version', response_headers => headers(%version)],
    ['501 without an action',    query => undef, is => [501, 'Operation is not supported.'], head => 'version', response_headers => headers(%version)],
    ['503',                      http_config => '    mfa_reset_redis unix:/nonexistent/redis.sock;', is => [503, 'Service Unavailable'], head => 'version, retry',
        response_headers => headers(%version, 'Retry-After' => 1)],
    ['503 of a version that is not served', http_config => '    mfa_reset_redis unix:/nonexistent/redis.sock;', version => 'resource=2.0', is => [503, 'Service Unavailable'],
        head => 'retry', response_headers => headers('Retry-After' => 1)],
    ['OPTIONS',                  method => 'OPTIONS', body => undef, is => 200, text => '', head => 'allow', resets => [],
        response_headers => headers(Allow => 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT')];

rows 'the body of an error' => {},
    ['code, reason, message; compact', is => 404, head => 'version', path => "$alpha/nosuch/devices/2fa/oath",
        text => '{"code":404,"reason":"Not Found","message":"User nosuch not found"}'],
    ['and the detail',           body => '{x', is => 400, text => '{"code":400,"reason":"Bad Request","message":"The request could not be processed because'
            . ' the provided content is not valid JSON","detail":"line 1, column 2"}'],
    ['is not HTML-escaped',      type => q(text/<b>&"x"), is => 400, text => '{"code":400,"reason":"Bad Request","message":"The request could not be processed because it'
            . q( specified the content-type 'text/<b>&\"x\"' when only the content-type 'application/json' and 'multipart/form-data' are supported"})],
    ['slashes are not escaped, backslashes are', path => "$alpha/a%2Fb%5Cc/devices/2fa/oath", is => 404, head => 'version',
        text => '{"code":404,"reason":"Not Found","message":"User a/b\\\\c not found"}'],
    ['UTF-8 stays UTF-8',        path => "$alpha/%C3%A4/devices/2fa/oath", is => [404, "User \xc3\xa4 not found"], head => 'version'];

rows 'the store' => {},
    ['is not reachable',         http_config => '    mfa_reset_redis unix:/nonexistent/redis.sock;', is => [503, 'Service Unavailable'], head => 'version, retry',
        redis => 'HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"'],
    ['answers wrongly of the user', seed => 'SET mfa:{/alpha/demo} text', is => [500, 'Internal Server Error'], head => 'version', redis => 'GET mfa:{/alpha/demo} => "text"'],
    ['answers wrongly of the session', session => '', seed => "SET mfa:session:sha256(root-token) text\nHSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]",
        is => [500, 'Internal Server Error'], head => 'version', redis => 'HGET mfa:{/alpha/demo} oathDeviceProfiles => "[1]"'],
    ['answers wrongly of the events: neither the event nor the reset', seed => "SET mfa:{/alpha/demo}:events text\nHSET mfa:{/alpha/demo} uid demo oathDeviceProfiles [1]",
        is => [500, 'Internal Server Error'], head => 'version', resets => '/alpha/demo', redis => 'HGETALL mfa:{/alpha/demo} => {"oathDeviceProfiles":"[1]","uid":"demo"}'];

run_rows();
