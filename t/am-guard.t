# Contract "Beside AM", "Malformed where a reset is meant": with the devices in AM, what is malformed and
# could be an action on devices is refused at once, and AM never sees it. What AM sees is told by the
# stand-in: its own answer is another.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::BesideAm;

my $user    = '/openam/json/realms/root/realms/alpha/users/demo';
my $devices = "$user/devices/2fa/oath";
my $guarded = edge('mfa_reset_am_profiles am;');
my %guard   = (http_config => am_behind(), config => $guarded, path => $devices);

sub bad_path ($path, $what) { return (path => $path, is => [400, "Resource path '$path' contains $what"]) }

my $semicolon = 'a semicolon';
my $twice    = [400, q(Multiple values provided for the single-valued request parameter '_action')];
my @encoding = (is => 400, text => 'The request has a bad percent-encoding', head => 'text');

# Without a token: it is refused before anybody asks who sent it.
rows 'a guard that is unsure refuses' => { %guard, token => undef, redis => 'KEYS *events* => []' },
    ['an empty segment',         bad_path("$user//devices/2fa/oath", 'empty path elements')],
    ['a dot',                    bad_path("$user/./devices/2fa/oath", "'.' or '..' path elements")],
    ['dots',                     bad_path("$user/x/../devices/2fa/oath", "'.' or '..' path elements")],
    ['encoded dots',             bad_path("$user/%2e%2e/demo/devices/2fa/oath", "'.' or '..' path elements")],
    ['a semicolon after the user', bad_path("$user;x=1/devices/2fa/oath", $semicolon)],
    ['after devices',            bad_path("$user/devices;x/2fa/oath", $semicolon)],
    ['after users',              bad_path('/openam/json/users;a=b/demo/devices/2fa/oath', $semicolon)],
    ['after json',               bad_path('/openam/json;/users/demo/devices/2fa/oath', $semicolon), config => $guarded =~ s{/openam/json/}{/openam/}r],
    ['at the end',               bad_path("$devices;", $semicolon)],
    ['encoded',                  bad_path("$user%3Bx/devices/2fa/oath", $semicolon)],
    ['encoded, in small letters', bad_path("$user/devices%3bx/2fa/oath", $semicolon)],
    ['for another action on devices', bad_path("$user/devices/trusted;x", $semicolon), query => '_action=other'],
    ['segments encoded',         bad_path('/openam/json/us%65rs/demo/d%65vices//2fa/oath', 'empty path elements')],
    ['a name that is not UTF-8', bad_path("$user%FF/devices/2fa/oath", 'a path element that is not UTF-8')],
    ['the action twice',         query => '_action=reset&_action=reset', is => $twice],
    ['another one first',        query => '_action=other&_action=reset', is => $twice],
    ['in other letters',         query => '_action=other&_ACTION=reset', is => $twice],
    ['encoded action twice',     query => '%5faction=other&_action=reset', is => $twice],
    ['on other devices',         path => "$user/devices/trusted", query => '_action=a&_action=b', is => $twice],
    ['a query with a bad encoding', query => '_action=reset&x=%zz', @encoding],
    ['an action with one',       query => '%5Faction=res%et', @encoding],
    ['before CSRF',              path => $devices, cookie => 'iPlanetDirectoryPro=demo-token', version => undef,
        query => '_action=a&_action=b', is => $twice, head => 'warning'],
    ['before the version\'s syntax', version => 'v1', query => '_action=a&_action=b', is => $twice],
    ['in an unknown realm',      path => '/openam/json/realms/root/realms/nosuch/users/demo/devices/2fa/oath',
        config => edge('mfa_reset_am_profiles am; mfa_reset_am_realm /alpha;'), query => '_action=a&_action=b', is => $twice],
    ['a body that is read',      query => '_action=a&_action=b', body => '{"a":' x 100, is => $twice],
    ['overridden to something else', more => 'X-HTTP-Method-Override: GET', bad_path("$user;/devices/2fa/oath", $semicolon)];

sub falls_back ($name, %row) {
    my $target = ($row{path} // $devices) . (defined $row{query} ? "?$row{query}" : '?_action=reset');
    my $method = $row{method} // 'POST';
    my $body   = exists $row{body} ? $row{body} : '{}';
    return [$name, %row, is => 200, head => undef, resets => [],
        text => echo($method, $target, type => 'application/json', length => defined $body ? length $body : '')];
}

rows 'what cannot be meant so is handed on' => { %guard },
    falls_back('a GET',          method => 'GET', path => "$user;x/devices/2fa/oath", body => undef),
    falls_back('no action',      path => "$user/devices;x/2fa/oath", query => '_queryFilter=true'),
    falls_back('no devices',     path => "$user;x/groups", query => '_action=reset'),
    falls_back('no users',       path => '/openam/json/realms/root/realms/alpha;x/devices', query => '_action=reset'),
    falls_back('a word that only begins with devices', path => "$user/devicesX;/2fa/oath"),
    falls_back('well formed, another action', query => '_action=other');

rows 'with the devices in Redis it is AM\'s' => { %guard, config => edge('mfa_reset_am_profiles redis;') },
    falls_back('a semicolon after devices', path => "$user/devices;x/2fa/oath"),
    falls_back('an empty segment', path => "$user//devices/2fa/oath"),
    falls_back('a bad encoding', query => '_action=reset&x=%zz');

rows 'a good one is forwarded' => { %guard, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "action":"forwarded"' },
    ['as before', is => 200, head => undef, resets => '/alpha/demo', text => echo('POST', "$devices?_action=reset", type => 'application/json', length => 2)];

run_rows();
