# Contract "Who may reset", administrators by configuration: a name is valid in one realm, a universal
# id as a whole; an administrator administers a realm and the realms below it. The sessions are AM's;
# those in Redis are in the last tables.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::BesideAm;

my $users = join "\n", map {"HSET mfa:{$_} uid someone oathDeviceProfiles [1]"}
    qw(/demo /alpha/demo /alpha/eu/demo /alphabet/demo /beta/demo);
my $dn = 'ou=services,dc=example,dc=com';

sub info ($user, $realm, $id = undef) {
    return qq({"username":"$user","realm":"$realm") . (defined $id ? qq(,"universalId":"$id"}) : '}');
}

# The callers: the same names in several realms.
my %who = (
    'root-token'     => info('amAdmin', '/', "id=amAdmin,ou=user,$dn"),
    'rOOt-token'     => info('AMADMIN', '/', "id=AMADMIN,ou=user,$dn"),
    'sub-token'      => info('amAdmin', '/alpha', "id=amAdmin,ou=user,o=alpha,$dn"),
    'eu-token'       => info('amAdmin', '/alpha/eu', "id=amAdmin,ou=user,o=eu,o=alpha,$dn"),
    'alphabet-token' => info('amAdmin', '/alphabet', "id=amAdmin,ou=user,o=alphabet,$dn"),
    'bare-token'     => info('amAdmin', '/'),
    'demo-token'     => info('demo', '/alpha', "id=demo,ou=user,o=alpha,$dn"),
    'name-token'     => info("id=amAdmin,ou=user,$dn", '/', "id=id=amAdmin\\\\,ou=user\\\\,@{[$dn =~ s/,/\\\\\\\\,/gr]},ou=user,$dn"),
    'namesub-token'  => info("id=amAdmin,ou=user,$dn", '/alpha', "id=id\\\\3DamAdmin\\\\,ou\\\\3Duser,ou=user,o=alpha,$dn"),
    'longer-token'   => info('amAdmin2', '/', "id=amAdmin,ou=user,$dn,dc=evil"),
    'shorter-token'  => info('amAdmi', '/', "id=amAdmin,ou=user"),
    'umlaut-token'   => info("\xc3\x84nne", '/', "id=\xc3\x84nne,ou=user,$dn"),
    'umlaut2-token'  => info("\xc3\xa4nne", '/', "id=\xc3\xa4nne,ou=user,$dn"),
    'kelvin-token'   => info("\xe2\x84\xaaim", '/', "id=\xe2\x84\xaaim,ou=user,$dn"),
    'agent-token'    => info('amAdmin', '/', "id=amAdmin,ou=agent,$dn"),
    'group-token'    => info('amAdmin', '/', "id=amAdmin,ou=group,$dn"),
    'moved-token'    => info('amAdmin', '/', "id=amAdmin,ou=user,o=alpha,$dn"),
    'another-token'  => info('amAdmin', '/', "id=eve,ou=user,$dn"),
);

sub beside ($admins, $directives = '') {
    my $lines = join ' ', map {"mfa_reset_am_admin $_;"} ref $admins ? @$admins : $admins;
    return (
        seed        => $users,
        session     => '',
        http_config => am_behind(sessions_of(%who)),
        config      => edge("mfa_reset_am_profiles redis; mfa_reset_am_session subrequest=/am-session; $lines $directives", session_location()),
    );
}

my $alpha = 'realms/root/realms/alpha';
my %path  = (
    '/'         => 'realms/root',
    '/alpha'    => $alpha,
    '/alpha/eu' => "$alpha/realms/eu",
    '/alphabet' => 'realms/root/realms/alphabet',
    '/beta'     => 'realms/root/realms/beta',
);

# Makes rows: the caller may reset demo in these realms, and not in the others.
sub reaches ($who, @realms) {
    my %may = map { $_ => 1 } @realms;
    return map {
        my $key = ($_ eq '/' ? '' : $_) . '/demo';
        ["$who in $_", token => "$who-token", path => "/openam/json/$path{$_}/users/demo/devices/2fa/oath",
            $may{$_} ? (is => 200, resets => $key) : (is => 403, like => '^\{"code":403,"reason":"Forbidden","message":"User, id=.*, not authorized."\}$', resets => [], head => '')];
    } sort keys %path;
}

my @all = sort keys %path;

rows 'none is named'              => { beside([]) }, reaches('root');
rows 'a name, everywhere'         => { beside('amAdmin') },
    reaches(root => @all), reaches(rOOt => @all), reaches(bare => @all),
    reaches('sub'), reaches('eu'), reaches('alphabet'), reaches(demo => '/alpha'),
    reaches('name'), reaches('namesub'), reaches('longer'), reaches('shorter');
rows 'a name is a user\'s' => { beside('amAdmin') }, map { reaches($_) } qw(agent group moved another);
rows 'an agent by universal id' => { beside(qq("id=amAdmin,ou=agent,$dn" realm=/alpha)) },
    reaches(agent => '/alpha', '/alpha/eu'), reaches('root'), reaches('group');
rows 'a name of a realm, everywhere' => { beside('amAdmin in=/alpha') },
    reaches('sub' => @all), reaches('root'), reaches('bare'), reaches('eu'), reaches('alphabet');
rows 'a name of a realm, in it'   => { beside('amAdmin in=/alpha realm=/alpha') },
    reaches('sub' => '/alpha', '/alpha/eu'), reaches('root'), reaches('eu'), reaches('alphabet');
