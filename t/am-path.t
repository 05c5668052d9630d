# Contract "Path": the user that a path means. Every row is one call; Redis shows
# afterwards that this user was reset, and no other. Configured realms are in
# am-realms.t.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $devices = 'devices/2fa/oath';
my $alpha   = '/json/realms/root/realms/alpha/users';

# The 404 of a path without a route, and the 400s of invalid paths.
sub no_route ($rest) { return [404, "Resource '$rest' not found"] }

sub no_path ($path, $what) { return [400, "Resource path '$path' contains $what"] }

sub no_realm ($realm) { return [404, qq(Realm "$realm" not found)] }

# Users of one name in many realms.
my $everywhere = join "\n",
    map {"HSET mfa:{$_/demo} uid demo oathDeviceProfiles [1]"}
    ('', qw(/alpha /eu /alpha/eu /alpha/root /alpha/realms /alpha/realms/eu /beta /json /root /a%20b /a+b /r/s));

rows 'the context path before /json is the operator\'s' => {},
    ['none',                  path => "$alpha/demo/$devices", is => 200],
    ['/openam',               path => "/openam$alpha/demo/$devices", is => 200],
    ['/am',                   path => "/am$alpha/demo/$devices", is => 200],
    ['/sso/am',               path => "/sso/am$alpha/demo/$devices", is => 200],
    ['a segment that only begins with json', path => "/jsonp/xjson$alpha/demo/$devices", is => 200],
    ['json in other letters is none', path => "/JSON/users/demo/$devices",
        config => '    location ~ ^ { mfa_reset am; }', is => no_route("JSON/users/demo/$devices")],
    ['without json nothing is there', path => "/am/users/demo/$devices",
        config => '    location ~ ^ { mfa_reset am; }', is => no_route("am/users/demo/$devices")];

rows 'the first whole segment json' => { seed => $everywhere },
    ['a second one is a realm', path => "/openam/json/json/users/demo/$devices", is => 200, resets => '/json/demo'];

