# Contract am_devices.md, "Three reads beside AM's": getSessionInfo, if sessions are in Redis.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $never = '9999-12-31T23:59:59Z';
my $id    = 'id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com';
my $time  = '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ';

sub info ($user, $universal_id, $realm, $properties = '', $end = $never) {
    return qq(\\A\\{"username":"\Q$user\E","universalId":"\Q$universal_id\E","realm":"$realm","latestAccessTime":"$time",)
        . qq("maxIdleExpirationTime":"$end","maxSessionExpirationTime":"$end","properties":\\{$properties\\}\\}\\z);
}

my %call = (path => '/json/sessions', query => '_action=getSessionInfo', token => 'demo-token', version => 'resource=1.0', resets => [], body => undef);

rows 'the session of the token' => { %call, is => 200, like => info('demo', $id, '/alpha') },
    ['without a body'],
    ['with an empty object', body => '{}'],
    map({ ["at $_", path => $_] } '/openam/json/realms/root/sessions', '/json/realms/root/realms/alpha/sessions/', '/am/json/alpha/sessions', '/json/realms/root/realms/other/sessions'),
    ['with a realm parameter', query => 'realm=/alpha&_action=getSessionInfo'],
    ['of another user', token => 'eve-token', like => info('eve', $id =~ s/demo/eve/r, '/alpha')],
    ['of the top realm', token => 'root-token', like => info('amAdmin', 'id=amAdmin,ou=user,dc=example,dc=com', '/')],
    ['without a universal id', session => 'demo-token user de"mo realm /alpha', like => info('de\\"mo', 'id=de\\"mo', '/alpha')],
    ['with a level', session => "demo-token user demo realm /alpha universalId $id authLevel 10", like => info('demo', $id, '/alpha', '"AuthLevel":"10"')],
    ['that ends', session => "demo-token ttl 3600 user demo realm /alpha universalId $id", like => info('demo', $id, '/alpha', '', '20\d\d-[^"]+Z')],
    ['by the cookie', token => undef, cookie => 'iPlanetDirectoryPro=demo-token'],
    ['pretty', query => '_action=getSessionInfo&_prettyPrint=true', like => qq(\\A\\{\n  "username" : "demo",\n(?s:.*)\n  "properties" : \\{ \\}\n\\}\\z)],
    ['pretty with a level', session => "demo-token user demo realm /alpha universalId $id authLevel 10", query => '_action=getSessionInfo&_prettyPrint=true',
        like => qq(  "properties" : \\{\n    "AuthLevel" : "10"\n  \\}\n\\}\\z)];

rows 'versions' => { %call, is => 200, like => info('demo', $id, '/alpha'), head => 'session' },
    map({ my $n = $_; ["resource=$_", version => "resource=$_, protocol=1.0", response_headers => 'Content-API-Version: resource=' . ($n =~ /\./ ? $n : "$n.0")] }
        '1.0', '2', '2.0', '2.1', '3.1', '4.0', '5.0'),
    ['none', version => undef, head => 'warning, session', response_headers => 'Content-API-Version: resource=5.0'],
    ['the oldest', version => undef, head => 'warning, session', response_headers => 'Content-API-Version: resource=1.0',
        config => '    location ~ /json/ { mfa_reset am; mfa_reset_am_default_version oldest; }'];
rows 'versions' => { %call, is => [404, q(Resource '' not found)] },
    map({ ["resource=$_", version => "resource=$_"] } '5.1', '6.0', '0.9', '0.0'),
    ['none, and none is the default', version => undef, head => 'warning', config => '    location ~ /json/ { mfa_reset am; mfa_reset_am_default_version none; }'];

rows 'refused' => { %call },
    ['no token', token => undef, is => [401, 'Access Denied']],
    ['a malformed one', token => 'a b', is => [401, 'Access Denied']],
    ['an unknown one', token => 'nobody-token', is => [401, 'Access Denied']],
    ['a version is told only with a session', token => 'nobody-token', version => 'resource=6.0', is => [401, 'Access Denied']],
    ['a session without a user', session => 'demo-token realm /alpha', is => [401, 'Access Denied']],
    ['a session without a realm', session => 'demo-token user demo', is => [401, 'Access Denied']],
    ['a bearer token', token => undef, more => 'Authorization: Bearer demo-token', is => [401, 'Access Denied']],
    ['CSRF', token => undef, version => undef, cookie => 'iPlanetDirectoryPro=demo-token', is => [403, 'Forbidden'], head => 'warning'],
    map({ ["a tokenId in the body: $_", body => $_, is => [400, 'The request could not be processed because a session is not looked up by tokenId']] }
        '{"tokenId":"root-token"}', '{"a":1,"tokenId":null}', '{"token\u0049d":"x"}'),
    ['not JSON', body => '{', is => [400, 'The request could not be processed because the provided content is not valid JSON', 'line 1, column 1']],
    ['no such realm', path => '/json/realms/root/realms/b%2Fc/sessions', is => [404, 'Realm "/b/c" not found']],
    ['another action', query => '_action=logout', is => [404, q(Resource 'sessions' not found)]],
    ['no action', query => undef, is => [404, q(Resource 'sessions' not found)]],
    ['GET', method => 'GET', query => undef, is => [404, q(Resource 'sessions' not found)]],
    ['one session', path => '/json/sessions/a', is => [404, q(Resource 'sessions/a' not found)]],
    ['off', config => '    location ~ /json/ { mfa_reset am; mfa_reset_am_devices off; }', is => [404, q(Resource 'sessions' not found)]];

run_rows();