rows 'the words in the other order' => { beside('amAdmin realm=/alpha in=/alpha') }, reaches('sub' => '/alpha', '/alpha/eu'), reaches('root');
rows 'a name of the top, in a realm' => { beside('amAdmin realm=/alpha') }, reaches(root => '/alpha', '/alpha/eu'), reaches('sub');
rows 'the realm below'            => { beside('amAdmin realm=/alpha/eu') }, reaches(root => '/alpha/eu');
rows 'the longer name'            => { beside('amAdmin realm=/alphabet') }, reaches(root => '/alphabet');
rows 'other letters'              => { beside('AmAdMiN in=/ALPHA realm=/Alpha') }, reaches('sub' => '/alpha', '/alpha/eu'), reaches('root');
rows 'several'                    => { beside(['amAdmin realm=/beta', 'amAdmin realm=/alphabet', 'demo in=/alpha realm=/beta']) },
    reaches(root => '/beta', '/alphabet'), reaches(demo => '/alpha', '/beta'), reaches('sub');
rows 'a universal id'             => { beside(qq("id=amAdmin,ou=user,$dn")) },
    reaches(root => @all), reaches(rOOt => @all), reaches('bare'), reaches('sub'), reaches('eu'), reaches('alphabet'),
    reaches('name'), reaches('namesub'), reaches('longer'), reaches('shorter');
rows 'a universal id in other letters' => { beside(qq("ID=AMADMIN,ou=user,$dn")) },
    reaches(root => @all), reaches('bare'), reaches('sub'), reaches('name'), reaches('longer');
rows 'one of a realm, in it'      => { beside(qq("id=amAdmin,ou=user,o=alpha,$dn" realm=/alpha)) },
    reaches('sub' => '/alpha', '/alpha/eu'), reaches('root'), reaches('eu'), reaches('alphabet'), reaches('namesub');
rows 'a name is no pattern'       => { beside('*') }, reaches('root');
rows 'beyond ASCII there is no folding' => { beside("\xc3\x84nne") }, reaches(umlaut => @all), reaches('umlaut2');
rows 'nor onto ASCII'             => { beside('kim') }, reaches('kelvin');
rows 'exact names'                => { beside('amAdmin', 'mfa_reset_subject_case exact;') }, reaches(root => @all), reaches('rOOt');
rows 'without their own'          => { beside('amAdmin', 'mfa_reset_am_self off;') }, reaches(root => @all), reaches('demo');

rows 'an inner level has its own' => { beside('amAdmin realm=/beta'),
        config => "mfa_reset_am_admin amAdmin realm=/alpha;\n" . edge('mfa_reset_am_profiles redis; mfa_reset_am_session subrequest=/am-session; mfa_reset_am_admin amAdmin realm=/beta;', session_location()) },
    reaches(root => '/beta');
rows 'or the outer one\'s' => { beside('amAdmin'),
        config => "mfa_reset_am_admin amAdmin realm=/alpha;\n" . edge('mfa_reset_am_profiles redis; mfa_reset_am_session subrequest=/am-session;', session_location()) },
    reaches(root => '/alpha', '/alpha/eu');

rows 'who is told what' => { beside('amAdmin'), token => 'root-token' },
    ['an administrator of an unknown user', path => '/openam/json/alpha/users/nosuch/devices/2fa/oath', is => [404, 'User nosuch not found'], head => 'version'],
    ['the same name of a sub-realm is not', token => 'sub-token', path => '/openam/json/alpha/users/nosuch/devices/2fa/oath',
        is => [403, "User, id=amAdmin,ou=user,o=alpha,$dn, not authorized."]],
    ['a user of another realm by universal id', path => "/openam/json/alpha/users/id=demo,ou=user,o=beta,$dn/devices/2fa/oath",
        is => [404, "User id=demo,ou=user,o=beta,$dn not found"], head => 'version'],
    ['the event has the caller', is => 200, path => '/openam/json/alpha/users/demo/devices/2fa/oath',
        redis => qq(XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=amAdmin,ou=user,$dn")];

# Sessions in Redis: beside the record's own `admin`.
sub recorded ($who, $fields) {"$who-token $fields"}
rows 'with sessions in Redis' => {
        seed    => $users,
        session => join("\n",
            recorded(root => 'user amAdmin realm /'), recorded('sub' => 'user amAdmin realm /alpha'),
            recorded(both => 'user amAdmin realm / admin /beta'), recorded(other => 'user help realm /alpha admin /alpha'),
            recorded(none => q(user amAdmin realm /alpha admin '')), recorded(empty => q(user amAdmin realm / universalId '')),
            recorded(agent => "user amAdmin realm / universalId id=amAdmin,ou=agent,$dn"),
            recorded(said => "user amAdmin realm / admin /beta universalId id=amAdmin,ou=agent,$dn")),
        config => 'location ~ /json/ { mfa_reset am; mfa_reset_am_admin amAdmin realm=/alpha; }' },
    reaches(root => '/alpha', '/alpha/eu'), reaches('sub'), reaches(both => '/alpha', '/alpha/eu', '/beta'),
    reaches(other => '/alpha', '/alpha/eu'), reaches('none'), reaches(empty => '/alpha', '/alpha/eu'),
    reaches('agent'), reaches(said => '/beta');
rows 'a universal id in Redis' => {
        seed    => $users,
        session => join("\n", recorded(root => "user amAdmin realm / universalId id=amAdmin,ou=user,$dn"),
            recorded(odd => "user id=amAdmin,ou=user,$dn realm /"), recorded(moved => "user x realm /beta universalId id=amAdmin,ou=user,$dn")),
        config => qq(location ~ /json/ { mfa_reset am; mfa_reset_am_admin "id=amAdmin,ou=user,$dn" realm=/alpha; }) },
    reaches(root => '/alpha', '/alpha/eu'), reaches('odd'), reaches(moved => '/alpha', '/alpha/eu');

run_rows();
