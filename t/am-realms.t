# Contract "Path", if the configuration lists the realms that exist
# (mfa_reset_am_realm): unknown realms, aliases, last names, every form of the
# path; how the list is inherited; and what `nginx -t` refuses.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $devices = 'devices/2fa/oath';

sub no_realm ($realm) { return [404, qq(Realm "$realm" not found)] }

# A location that serves with these directives.
sub serving (@directives) {
    return "    location ~ /json/ {\n        mfa_reset am;\n" . join('', map {"        $_;\n"} @directives) . "    }\n";
}

my @realms = (
    'mfa_reset_am_realm /alpha alias=customers alias=Kunden',
    'mfa_reset_am_realm /alpha/eu',
    'mfa_reset_am_realm /beta/eu',
    'mfa_reset_am_realm /beta/us alias=usa',
    'mfa_reset_am_realm /users',
);
my $everywhere = join "\n", map {"HSET mfa:{$_/demo} uid demo oathDeviceProfiles [1]"} '', qw(/alpha /alpha/eu /beta /beta/eu /beta/us /users);
my $listed     = { config => serving(@realms), seed => $everywhere };

rows 'a realm that is listed' => $listed,
    ['is there',              path => "/json/realms/root/realms/alpha/users/demo/$devices", is => 200],
    ['in other letters',      path => "/json/realms/root/realms/ALPHA/users/demo/$devices", is => 200],
    ['is there below another', path => "/json/realms/root/realms/alpha/realms/eu/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
    ['is there where the one above is not', path => "/json/realms/root/realms/beta/realms/eu/users/demo/$devices", is => 200, resets => '/beta/eu/demo'],
    ['the top level always is', path => "/json/realms/root/users/demo/$devices", is => 200, resets => '/demo'];

rows 'an unknown realm' => $listed,
    ['is not found',          path => "/json/realms/root/realms/nosuch/users/demo/$devices", is => no_realm('/nosuch'),
        log => 'mfa_reset: refused am: realm, caller "", target "/nosuch/demo", reason "Realm \x22/nosuch\x22 not found"'],
    ['before authentication', path => "/json/realms/root/realms/nosuch/users/demo/$devices", token => undef, is => no_realm('/nosuch')],
    ['after CSRF',            path => "/json/realms/root/realms/nosuch/users/demo/$devices", token => undef, version => undef,
        cookie => 'iPlanetDirectoryPro=root-token', is => [403, 'Forbidden'], head => 'warning'],
    ['after the version\'s syntax', path => "/json/realms/root/realms/nosuch/users/demo/$devices", version => 'v1',
        is => 400, text => 'Version string is in an invalid format: v1', head => 'untyped'],
    ['before CREST\'s syntax', path => "/json/realms/root/realms/nosuch/users/demo/$devices", body => '{', is => no_realm('/nosuch')],
    ['also on a path that nothing is at', path => '/json/realms/root/realms/nosuch/sessions', is => no_realm('/nosuch')],
    ['one that begins like a listed one', path => "/json/realms/root/realms/alph/users/demo/$devices", is => no_realm('/alph')],
    ['one that a listed one begins like', path => "/json/realms/root/realms/alphabet/users/demo/$devices", is => no_realm('/alphabet')],
    ['one that is only above listed ones', path => "/json/realms/root/realms/beta/users/demo/$devices", is => no_realm('/beta')],
    ['one below a listed one', path => "/json/realms/root/realms/alpha/realms/us/users/demo/$devices", is => no_realm('/alpha/us')],
    ['an alias after root',   path => "/json/realms/root/realms/customers/users/demo/$devices", is => no_realm('/customers')],
    ['a last name after root', path => "/json/realms/root/realms/us/users/demo/$devices", is => no_realm('/us')],
    ['one that is not ASCII', path => "/json/realms/root/realms/%C3%A4/users/demo/$devices", is => no_realm("/\xc3\xa4")],
    ['a listed path with its slash encoded', path => "/json/realms/root/realms/alpha%2Feu/users/demo/$devices", is => no_realm('/alpha/eu')],
    ['pretty',                path => "/json/realms/root/realms/nosuch/users/demo/$devices", query => '_action=reset&_prettyPrint=true',
        is => 404, text => qq({\n  "code" : 404,\n  "reason" : "Not Found",\n  "message" : "Realm \\"/nosuch\\" not found"\n})];

rows 'realms/{r} without root' => $listed,
    ['an alias',              path => "/json/realms/customers/users/demo/$devices", is => 200],
    ['another alias, in other letters', path => "/json/realms/kunden/users/demo/$devices", is => 200],
    ['an alias of a realm below', path => "/json/realms/USA/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
    ['a unique last name',    path => "/json/realms/us/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
    ['in other letters',      path => "/json/realms/Us/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
    ['the last name of one at the top', path => "/json/realms/alpha/users/demo/$devices", is => 200],
    ['a realm below an alias', path => "/json/realms/customers/realms/eu/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
    ['a realm below a last name', path => "/json/realms/alpha/realms/EU/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
    ['a last name of two',    path => "/json/realms/eu/users/demo/$devices", is => no_realm('/eu')],
    ['a name above listed ones', path => "/json/realms/beta/realms/us/users/demo/$devices", is => no_realm('/beta/us')],
    ['an alias below a realm', path => "/json/realms/alpha/realms/usa/users/demo/$devices", is => no_realm('/alpha/usa')],
    ['no realm of that name', path => "/json/realms/nosuch/users/demo/$devices", is => no_realm('/nosuch')],
    ['no realm below an alias', path => "/json/realms/customers/realms/nosuch/users/demo/$devices", is => no_realm('/customers/nosuch')],
    ['a user of the realm is the same one', path => "/json/realms/customers/users/id=demo,ou=user,o=alpha,ou=services/$devices", is => 200],
    ['and may reset',         path => "/json/realms/customers/users/demo/$devices", token => 'demo-token', is => 200],
    ['the parameter is ignored', path => "/json/realms/us/users/demo/$devices", query => '_action=reset&realm=/alpha', is => 200, resets => '/beta/us/demo'];

rows 'the old forms obey the list' => $listed,
    ['in the path',           path => "/json/alpha/users/demo/$devices", is => 200],
    ['a realm in a realm',    path => "/json/beta/us/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
    ['none is the top level', path => "/json/users/demo/$devices", is => 200, resets => '/demo'],
    ['an unknown one',        path => "/json/nosuch/users/demo/$devices", is => no_realm('/nosuch')],
    ['an unknown one below',  path => "/json/alpha/us/users/demo/$devices", is => no_realm('/alpha/us')],
    ['an alias is none',      path => "/json/customers/users/demo/$devices", is => no_realm('/customers')],
    ['in the query',          path => "/json/users/demo/$devices", query => '_action=reset&realm=/alpha', is => 200],
    ['without the slash',     path => "/json/users/demo/$devices", query => '_action=reset&realm=Beta/us', is => 200, resets => '/beta/us/demo'],
    ['the top level',         path => "/json/alpha/users/demo/$devices", query => '_action=reset&realm=/', is => 200, resets => '/demo'],
    ['an unknown one in the query', path => "/json/alpha/users/demo/$devices", query => '_action=reset&realm=nosuch', is => no_realm('/nosuch')],
    ['an alias in the query', path => "/json/users/demo/$devices", query => '_action=reset&realm=/customers', is => no_realm('/customers')],
    ['a realm called users',  path => "/json/users/users/demo/$devices", is => 200, resets => '/users/demo'],
    ['a user called users',   path => "/json/alpha/users/users/$devices", is => [404, 'User users not found'], head => 'version'],
    ['a realm that is not there, called users', path => "/json/alpha/users/users/demo/$devices",
        is => [404, "Resource 'users/users/demo/$devices' not found"]];

# A server block for a host name that AM takes for /alpha.
sub host_of_alpha (@directives) { return (config => serving('mfa_reset_am_base_realm /alpha', @directives), seed => $everywhere) }

for (['with no realms listed'], ['with realms listed', @realms]) {
    my ($what, @list) = @$_;
    rows "the base realm, $what" => { host_of_alpha(@list) },
        ['a path without a realm',   path => "/json/users/demo/$devices", is => 200],
        ['a realm below it',         path => "/json/eu/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
        ['a slash in a realm\'s name', path => "/json/eu%2Fx/users/demo/$devices", is => no_realm('/alpha/eu/x')],
        ['root is absolute',         path => "/json/root/users/demo/$devices", is => 200, resets => '/demo'],
        ['and a realm after it',     path => "/json/root/beta/us/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
        ['root after a realm, too',  path => "/json/eu/root/beta/eu/users/demo/$devices", is => 200, resets => '/beta/eu/demo'],
        ['the query is absolute',    path => "/json/users/demo/$devices", query => '_action=reset&realm=/beta/us', is => 200, resets => '/beta/us/demo'],
        ['without its slash, too',   path => "/json/eu/users/demo/$devices", query => '_action=reset&realm=beta/us', is => 200, resets => '/beta/us/demo'],
        ['to the top level',         path => "/json/users/demo/$devices", query => '_action=reset&realm=/', is => 200, resets => '/demo'],
        ['realms/root is absolute',  path => "/json/realms/root/users/demo/$devices", is => 200, resets => '/demo'],
        ['a realm of that form, too', path => "/json/realms/root/realms/beta/realms/us/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
        ['realms without root is, too', path => "/json/realms/alpha/realms/eu/users/demo/$devices", is => 200, resets => '/alpha/eu/demo'],
        ['the user in it',           path => "/json/users/demo/$devices", token => 'demo-token', is => 200],
        ['not in another',           path => "/json/root/users/demo/$devices", token => 'demo-token',
            is => [403, 'User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
        ['a universal id of it',     path => "/json/users/id=demo,ou=user,o=alpha,ou=services/$devices", is => 200],
        ['a universal id of the top level', path => "/json/users/id=demo,ou=user,dc=example/$devices",
            is => [404, 'User id=demo,ou=user,dc=example not found'], head => 'version'];
}

rows 'the base realm obeys the list' => { host_of_alpha(@realms) },
    ['a realm that is not below it', path => "/json/us/users/demo/$devices", is => no_realm('/alpha/us')],
    ['a realm called users is not below it', path => "/json/users/users/demo/$devices", is => [404, "Resource 'users/users/demo/$devices' not found"]],
    ['an alias',              path => "/json/realms/usa/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
    ['a base realm that is not listed', path => "/json/users/demo/$devices",
        config => serving('mfa_reset_am_base_realm /gamma', 'mfa_reset_am_realm /alpha'), is => no_realm('/gamma')];

rows 'the top level' => { seed => $everywhere },
    ['alone: there is no other', config => serving('mfa_reset_am_realm /'), path => "/json/alpha/users/demo/$devices", is => no_realm('/alpha')],
    ['alone: it is there',    config => serving('mfa_reset_am_realm /'), path => "/json/realms/root/users/demo/$devices", is => 200, resets => '/demo'],
    ['its alias',             config => serving('mfa_reset_am_realm / alias=top', 'mfa_reset_am_realm /alpha'),
        path => "/json/realms/top/users/demo/$devices", is => 200, resets => '/demo'],
    ['a realm below its alias', config => serving('mfa_reset_am_realm / alias=top', 'mfa_reset_am_realm /alpha'),
        path => "/json/realms/top/realms/alpha/users/demo/$devices", is => 200];

rows 'an alias tells apart two realms of one last name' => { seed => $everywhere, path => "/json/realms/eu/users/demo/$devices", is => 200, resets => '/beta/eu/demo' },
    ['listed before the other', config => serving('mfa_reset_am_realm /beta/eu alias=EU', 'mfa_reset_am_realm /alpha/eu')],
    ['listed behind the other', config => serving('mfa_reset_am_realm /alpha/eu', 'mfa_reset_am_realm /beta/eu alias=eu')];

rows 'spelling' => {
    config => serving('mfa_reset_am_realm /Alpha', 'mfa_reset_subject_case exact'),
    seed   => 'HSET mfa:{/Alpha/demo} uid demo',
    },
    ['with exact names the realm is as it is listed', path => "/json/realms/root/realms/aLPHA/users/demo/$devices", is => 200, resets => '/Alpha/demo'],
    ['and the user as sent', path => "/json/realms/root/realms/alpha/users/Demo/$devices", is => [404, 'User Demo not found'], head => 'version'];

rows 'names that are odd' => { config => serving('mfa_reset_am_realm "/my realm/\xc3\xa4;b"' =~ s/\\x(..)/chr hex $1/ger), seed => 'HSET mfa:{/my%20realm/%C3%A4%3Bb/demo} uid demo' },
    ['blanks, UTF-8 and semicolons', path => "/json/realms/root/realms/my%20realm/realms/%C3%A4;b/users/demo/$devices",
        is => 200, resets => '/my%20realm/%C3%A4%3Bb/demo'];

# Outer levels list what inner ones do not.
my $levels = {
    http_config => '    mfa_reset_am_realm /alpha; mfa_reset_am_realm /beta/us;',
    config      => <<~'END',
            location /json/ { mfa_reset am; }
            location /own/json/ {
                mfa_reset am;
                mfa_reset_am_realm /users;
                if ($arg_x) { set $x 1; }
            }
        END
    seed => $everywhere,
};
rows 'the list is inherited as a whole' => $levels,
    ['a level without one has the outer one', path => "/json/beta/us/users/demo/$devices", is => 200, resets => '/beta/us/demo'],
    ['and no more',           path => "/json/users/users/demo/$devices", is => [404, "Resource 'users/users/demo/$devices' not found"]],
    ['a level with one has its own', path => "/own/json/users/users/demo/$devices", is => 200, resets => '/users/demo'],
    ['and nothing of the outer one', path => "/own/json/alpha/users/demo/$devices", is => no_realm('/alpha')],
    ['an if block has the one of its location', path => "/own/json/alpha/users/demo/$devices", query => '_action=reset&x=1', is => no_realm('/alpha')];

# Refused configurations: [line of the file, the wrong value, the sentence, the lines].
my $path  = "write a realm's path such as / or /alpha/eu, without a slash at its end";
my $name  = 'write one name as the alias, such as alias=customers; root is always the top level';
my $twice = 'this alias is listed already';
my @refused = (
    (map { [1, $_, $path, qq(mfa_reset_am_realm "$_")] }
        '', 'alpha', 'alpha/eu', '//', '/alpha/', '//alpha', '/alpha//eu', '/.', '/alpha/..', '/./alpha', "/a\tb", "/a\x7f", "/\xff", '*'),
    (map { [1, "alias=$_", $name, qq(mfa_reset_am_realm /alpha "alias=$_")] }
        '', 'a/b', '/beta', '.', '..', 'root', 'ROOT', "a\tb", "\xc3"),
    (map { [1, $_, 'write alias=NAME after the realm', qq(mfa_reset_am_realm /alpha "$_")] } '/beta', 'Alias=x', 'alias', ''),
    [2, '/alpha',   'this realm is listed already', 'mfa_reset_am_realm /alpha', 'mfa_reset_am_realm /alpha'],
    [3, '/Alpha',   'this realm is listed already', 'mfa_reset_am_realm /alpha', '', 'mfa_reset_am_realm /Alpha alias=x'],
    [2, '/',        'this realm is listed already', 'mfa_reset_am_realm /', 'mfa_reset_am_realm /'],
    [1, 'alias=x',  $twice, 'mfa_reset_am_realm /alpha alias=x alias=x'],
    [2, 'alias=X',  $twice, 'mfa_reset_am_realm /alpha alias=x', 'mfa_reset_am_realm /beta alias=X'],
    [2, 'alias=Alpha', 'this alias is the last name of another realm', 'mfa_reset_am_realm /alpha', 'mfa_reset_am_realm /beta alias=Alpha'],
    [2, '/a/Beta',  "its last name is another realm's alias: give that one another alias", 'mfa_reset_am_realm /alpha alias=beta', 'mfa_reset_am_realm /a/Beta'],
);

sub refusal ($case) {
    my ($line, $value, $sentence, @lines) = @$case;
    return {
        config     => '    include $TEST_NGINX_SERVER_ROOT/html/realms.conf;',
        user_files => [['realms.conf', join '', map { length() ? "$_;\n" : "\n" } @lines]],
        must_die   => '',
        error_log  => [qr{\[emerg\] \d+#\d+: "mfa_reset_am_realm" has an invalid value "\Q$value\E": \Q$sentence\E in \S+/html/realms\.conf:$line$}],
    };
}
sections("refused: " . join('; ', @{$_}[3 .. $#$_]) =~ s/[^ -~]/?/gr, refusal($_)) for @refused;

run_rows();

__DATA__

=== TEST 1: the directive needs a realm
--- config
    mfa_reset_am_realm;
--- must_die
--- error_log
invalid number of arguments in "mfa_reset_am_realm" directive



=== TEST 2: an alias equal to the realm's own last name changes nothing for others
--- config
    location ~ /json/ {
        mfa_reset am;
        mfa_reset_am_realm /alpha alias=alpha;
    }
--- request
POST /json/realms/alpha/users/demo/devices/2fa/oath?_action=reset
--- response_body chomp
{"result":true}
--- redis
KEYS *events => ["mfa:{/alpha/demo}:events"]
