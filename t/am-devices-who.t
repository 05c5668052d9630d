# Contract am_devices.md, "Who": users and administrators, mfa_reset_am_self off and level=N, with sessions from Redis and
# from AM.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;
use MfaReset::BesideAm;

my $devices   = "$users/demo/devices/2fa";
my $forbidden = [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.'];
my $self_is   = [403, 'User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.'];
my $level     = [403, 'User not permitted.'];
my $id        = 'universalId id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com';

sub location ($directives) { return "    location ~ /json/ { mfa_reset am; $directives }" }

# What each call is, and the beginning of its answer.
my @looks = (
    ['list',     [get()],                                        '"result":\[\{'],
    ['read',     [get(path => device_path('webauthn'), query => undef)], '"_id"'],
    ['check',    [post()],                                       '"result":false'],
    ['overview', [get(path => $devices)],                        '"_id":"oath"'],
    ['events',   [get(path => "$devices/events")],               '"result":\[\]'],
);
my @acts = (
    ['reset',  [post(query => '_action=reset')],                        '"result":true'],
    ['skip',   [post(query => '_action=skip', body => '{"value":true}')], '\A\{\}\z'],
    ['delete', [remove()],                                       '"_id"'],
    ['rename', [put()],                                          '"_id"'],
);

# A row of each call: may, or the refusal.
sub all ($what, $calls, %row) {
    my $refusal = delete $row{refused};
    return map {
        my ($name, $call, $like) = @$_;
        my $acts = grep { $_->[0] eq $name } @acts;
        ["$name $what", @$call, head => undef, $refusal ? (resets => [], is => $refusal) : (resets => $acts ? '/alpha/demo' : [], is => 200, like => $like), %row];
    } @$calls;
}

rows 'who may' => {},
    all('by the user', [@looks, @acts]),
    all('by an administrator', [@looks, @acts], token => 'root-token'),
    all('by another user', [@looks, @acts], token => 'eve-token', refused => $forbidden),
    all('without a session', [@looks, @acts], token => 'nobody-token', refused => [401, 'Access Denied']),
    all('by an agent of that name', [@looks, @acts], token => 'agent-token', session => "agent-token user demo realm /alpha universalId id=demo,ou=agent,o=alpha",
        refused => [403, 'User, id=demo,ou=agent,o=alpha, not authorized.']);

rows 'self off' => { config => location('mfa_reset_am_self off;') },
    all('by the user', \@looks),
    all('by the user', \@acts, refused => $self_is),
    all('by an administrator', [@looks, @acts], token => 'root-token');

my $ten = location('mfa_reset_am_self level=10;');
sub session ($level, $more = '') { return "demo-token user demo realm /alpha $id $level $more" }
rows 'a level' => { config => $ten },
    all('without one, by the user', \@looks),
    all('without one, by the user', \@acts, refused => $level),
    all('that suffices, by the user', \@acts, session => session('authLevel 10')),
    all('without one, by an administrator', [@looks, @acts], token => 'root-token'),
    all('without one, by an administrator on the own devices', \@acts, session => session('admin /alpha')),
    all('without one, by an administrator of a realm below', \@acts, session => session('admin /alpha/eu'), refused => $level),
    all('without one, by another user', \@acts, token => 'eve-token', refused => $forbidden);
rows 'a level' => { config => "    location ~ /json/ { mfa_reset am; mfa_reset_am_self level=10; mfa_reset_am_admin demo in=/alpha realm=/alpha; }" },
    all('without one, by an administrator of the configuration on the own devices', \@acts);

rows 'levels' => { config => $ten, remove(head => undef) },
    map({ ["$_ is enough", session => session("authLevel $_"), is => 200, like => '_id'] } '10', '11', '/:10', '/alpha:10', 'a:b:10', '0010', '99999999999999999999'),
    map({ ["'$_' is not", session => session("authLevel '$_'"), is => $level, resets => []] } '9', '0', '', '-10', '10.5', '1e9', 'x', '10:', ':', '10 ', ' 10', '/:9', '10:x', '0x10', '/10');
rows 'levels' => { remove(head => undef) },
    ['zero needs a level all the same', config => location('mfa_reset_am_self level=0;'), is => $level, resets => []],
    ['zero', config => location('mfa_reset_am_self level=0;'), session => session('authLevel 0'), is => 200, like => '_id'],
    ['an administrator without a record stays a user', config => $ten, session => session('admin /alpha'), seed => '', post(query => '_action=reset'), seed => '', is => 200];

# Sessions from AM.
my $user = '"username":"demo","realm":"/alpha","universalId":"id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com"';
my %said = (
    'demo-a'   => qq({$user,"properties":{"AuthLevel":"10"}}),
    'demo-b'   => qq({$user,"properties":{"AuthLevel":10}}),
    'demo-c'   => qq({$user,"properties":{"AuthLevel":"/:10"}}),
    'demo-d'   => qq({$user,"properties":{},"authLevel":"10"}),
    'demo-e'   => qq({$user,"authLevel":12}),
    'demo-low' => qq({$user,"properties":{"AuthLevel":"9"},"authLevel":"10"}),
    'demo-no'  => qq({$user,"properties":{}}),
    'demo-bad' => qq({$user,"properties":{"AuthLevel":[10]}}),
    'demo-neg' => qq({$user,"properties":{"AuthLevel":-10}}),
    'demo-old' => qq({$user}),
);
my $edge = edge('mfa_reset_am_profiles redis; mfa_reset_am_self level=10; mfa_reset_am_session subrequest=/am-session;', session_location());
rows 'sessions from AM' => { http_config => am_behind(sessions_of(%said)), config => $edge, remove(head => undef) },
    map({ ["$_ is enough", token => $_, is => 200, like => '_id'] } grep {/demo-[a-e]$/} sort keys %said),
    map({ ["$_ is not", token => $_, is => $level, resets => []] } grep { !/demo-[a-e]$/ } sort keys %said),
    ['looking needs none', get(), token => 'demo-no', is => 200, like => '_id', head => undef];
my $cached = edge('mfa_reset_am_profiles redis; mfa_reset_am_self level=10; mfa_reset_am_session subrequest=/am-session; mfa_reset_am_session_cache 60s;',
    session_location());
rows 'sessions from AM, remembered' => { config => $cached, remove(head => undef) },
    ['the level is remembered with it', token => 'demo-z', http_config => am_behind(sessions_of()), is => 200, like => '_id',
        seed => seed_of() . qq(\nSET mfa:amsession:sha256(demo-z) '{$user,"authLevel":"10"}' PX 60000)],
    ['and so is that there is none', token => 'demo-z', http_config => am_behind(sessions_of()), is => $level, resets => [],
        seed => seed_of() . qq(\nSET mfa:amsession:sha256(demo-z) '{$user}' PX 60000)];

run_rows();
