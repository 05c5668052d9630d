# Contract am_devices.md, "What is ours": beside an AM, which calls of devices are served here, which are
# checked and handed on (`mfa_reset_am_devices guard`), and which are AM's alone. What AM has answered is
# told by the stand-in: its body is the request.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;
use MfaReset::BesideAm;

my $user   = '/openam/json/realms/root/realms/alpha/users/demo';
my $fa     = "$user/devices/2fa";
my $one    = "$fa/oath/$uuid{oath}";
my $record = seed_of();
my $eve    = [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.'];
my %guard  = (http_config => am_behind(), config => edge('mfa_reset_am_profiles am;'), seed => $record, token => 'demo-token');

# A row that AM answers, with the event that is there then: its fields, or none.
sub am_answers ($name, $event, %row) {
    my $target = $row{path} . (defined $row{query} ? "?$row{query}" : '');
    my $body   = $row{body};
    my $redis  = 'HLEN mfa:{/alpha/demo} => 6';
    $redis .= "\nXREVRANGE mfa:{/alpha/demo}:events + - COUNT 1 => ~ $event" if $event;
    return [$name, query => undef, type => undef, body => undef, %row, is => 200, head => undef, resets => $event ? '/alpha/demo' : [], redis => $redis,
        text => echo($row{method}, $target, type => $row{type}, length => defined $body ? length $body : '')];
}

sub forwarded (%fields) {
    my %all = (action => 'forwarded', api => 'am', %fields);
    return join '.*', map { qq("$_":"$all{$_}") } sort keys %all;
}

my @json = (type => 'application/json');

rows 'a guard checks, hands on and records' => { %guard },
    am_answers('a delete of OATH',  forwarded(factor => 'oath', device => $uuid{oath}), method => 'DELETE', path => $one),
    am_answers('of push',           forwarded(factor => 'push', device => $uuid{push}), method => 'DELETE', path => "$fa/push/$uuid{push}"),
    am_answers('of webauthn',       forwarded(factor => 'webauthn', device => $uuid{webauthn}), method => 'DELETE', path => "$fa/webauthn/$uuid{webauthn}"),
    am_answers('a rename',          forwarded(factor => 'webauthn', device => $uuid{webauthn}), method => 'PUT', path => "$fa/webauthn/$uuid{webauthn}", @json, body => '{"deviceName":"x"}'),
    am_answers('a skip',            forwarded(factor => 'oath'), method => 'POST', path => "$fa/oath", query => '_action=skip', @json, body => '{"value":true}'),
    am_answers('by an administrator', forwarded(caller => 'id=amAdmin,ou=user,dc=example,dc=com'), method => 'DELETE', path => $one, token => 'root-token');

rows 'a guard refuses' => { %guard, method => 'DELETE', path => $one, query => undef, type => undef, body => undef, redis => 'KEYS *events => []' },
    ['without a token',             token => undef, is => [401, 'Access Denied']],
    ['somebody else',               token => 'eve-token', is => $eve],
    ['CSRF',                        token => undef, version => undef, cookie => 'iPlanetDirectoryPro=demo-token', is => [403, 'Forbidden'], head => 'warning'],
    ['a semicolon in the path',     path => "$fa/oath;x/$uuid{oath}", is => [400, "Resource path '$fa/oath;x/$uuid{oath}' contains a semicolon"]],
    ['an empty element',            path => "$fa//oath/$uuid{oath}", is => [400, "Resource path '$fa//oath/$uuid{oath}' contains empty path elements"]],
    ['a rename by somebody else',   method => 'PUT', @json, body => '{"deviceName":"x"}', token => 'eve-token', is => $eve],
    ['a skip by somebody else',     method => 'POST', path => "$fa/oath", query => '_action=skip', @json, body => '{"value":true}', token => 'eve-token', is => $eve],
    ['the user, if users may not',  config => edge('mfa_reset_am_profiles am; mfa_reset_am_self off; mfa_reset_am_admin amAdmin;'),
        is => [403, 'User, id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']];

rows 'a guard leaves to AM' => { %guard, token => 'eve-token' },
    am_answers('a list',            undef, method => 'GET', path => "$fa/oath", query => '_queryFilter=true'),
    am_answers('a check',           undef, method => 'POST', path => "$fa/oath", query => '_action=check', @json, body => '{}'),
    am_answers('getSessionInfo',    undef, method => 'POST', path => '/openam/json/sessions', query => '_action=getSessionInfo', @json, body => '{}'),
    am_answers('another kind',      undef, method => 'DELETE', path => "$user/devices/2fa/binding/x"),
    am_answers('trusted devices',   undef, method => 'DELETE', path => "$user/devices/trusted/x"),
    am_answers('PATCH',             undef, method => 'PATCH', path => $one, @json, body => '[]');

rows 'off leaves all but the reset to AM' => { %guard, token => 'eve-token', config => edge('mfa_reset_am_profiles am; mfa_reset_am_devices off;') },
    am_answers('a delete',          undef, method => 'DELETE', path => $one),
    am_answers('a rename',          undef, method => 'PUT', path => $one, @json, body => '{"deviceName":"x"}'),
    am_answers('a skip',            undef, method => 'POST', path => "$fa/oath", query => '_action=skip', @json, body => '{"value":true}'),
    ['but the reset',               path => "$fa/oath", is => $eve, resets => []];

my %ours = (%guard, config => edge('mfa_reset_am_profiles redis;'));
rows 'with the devices in Redis they are served here' => { %ours },
    ['a delete',                    method => 'DELETE', path => $one, query => undef, type => undef, body => undef, is => 200, head => 'version, etag', text => oath_item(), resets => '/alpha/demo'],
    ['a list of somebody else',     method => 'GET', path => "$fa/oath", query => '_queryFilter=true', type => undef, body => undef, token => 'eve-token', is => $eve],
    am_answers('another kind is AM\'s', undef, method => 'DELETE', path => "$user/devices/2fa/binding/x"),
    am_answers('PATCH is AM\'s',    undef, method => 'PATCH', path => $one, @json, body => '[]'),
    am_answers('OPTIONS is AM\'s',  undef, method => 'OPTIONS', path => $one),
    am_answers('an action on webauthn is AM\'s', undef, method => 'POST', path => "$fa/webauthn", query => '_action=skip', @json, body => '{}');

run_rows();
