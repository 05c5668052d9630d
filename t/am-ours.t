# Contract "What is ours" without a fallback: what nginx itself refuses, and that
# the raw request target counts.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $alpha   = '/json/realms/root/realms/alpha/users';
my $devices = 'devices/2fa/oath';
my $html    = '<center>nginx';

rows 'nginx refuses before it chooses a location' => { like => $html, head => undef },
    ['bad encoding in the path', path => "$alpha/%g0/$devices", is => 400],
    ['half of one',              path => "$alpha/%4/$devices", is => 400],
    ['NUL in the path',          path => "$alpha/a%00b/$devices", is => 400],
    ['dots above the root',      path => "/..$alpha/demo/$devices", is => 400],
    ['TRACE',                    method => 'TRACE', body => undef, is => 405],
    ['a header line that is too long', more => 'X: ' . 'x' x 9000, is => 400],
    ['a path that is too long',  path => "$alpha/" . 'x' x 9000 . "/$devices", is => 414];

rows 'nginx refuses a body beyond its own limit' => { like => $html, head => undef },
    ['whatever the body is', config => '    location ~ /json/ { client_max_body_size 1k; mfa_reset am; }', body => 'x' x 2000, is => 413];

rows 'without a fallback the rest gets AM\'s answers' => {},
    ['another resource',         path => '/openam/json/realms/root/serverinfo/version', is => [404, q(Resource 'serverinfo/version' not found)]],
    ['another path',             path => '/openam/json', config => '    location /openam { mfa_reset am; }', is => [404, q(Resource '' not found)]],
    ['GET',                      method => 'GET', body => undef, query => undef, is => [400, 'The resource collection  cannot be read']];

my $raw = { seed => "HSET mfa:{/alpha/a%2Fb} uid a/b\nHSET mfa:{/beta/demo} uid demo", is => 200, resets => '/alpha/a%2Fb', path => "/x$alpha/a%2Fb/$devices" };
rows 'raw is the client\'s request target' => $raw,
    ['after a rewrite to another path', config => '    location /x/ { rewrite ^ /y last; } location /y { mfa_reset am; }'],
    ['after a rewrite to another user', config => '    location /x/ { rewrite ^ /json/beta/users/demo/devices/2fa/push last; } location /json/ { mfa_reset am; }'],
    ['after a rewrite of the query',    config => '    location /x/ { rewrite ^ /y?_action=other? last; } location /y { mfa_reset am; }'],
    ['after a rewrite that stays',      config => '    location /x/ { rewrite ^ /y break; mfa_reset am; }'],
    ['in a named location',             config => '    location /x/ { try_files /nonexistent @edge; } location @edge { mfa_reset am; }'],
    ['where the location has another letter case', config => '    location ~* ^/X/ { mfa_reset am; }'],
    ['in HTTP/1.0',                     request => "POST /x$alpha/a%2Fb/$devices?_action=reset HTTP/1.0\n{}"];

run_rows();