rows 'realms/root and the realms below it' => { seed => $everywhere },
    ['the top level',         path => "/json/realms/root/users/demo/$devices", is => 200, resets => '/demo'],
    ['a realm',               path => "/json/realms/root/realms/alpha/users/demo/$devices", is => 200],
    ['a realm in a realm',    path => "/json/realms/root/realms/alpha/realms/eu/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
    ['push',                  path => '/json/realms/root/realms/alpha/users/demo/devices/2fa/push', is => 200,
        redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "factor":"push"'],
    ['push as OpenAM has it', path => '/json/realms/root/realms/alpha/users/demo/devices/push', is => 200,
        redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "factor":"push"'],
    ['and one device of it',  path => '/json/realms/root/realms/alpha/users/demo/devices/push/d569', is => [501, 'Operation is not supported.'], head => 'version'],
    ['oath is not there',     path => '/json/realms/root/realms/alpha/users/demo/devices/oath', is => no_route('users/demo/devices/oath')],
    ['oath',                  is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "factor":"oath"'],
    ['root after root',       path => "/openam/json/realms/root/realms/root/users/demo/$devices", is => 200, resets => '/demo'],
    ['root after a realm is the top level', path => "/json/realms/root/realms/alpha/realms/root/users/demo/$devices",
        is => 200, resets => '/demo'],
    ['a realm after it',      path => "/json/realms/root/realms/beta/realms/Root/realms/alpha/users/demo/$devices", is => 200],
    ['realms is a realm\'s name',          path => "/json/realms/root/realms/alpha/realms/realms/users/demo/$devices",
        is => 200, resets => '/alpha/realms/demo'];

rows 'literals are case-sensitive' => {},
    map({ [$_, path => "/json/realms/root/$_", is => no_route($_)] }
        'Users/demo/devices/2fa/oath', 'users/demo/Devices/2fa/oath', 'users/demo/devices/2FA/oath',
        'Realms/alpha/users/demo/devices/2fa/oath', 'users/demo/devices/2fa/OATH', 'users/demo/devices/2fa/Push', 'users/demo/devices/2fa/binding', 'users/demo/devices/2fa/Webauthn', 'users/demo/devices/trusted/oath'),
    ['Realms', path => "/json/Realms/root/realms/alpha/users/demo/$devices", is => [404, 'User demo not found'], head => 'version',
        redis => 'KEYS *realms* => []'];

rows 'root, realm and user names are not' => {},
    ['ROOT',      path => "/json/realms/ROOT/realms/alpha/users/demo/$devices",  is => 200],
    ['Root',      path => "/json/realms/Root/realms/alpha/users/demo/$devices",  is => 200],
    ['the realm', path => "/json/realms/root/realms/ALPHA/users/demo/$devices",  is => 200],
    ['the user',  path => "$alpha/DEMO/$devices",                                is => 200],
    ['only A to Z', path => "$alpha/%C3%84/$devices", is => 200, resets => '/alpha/%C3%84',
        seed => "HSET mfa:{/alpha/%C3%A4} uid small\nHSET mfa:{/alpha/%C3%84} uid great"];

rows 'a trailing slash is fine' => {},
    ['after oath', path => "$alpha/demo/$devices/", is => 200],
    ['two are an empty segment', path => "$alpha/demo/$devices//",
        is => no_path("$alpha/demo/$devices//", 'empty path elements')];

rows 'realms without root, with no realms configured' => { seed => $everywhere },
    ['realms/alpha',           path => "/json/realms/alpha/users/demo/$devices", is => 200],
    ['realms/alpha/realms/eu', path => "/json/realms/alpha/realms/eu/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
    ['root after a realm',     path => "/json/realms/alpha/realms/root/users/demo/$devices", is => 200, resets => '/demo'],
    ['and a realm after that', path => "/json/realms/beta/realms/ROOT/realms/eu/users/demo/$devices", is => 200, resets => '/eu/demo'];

rows 'the old form in the path' => { seed => $everywhere },
    ['no realm is the top level', path => "/json/users/demo/$devices", is => 200, resets => '/demo'],
    ['one realm',             path => "/json/alpha/users/demo/$devices", is => 200],
    ['a realm in a realm',    path => "/json/r/s/users/demo/$devices", is => 200, resets => '/r/s/demo'],
    ['root is the top level', path => "/json/root/users/demo/$devices", is => 200, resets => '/demo'],
    ['in other letters',      path => "/json/ROOT/users/demo/$devices", is => 200, resets => '/demo'],
    ['root after root',       path => "/json/root/root/alpha/users/demo/$devices", is => 200],
    ['root after a realm',    path => "/json/beta/root/users/demo/$devices", is => 200, resets => '/demo'],
    ['a name with root in it', path => "/json/beta/root%2Fx/users/demo/$devices", is => no_realm('/beta/root/x')],
    ['a user called root',    path => "/json/alpha/users/root/$devices", is => 200, resets => '/alpha/root',
        seed => 'HSET mfa:{/alpha/root} uid root'],
    ['root as user and users as name do not make it the top level', path => "/json/alpha/users/root/users/demo/$devices",
        is => no_route("users/root/users/demo/$devices")],
    ['realms in the middle is one', path => "/json/alpha/realms/eu/users/demo/$devices", is => 200, resets => '/alpha/realms/eu/demo'],
    ['the first users ends it', path => "/json/alpha/users/users/$devices", is => [404, 'User users not found'], head => 'version'];

rows 'the old form in the query' => { path => "/json/users/demo/$devices", seed => $everywhere },
    ['/alpha',                query => '_action=reset&realm=/alpha', is => 200],
    ['without the slash',     query => '_action=reset&realm=alpha', is => 200],
    ['before the action',     query => 'realm=/alpha&_action=reset', is => 200],
    ['a realm in a realm',    query => '_action=reset&realm=/r/s', is => 200, resets => '/r/s/demo'],
    ['encoded',               query => '_action=reset&realm=%2Fr%2Fs', is => 200, resets => '/r/s/demo'],
    ['in other letters',      query => '_action=reset&realm=/ALPHA', is => 200],
    ['the top level',         query => '_action=reset&realm=/', is => 200, resets => '/demo'],
    ['root',                  query => '_action=reset&realm=root', is => 200, resets => '/demo'],
    ['/Root',                 query => '_action=reset&realm=/Root', is => 200, resets => '/demo'],
    ['root and a realm',      query => '_action=reset&realm=/root/r/s', is => 200, resets => '/r/s/demo'],
    ['root after a realm',    query => '_action=reset&realm=/beta/root', is => 200, resets => '/demo'],
    ['empty',                 query => '_action=reset&realm=', is => 200, resets => '/demo'],
    ['empty, after a realm in the path', path => "/json/alpha/users/demo/$devices", query => '_action=reset&realm=', is => 200],
    ['a plus is a blank',     query => '_action=reset&realm=a+b', is => 200, resets => '/a%20b/demo'],
    ['it goes before the path', path => "/json/beta/users/demo/$devices", query => '_action=reset&realm=/alpha', is => 200],
    ['its name has case',     query => '_action=reset&Realm=/alpha', is => 200, resets => '/demo'];

rows 'with the realms/ form the parameter is ignored' => { seed => $everywhere },
    ['with root',             query => '_action=reset&realm=/beta', is => 200],
    ['without root',          path => "/json/realms/alpha/users/demo/$devices", query => '_action=reset&realm=/beta', is => 200],
    ['even where it is none', query => '_action=reset&realm=%FF&realm=//', is => 200];

rows 'segments are split raw and decoded once' => {
    seed => <<~'END' },
        HSET mfa:{/alpha/demo} uid demo
        HSET mfa:{/alpha/a%2Fb} uid a/b
        HSET mfa:{/alpha/a%252fb} uid a%2Fb
        HSET mfa:{/alpha/a+b} uid a+b
        HSET mfa:{/alpha/a%20b} uid 'a b'
        HSET mfa:{/alpha/...} uid ...
        HSET mfa:{/a+b/demo} uid demo
        END
    ['an encoded letter of a name',    path => "$alpha/%64emo/$devices", is => 200],
    ['an encoded letter of a literal', path => '/json/re%61lms/%72oot/realms/al%70ha/us%65rs/demo/devices/2f%61/o%61th', is => 200],
    ['+ is literal in a user',  path => "$alpha/a+b/$devices",     is => 200, resets => '/alpha/a+b'],
    ['+ is literal in a realm', path => "/json/realms/root/realms/a+b/users/demo/$devices", is => 200, resets => '/a+b/demo'],
    ['%20 is a blank',          path => "$alpha/a%20b/$devices",   is => 200, resets => '/alpha/a%20b'],
    ['%2F inside a user is legal', path => "$alpha/a%2Fb/$devices", is => 200, resets => '/alpha/a%2Fb'],
    ['%252F is not decoded twice', path => "$alpha/a%252Fb/$devices", is => 200, resets => '/alpha/a%252fb'],
    ['three dots are a name',   path => "$alpha/.../$devices",     is => 200, resets => '/alpha/...'],
    ['of a target with scheme and host', path => "http://localhost$alpha/demo/$devices", is => 200];

# nginx resolves dots and slashes before it chooses a location; the raw path is judged whatever it chose.
rows 'what no path may hold' => { config => '    location ~ ^ { mfa_reset am; }' },
    map({ my ($what, $path, $complaint) = @$_; [$what, path => $path, is => no_path($path, $complaint)] }
        ['an empty user',        "/openam/json/realms/root/users//$devices", 'empty path elements'],
        ['an empty context',     "//json/users/demo/$devices",               'empty path elements'],
        ['an empty realm',       "/json/realms//users/demo/$devices",        'empty path elements'],
        ['.',                    "/json/users/./$devices",                   "'.' or '..' path elements"],
        ['%2E',                  "/json/users/%2E/$devices",                 "'.' or '..' path elements"],
        ['..',                   "/json/users/a/../$devices",                "'.' or '..' path elements"],
        ['.%2e',                 "/json/users/.%2e/$devices",                "'.' or '..' path elements"],
        ['%2e%2e as a realm',    "/json/realms/root/realms/%2e%2e/users/demo/$devices", "'.' or '..' path elements"],
        ['a user that is not UTF-8', "/json/users/a%FFb/$devices",           'a path element that is not UTF-8'],
        ['half a character',     "/json/users/%C3/$devices",                 'a path element that is not UTF-8'],
        ['a realm that is not UTF-8', "/json/realms/root/realms/%FF/users/demo/$devices", 'a path element that is not UTF-8']),
    ['a realm in the query that is not UTF-8', path => "/json/users/demo/$devices", query => '_action=reset&realm=%FF',
        is => [400, 'The realm is not UTF-8']];

rows 'a name is never a pattern' => {
    seed => <<~'END' },
        HSET mfa:{/alpha/%2A} uid *
        HSET mfa:{/alpha/%5Bd%5Demo%3F} uid [d]emo?
        HSET mfa:{/alpha/demo%7D} uid demo}
        HSET mfa:{/alpha/demo%7D%3Aevents} uid demo}:events
        HSET mfa:{/alpha/demo} uid demo
        END
    ['*',          path => "$alpha/*/$devices",            is => 200, resets => '/alpha/%2A'],
    ['[d]emo?',    path => "$alpha/[d]emo%3F/$devices",    is => 200, resets => '/alpha/%5Bd%5Demo%3F'],
    ['d*',         path => "$alpha/d*/$devices",           is => [404, 'User d* not found'], head => 'version'],
    ['a realm *',  path => "/json/realms/root/realms/*/users/demo/$devices", is => [404, 'User demo not found'], head => 'version'],
    ['the end of a key', path => "$alpha/demo%7D/$devices",  is => 200, resets => '/alpha/demo%7D'],
    ['and its beginning', path => "$alpha/demo}:events/$devices", is => 200, resets => '/alpha/demo%7D%3Aevents'],
    ['a long name', path => "$alpha/" . 'x' x 4000 . "/$devices", seed => 'HSET mfa:{/alpha/' . 'x' x 4000 . '} uid long',
        is => 200, resets => '/alpha/' . 'x' x 4000];

my $uid = 'id=demo,ou=user,o=eu,o=alpha,ou=services,dc=example,dc=com';
my $top = 'id=demo,ou=user,dc=example,dc=com';
rows 'a universal id' => {
    seed => <<~"END" },
        $everywhere
        HSET mfa:{/alpha/doe%2C%20john} uid 'Doe, John'
        HSET mfa:{/alpha/id%3Ddemo} uid id=demo
        HSET mfa:{/alpha/id%3Ddemo%2Cou%3Dgroup%2Co%3Dalpha} uid group
        HSET mfa:{/alpha/id%3Ddemo%2Cou%3Duser%2Cdc%3Dexample%2Cdc%3Dcom} uid odd
        END
    ['o= from the inside out', path => "/json/realms/root/realms/alpha/realms/eu/users/$uid/$devices", is => 200, resets => '/alpha/eu/demo'],
    ['percent-encoded', path => '/json/realms/root/realms/alpha/realms/eu/users/' . $uid =~ s/=/%3D/gr =~ s/,/%2C/gr . "/$devices",
        is => 200, resets => '/alpha/eu/demo'],
    ['none is the top level',  path => "/json/realms/root/users/$top/$devices", is => 200, resets => '/demo'],
    ['cut short',              path => "/json/realms/root/users/id=demo,ou=user/$devices", is => 200, resets => '/demo'],
    ['in other letters',       path => "/json/realms/root/realms/Alpha/users/ID=Demo,OU=User,O=ALPHA,ou=services/$devices", is => 200],
    ['in the old form',        path => "/json/users/id=demo,ou=user,o=alpha,ou=services/$devices", query => '_action=reset&realm=/alpha', is => 200],
    ['of the realms the other way round', path => "/json/realms/root/realms/eu/realms/alpha/users/$uid/$devices",
        is => [404, "User $uid not found"], head => 'version'],
    ['of a realm above',       path => "$alpha/$top/$devices", is => [404, "User $top not found"], head => 'version'],
    ['of a realm below',       path => "$alpha/$uid/$devices", is => [404, "User $uid not found"], head => 'version'],
    ['of a realm beside',      path => "/json/realms/root/realms/beta/users/id=demo,ou=user,o=alpha,ou=services/$devices",
        is => [404, 'User id=demo,ou=user,o=alpha,ou=services not found'], head => 'version'],
    ['of another realm, asked by that user', path => "/json/realms/root/realms/beta/users/id=demo,ou=user,o=alpha,ou=services/$devices",
        token => 'demo-token',
        is => [403, 'User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['with a comma in the name', path => "$alpha/id=Doe%5C%2C%20John,ou=user,o=alpha,ou=services/$devices",
        is => 200, resets => '/alpha/doe%2C%20john'],
    ['what only begins like one', path => "$alpha/id=demo/$devices", is => 200, resets => '/alpha/id%3Ddemo'],
    ['what is a group\'s',     path => "$alpha/id=demo,ou=group,o=alpha/$devices", is => 200,
        resets => '/alpha/id%3Ddemo%2Cou%3Dgroup%2Co%3Dalpha'];

rows 'with no realms configured every well-formed realm is accepted' => {},
    ['one that nobody knows',  path => "/json/realms/root/realms/nosuch/users/demo/$devices", is => [404, 'User demo not found'], head => 'version'],
    ['a slash is not well-formed', path => "/json/realms/root/realms/al%2Fpha/users/demo/$devices", is => no_realm('/al/pha')],
    ['nor without root',       path => "/json/realms/al%2Fpha/users/demo/$devices", is => no_realm('/al/pha')],
    ['nor in the old form',    path => "/json/al%2Fpha/users/demo/$devices", is => no_realm('/al/pha')],
    ['nor a line feed',        path => "/json/realms/root/realms/a%0Ab/users/demo/$devices", is => no_realm("/a\nb")],
    ['nor an empty name in the query', path => "/json/users/demo/$devices", query => '_action=reset&realm=/alpha//eu', is => no_realm('/alpha//eu')],
    ['nor dots in the query',  path => "/json/users/demo/$devices", query => '_action=reset&realm=/alpha/..', is => no_realm('/alpha/..')],
    ['told before authentication', path => "/json/realms/root/realms/al%2Fpha/users/demo/$devices", token => undef, is => no_realm('/al/pha')];

rows 'an action on an instance' => {},
    ['/oath/{uuid}',           path => "$alpha/demo/$devices/d569bb53", is => [501, 'Operation is not supported.'], head => 'version'],
    ['and a slash',            path => "$alpha/demo/$devices/d569bb53/", is => [501, 'Operation is not supported.'], head => 'version'],
    ['with another action',    path => "$alpha/demo/$devices/d569bb53", query => '_action=other', is => [501, 'Operation is not supported.'], head => 'version'],
    ['without a token',        path => "$alpha/demo/$devices/d569bb53", token => undef, is => [401, 'Access Denied']],
    ['deeper',                 path => "$alpha/demo/$devices/a/b",   is => no_route('a/b')],
    ['deeper still',           path => "$alpha/demo/$devices/a/b/c", is => no_route('a/b/c')],
    ['as it was sent',         path => "$alpha/demo/$devices/a/b%2Fc", is => no_route('a/b%2Fc')];

rows 'nothing is there' => {},
    map { ["realms/root/$_", path => "/json/realms/root/$_", is => no_route($_)] }
        'users/demo/devices/2fa', 'users/demo', 'users', '', 'sessions';

run_rows();
