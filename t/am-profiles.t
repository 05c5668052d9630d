# Contract "Beside AM", profiles: if AM's own store has the devices, all checks and refusals are made
# here, and AM does the reset and responds. What reaches AM byte for byte, and that a refused request
# never does, is in t/process/test_beside_am.py.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::BesideAm;

my $devices = '/openam/json/realms/root/realms/alpha/users/demo/devices/2fa/oath';
my %beside  = (http_config => am_behind(), config => edge('mfa_reset_am_profiles am;'), path => $devices);
my $event   = '"action":"forwarded","api":"am","caller":"id=amAdmin,ou=user,dc=example,dc=com","factor":"oath","ip":"127\.0\.0\.1","request":"[0-9a-f]{32}"';
my $record  = '{"oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}';

my $am_head = 'HTTP/1\.1 200 OK\r\nServer: nginx[^\r]*\r\nDate: [^\r]+ GMT\r\nContent-Type: text/plain\r\n'
    . 'Content-Length: \d+\r\nConnection: (?:close|keep-alive)\r\nX-Result: forwarded\r\n\z';

# Short for a row that AM answers.
sub goes_on ($name, %row) {
    my $target = ($row{path} // $devices) . '?' . ($row{query} // '_action=reset');
    my $body   = exists $row{body} ? $row{body} : '{}';
    return [$name, resets => '/alpha/demo', redis => "HGETALL mfa:{/alpha/demo} => $record", %row,
        is => 200, head => undef, raw_response_headers_like => $am_head,
        text => echo('POST', $target, type => exists $row{type} ? $row{type} : 'application/json', length => length $body || '')];
}

rows 'AM does the reset' => { %beside },
    goes_on('for an administrator', redis => "HGETALL mfa:{/alpha/demo} => $record\nXRANGE mfa:{/alpha/demo}:events - + => ~ ^\\[\\{$event\\}\\]\$"),
    goes_on('for the user',      token => 'demo-token'),
    goes_on('with a cookie',     token => undef, cookie => 'iPlanetDirectoryPro=root-token'),
    goes_on('whom the store does not know', path => '/openam/json/alpha/users/nosuch/devices/2fa/oath', resets => '/alpha/nosuch'),
    goes_on('nor as the user',   token => 'demo-token', seed => '', redis => 'EXISTS mfa:{/alpha/demo} => 0'),
    goes_on('with any body',     body => '"<object>"'),
    goes_on('with none',         body => '', type => undef),
    goes_on('pretty',            query => '_prettyPrint=true&_action=reset'),
    goes_on('by the target as it was sent', path => '/openam/json/realms/root/realms/%61lpha/users/demo/devices/2fa/oath/', query => '_action=reset&x=a%2Fb'),
    goes_on('by a universal id', path => '/openam/json/alpha/users/id=demo,ou=user,o=alpha,ou=services/devices/2fa/oath'),
    goes_on('without a version', version => undef);

my $eve = [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.'];
rows 'what is refused, is refused here' => { %beside },
    ['a query\'s action twice',  query => '_action=reset&_action=reset', is => [400, q(Multiple values provided for the single-valued request parameter '_action')]],
    ['CSRF',                     token => undef, version => undef, cookie => 'iPlanetDirectoryPro=root-token', is => [403, 'Forbidden'], head => 'warning'],
    ['a malformed version',      version => 'v1', is => 400, text => 'Version string is in an invalid format: v1', head => 'untyped'],
    ['another protocol',         version => 'protocol=3.0,resource=1.0', is => [400, 'Unsupported major version: 3.0']],
    ['another content type',     type => 'text/xml', is => [400, q(The request could not be processed because it specified the content-type 'text/xml' when only the content-type 'application/json' and 'multipart/form-data' are supported)]],
    ['a condition',              more => 'If-Match: *', is => [412, 'If-Match not supported for POST requests']],
    ['a body that is no JSON',   body => '{} x', is => [400, 'The request could not be processed because there is trailing data after the JSON content']],
    ['a body that is too large', body => 'x' x 70_000, is => [413, 'The request content is larger than 65536 bytes']],
    ['no token',                 token => undef, is => [401, 'Access Denied']],
    ['an unknown one',           token => 'nobody-token', is => [401, 'Access Denied']],
    ['somebody else',            token => 'eve-token', is => $eve],
    ['somebody else, another version', token => 'eve-token', version => 'resource=2.0', is => $eve],
    ['another version',          version => 'resource=2.0', is => [404, q(Resource '' not found)]],
    ['a user of another realm',  path => '/openam/json/alpha/users/id=demo,ou=user,o=beta,ou=services/devices/2fa/oath',
        is => [404, 'User id=demo,ou=user,o=beta,ou=services not found'], head => 'version'];

rows 'realms that are listed' => { %beside, config => edge('mfa_reset_am_profiles am; mfa_reset_am_realm /alpha;') },
    ['another one', path => '/openam/json/realms/root/realms/beta/users/demo/devices/2fa/oath', is => [404, 'Realm "/beta" not found']],
    goes_on('this one');
rows 'users may be kept from their own' => { %beside, config => edge('mfa_reset_am_profiles am; mfa_reset_am_self off;') },
    ['the user',                 token => 'demo-token', is => [403, 'User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    goes_on('an administrator');
rows 'no version is no default' => { %beside, config => edge('mfa_reset_am_profiles am; mfa_reset_am_default_version none;') },
    ['none is asked for',        version => undef, is => [404, q(Resource '' not found)], head => 'warning'];
rows 'without events' => { %beside, config => edge('mfa_reset_am_profiles am; mfa_reset_events_length 0;') },
    goes_on('it goes on', resets => []);
rows 'what is no reset' => { %beside, config => edge('mfa_reset_am_profiles am;') },
    ['is a fallback', method => 'GET', query => undef, body => undef, is => 200, text => echo('GET', $devices, type => 'application/json'),
        resets => [], head => undef, raw_response_headers_like => $am_head =~ s/forwarded/fallback/r];
rows 'where the event cannot be written' => { %beside },
    ['nothing goes on', seed => 'SET mfa:{/alpha/demo}:events x', resets => '/alpha/demo', is => [500, 'Internal Server Error'], head => 'version'];
rows 'where Redis is not there' => { %beside, http_config => "mfa_reset_redis unix:/nosuch/redis.sock;\n" . am_behind() },
    ['nothing goes on', is => [503, 'Service Unavailable'], head => 'version, retry'];
rows 'sessions in AM, too' => { %beside, session => '',
        http_config => am_behind(sessions_of('root-token' => '{"username":"amAdmin","realm":"/","universalId":"id=amAdmin,ou=user,dc=example,dc=com"}', 'eve-token' => '{"username":"eve","realm":"/alpha"}')),
        config      => edge('mfa_reset_am_profiles am; mfa_reset_am_session subrequest=/am-session; mfa_reset_am_admin amAdmin;', session_location()) },
    goes_on('an administrator', redis => "HGETALL mfa:{/alpha/demo} => $record\nXRANGE mfa:{/alpha/demo}:events - + => ~ ^\\[\\{$event\\}\\]\$"),
    ['somebody else',            token => 'eve-token', is => [403, 'User, id=eve, not authorized.']],
    ['nobody',                   token => 'nobody-token', is => [401, 'Access Denied']];

run_rows();

__DATA__

=== TEST 1: the response is AM's, whatever its status
--- http_config eval: MfaReset::BesideAm::am_behind('location ~ /push { add_header X-Own yes always; return 500 "AM is not well\n"; }')
--- config eval: MfaReset::BesideAm::edge('mfa_reset_am_profiles am;')
--- request
POST /openam/json/alpha/users/demo/devices/2fa/push?_action=reset
{}
--- error_code: 500
--- response_headers
X-Own: yes
X-Result: forwarded
!Content-API-Version
!Cache-Control
--- response_body
AM is not well
--- redis
XRANGE mfa:{/alpha/demo}:events - + => ~ "action":"forwarded".*"factor":"push"



=== TEST 2: a forwarded reset is no refusal
--- http_config eval: MfaReset::BesideAm::am_behind()
--- config eval: MfaReset::BesideAm::edge('mfa_reset_am_profiles am;')
--- request
POST /openam/json/alpha/users/demo/devices/2fa/push?_action=reset
{}
--- error_code: 200
--- no_error_log
mfa_reset: refused
[error]
