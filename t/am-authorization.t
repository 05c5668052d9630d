# Contract "Who may reset", with sessions in Redis; and that a refused request
# writes nothing. Administrators by configuration are in am-admin.t.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

# By the first part of the token.
my %id_of;

# Makes a row: the caller, the target (as a path and as its key), and whether the reset is allowed.
sub asks ($caller, $path, $key = undef) {
    return [
        "$caller for $path",
        token => "$caller-token",
        path  => "/json/$path/devices/2fa/oath",
        $key ? (is => 200, resets => $key) : (is => [403, "User, $id_of{$caller}, not authorized."]),
    ];
}

my $users = join "\n", map {"HSET mfa:{$_} uid someone"}
    qw(/demo /alpha/demo /alpha/eve /alpha/dem /alpha/demo2 /alpha/eu/demo /alphabet/demo /beta/demo);
my $alpha = 'realms/root/realms/alpha';

# With the universal id of its user.
sub sessions (%of) {
    $id_of{$_} = universal_id($of{$_} =~ /user (\S+) realm (\S+)/) for keys %of;
    return join "\n", map {"$_-token $of{$_} universalId $id_of{$_}"} sort keys %of;
}

rows 'the user, in the realm of the URI' => {
    seed    => $users,
    session => sessions(
        demo => 'user demo realm /alpha',
        Demo => 'user DEMO realm /Alpha',
        eve  => 'user eve realm /alpha',
        top  => 'user demo realm /',
        odd  => 'user id=demo,ou=user,o=beta realm /alpha'),
    },
    asks(demo => "$alpha/users/demo",                                   '/alpha/demo'),
    asks(demo => 'realms/root/realms/ALPHA/users/DEMO',                 '/alpha/demo'),
    asks(demo => "$alpha/users/id=demo,ou=user,o=alpha,ou=services",    '/alpha/demo'),
    asks(Demo => "$alpha/users/demo",                                   '/alpha/demo'),
    asks(top  => 'realms/root/users/demo',                              '/demo'),
    asks(top  => 'users/demo',                                          '/demo'),
    asks(eve  => "$alpha/users/demo"),
    asks(demo => "$alpha/users/eve"),
    asks(demo => "$alpha/users/demo2"),
    asks(demo => "$alpha/users/dem"),
    asks(demo => "$alpha/users/*"),
    asks(demo => 'realms/root/users/demo'),
    asks(demo => 'users/demo'),
    asks(demo => 'realms/root/realms/beta/users/demo'),
    asks(demo => 'realms/root/realms/alphabet/users/demo'),
    asks(demo => "$alpha/realms/eu/users/demo"),
    asks(demo => "$alpha/users/id=demo,ou=user,o=beta,ou=services"),
    asks(demo => 'realms/root/realms/beta/users/id=demo,ou=user,o=alpha,ou=services'),
    asks(top  => "$alpha/users/demo"),
    asks(odd  => "$alpha/users/id=demo,ou=user,o=beta");

rows 'an administrator, of the realm or one above it' => {
    seed    => $users,
    session => sessions(
        root     => 'user amAdmin realm / admin /',
        alpha    => 'user help realm /alpha admin /alpha',
        Alpha    => 'user help realm /beta admin /ALPHA',
        alphabet => 'user help realm /alpha admin /alphabet',
        eu       => 'user help realm / admin /alpha/eu',
        none     => q(user amAdmin realm / admin '')),
    },
    asks(root     => 'realms/root/users/demo',                          '/demo'),
    asks(root     => "$alpha/users/demo",                               '/alpha/demo'),
    asks(root     => "$alpha/realms/eu/users/demo",                     '/alpha/eu/demo'),
    asks(root     => 'realms/root/realms/alphabet/users/demo',          '/alphabet/demo'),
    asks(alpha    => "$alpha/users/demo",                               '/alpha/demo'),
    asks(alpha    => 'realms/root/realms/Alpha/users/demo',             '/alpha/demo'),
    asks(Alpha    => "$alpha/users/demo",                               '/alpha/demo'),
    asks(alpha    => "$alpha/realms/eu/users/demo",                     '/alpha/eu/demo'),
    asks(alphabet => 'realms/root/realms/alphabet/users/demo',          '/alphabet/demo'),
    asks(eu       => "$alpha/realms/eu/users/demo",                     '/alpha/eu/demo'),
    asks(alpha    => 'realms/root/users/demo'),
    asks(alpha    => 'realms/root/realms/alphabet/users/demo'),
    asks(alpha    => 'realms/root/realms/alpha%20b/users/demo'),
    asks(alphabet => "$alpha/users/demo"),
    asks(eu       => "$alpha/users/demo"),
    asks(eu       => 'realms/root/realms/eu/users/demo'),
    asks(none     => "$alpha/users/demo");

my $services = 'ou=services,dc=example,dc=com';
sub named ($id) { return (session => "demo-token user demo realm /alpha universalId $id", token => 'demo-token', is => [403, "User, $id, not authorized."]) }
rows 'the user\'s name is not enough' => { seed => $users },
    ['of an agent',              named("id=demo,ou=agent,o=alpha,$services")],
    ['of an agent, for one who is not there', named("id=demo,ou=agent,o=alpha,$services"), seed => ''],
    ['of a group',               named("id=demo,ou=group,o=alpha,$services")],
    ['of a user of another realm', named("id=demo,ou=user,o=beta,$services")],
    ['of a user of the realm below', named("id=demo,ou=user,o=eu,o=alpha,$services")],
    ['of a user of the top',     named('id=demo,ou=user,dc=example,dc=com')],
    ['beside another universal id', named("id=eve,ou=user,o=alpha,$services")],
    ['beside one that only begins so', named("id=demo,ou=agent,ou=user,o=alpha,$services")],
    ['beside one of several values', named("id=demo+ou=user,ou=agent,o=alpha,$services")],
    ['beside what is no universal id', named('demo')],
    ['but an administrator may be anything', named("id=demo,ou=agent,o=alpha,$services"),
        session => "demo-token user demo realm /alpha admin /alpha universalId id=demo,ou=agent,o=alpha,$services", is => 200],
    ['who is told that there is no such user', seed => '', token => 'demo-token', is => [404, 'User demo not found'], head => 'version',
        session => "demo-token user demo realm /alpha admin /alpha universalId id=demo,ou=agent,o=alpha,$services"];

rows 'users may be kept from their own' => { config => '    location ~ /json/ { mfa_reset am; mfa_reset_am_self off; }' },
    ['the user',                 token => 'demo-token', is => [403, 'User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['an administrator',         is => 200],
    ['an administrator for itself', path => '/json/users/amAdmin/devices/2fa/oath', seed => 'HSET mfa:{/amadmin} uid amAdmin oathDeviceProfiles [1]',
        is => 200, resets => '/amadmin', redis => 'HGETALL mfa:{/amadmin} => {"oath2faEnabled":"0","uid":"amAdmin"}'];

my $eve = [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.'];
rows 'anyone else' => { token => 'eve-token' },
    ['is named by universal id', is => $eve,
        redis => "HGETALL mfa:{/alpha/demo} => "
            . qq({"oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"demo"}\nDBSIZE => 4)],
    ['without one by name',      session => 'eve-token user Eve realm /alpha', is => [403, 'User, id=Eve, not authorized.']],
    ['with an empty one by name', session => q(eve-token user Eve realm /alpha universalId ''), is => [403, 'User, id=Eve, not authorized.']],
    ['the log has the same',     is => $eve,
        log => "mfa_reset: refused am: forbidden, caller \"id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com\", target \"/alpha/demo\", reason \"$eve->[1]\""],
    ['the log has realm and name', session => 'eve-token user Eve realm /alpha', is => [403, 'User, id=Eve, not authorized.'],
        log => 'mfa_reset: refused am: forbidden, caller "/alpha/Eve", target "/alpha/demo",'],
    ['does not learn that there is no such user', path => '/json/alpha/users/nosuch/devices/2fa/oath', is => $eve, redis => 'DBSIZE => 4'],
    ['nor that there is no such realm', path => '/json/nosuch/users/demo/devices/2fa/oath', is => $eve],
    ['nor that the version is not served', version => 'resource=2.0', is => $eve],
    ['nor that the action is unknown', query => '_action=other', is => $eve],
    ['nor of a universal id of another realm', path => '/json/alpha/users/id=demo,ou=user/devices/2fa/oath', is => $eve];

rows 'the user, without a record' => { token => 'demo-token', seed => '' },
    ['resets nothing, and nothing is written', is => 200, resets => [], redis => 'KEYS mfa:{* => []'],
    ['push, too',                path => '/json/alpha/users/demo/devices/2fa/push', is => 200, resets => [], redis => 'KEYS mfa:{* => []'];

rows 'an administrator, user unknown' => {},
    ['is told',                  path => '/json/alpha/users/nosuch/devices/2fa/oath', is => [404, 'User nosuch not found'], head => 'version',
        redis => 'KEYS mfa:{* => ["mfa:{/alpha/demo}"]'],
    ['as it was sent, decoded',  path => '/json/alpha/users/no%20Such/devices/2fa/oath', is => [404, 'User no Such not found'], head => 'version'],
    ['the log has it',           path => '/json/alpha/users/noSuch/devices/2fa/oath', is => [404, 'User noSuch not found'], head => 'version',
        log => 'mfa_reset: refused am: unknown, caller "id=amAdmin,ou=user,dc=example,dc=com", target "/alpha/noSuch", reason "User noSuch not found"'],
    ['devices without a uid are nobody\'s', seed => 'HSET mfa:{/alpha/demo} oathDeviceProfiles [1]', is => [404, 'User demo not found'], head => 'version',
        redis => 'HGETALL mfa:{/alpha/demo} => {"oathDeviceProfiles":"[1]"}'];

rows 'with exact names' => {
    config  => '    location ~ /json/ { mfa_reset am; mfa_reset_subject_case exact; }',
    seed    => "HSET mfa:{/alpha/demo} uid demo\nHSET mfa:{/alpha/DEMO} uid DEMO",
    session => sessions(
        demo  => 'user demo realm /alpha',
        Demo  => 'user DEMO realm /alpha',
        alpha => 'user help realm /alpha admin /Alpha'),
    },
    asks(demo  => 'alpha/users/demo', '/alpha/demo'),
    asks(demo  => 'alpha/users/DEMO'),
    asks(Demo  => 'alpha/users/DEMO', '/alpha/DEMO'),
    asks(Demo  => 'alpha/users/demo'),
    asks(alpha => 'alpha/users/demo');

run_rows();
