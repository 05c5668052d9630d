# Contract am_devices.md, "skip and check".
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;

my $devices = "$users/demo/devices/2fa";
my $event   = 'XREVRANGE mfa:{/alpha/demo}:events + - COUNT 1 => ~ ';
my $bad     = [400, "The request could not be processed because 'value' is not true or false"];

sub flag ($kind, $value) { return qq(HGET mfa:{/alpha/demo} ${kind}2faEnabled => "$value") }
sub untouched            { return 'HGET mfa:{/alpha/demo} oathDeviceProfiles => ' . reply("[$oath]") }
sub skips (%more)        { return (post(), query => '_action=skip', body => '{"value":true}', resets => '/alpha/demo', %more) }

rows 'skip' => { skips(), is => 200, text => '{}' },
    ['oath',         redis => join "\n", flag('oath', 1), flag('push', 1), untouched(),
        $event . qq(\{"action":"skip","api":"am","caller":"id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com","factor":"oath","ip":"127.0.0.1","request":"[0-9a-f]+","value":"1"\})],
    ['oath, no longer', body => '{"value":false}', redis => flag('oath', 2) . "\n" . $event . '"value":"2"'],
    ['push',         path => "$devices/push", body => '{"value":false}', redis => flag('push', 2) . "\n" . flag('oath', 2)],
    ['as OpenAM has the path', path => "$users/demo/devices/push", body => '{"value":false}', redis => flag('push', 2)],
    ['by an administrator', token => 'root-token', redis => flag('oath', 1)],
    ['again',        seed => seed_of(oath2faEnabled => 1), redis => flag('oath', 1)],
    ['for the first time', seed => seed_of(oath2faEnabled => undef), redis => flag('oath', 1)],
    ['with other members', body => '{"x":[{}],"value":true,"y":null}', redis => flag('oath', 1)],
    ['the last one counts', body => '{"value":null,"value":true}', redis => flag('oath', 1)],
    ['pretty',       query => '_action=skip&_prettyPrint=true', text => '{ }', redis => flag('oath', 1)],
    ['_fields changes nothing', query => '_action=skip&_fields=x', redis => flag('oath', 1)],
    ['no version',   version => undef, head => 'warning, version', redis => flag('oath', 1)];
rows 'skip' => { skips(), resets => [], is => 200, text => '{}' },
    ['by a user without a record nothing is written', seed => '', redis => 'EXISTS mfa:{/alpha/demo} => 0'];
rows 'skip' => { skips(), resets => [], redis => flag('oath', 2) },
    map({ ["not a boolean: $_", body => $_, is => $bad, head => 'version'] } '{}', '{"value":null}', '{"value":1}', '{"value":"true"}', '{"value":[true]}',
        '[true]', 'true', '{"Value":true}', '{"x":{"value":true}}', '{"value":true,"value":0}'),
    ['no body', body => undef, type => undef, is => $bad, head => 'version'],
    ['a form', type => 'multipart/form-data', body => 'x', is => $bad, head => 'version'],
    ['not JSON', body => '{"value":}', is => [400, 'The request could not be processed because the provided content is not valid JSON', 'line 1, column 10']],
    ['trailing data', body => '{"value":true} 1', is => [400, 'The request could not be processed because there is trailing data after the JSON content']],
    ['in other letters', query => '_action=Skip', is => [501, 'Not Implemented'], head => 'version'],
    ['webauthn has no actions', path => "$devices/webauthn", is => [501, 'Operation is not supported.'], head => 'version'],
    ['nor has an instance', path => device_path('oath'), is => [501, 'Operation is not supported.'], head => 'version'],
    ['reset of webauthn', path => "$devices/webauthn", query => '_action=reset', is => [501, 'Operation is not supported.'], head => 'version'],
    ['another user', token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['another user, a bad value', token => 'eve-token', body => '{}', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['another version', version => 'resource=1.1', is => [404, q(Resource '' not found)]];
rows 'skip' => { skips(), resets => [] },
    ['an administrator, no record', seed => '', token => 'root-token', is => [404, 'User demo not found'], head => 'version'];

rows 'check' => { post(), is => 200 },
    map({ my ($flag, $result) = @$_;
        ["a flag of " . ($flag // 'nothing'), seed => seed_of(oath2faEnabled => $flag), text => qq({"result":$result})] }
        [1, 'true'], [0, 'false'], [2, 'false'], [undef, 'false'], ['', 'false'], ['x', 'false'], [11, 'false'], ['1 ', 'false'], ["1\0", 'false']),
    ['push',          path => "$devices/push", text => '{"result":true}'],
    ['by an administrator', token => 'root-token', path => "$devices/push", text => '{"result":true}'],
    ['no record',     seed => '', text => '{"result":false}'],
    ['no body',       body => undef, type => undef, text => '{"result":false}'],
    ['any one value', body => '[1]', text => '{"result":false}'],
    ['pretty',        query => '_action=check&_prettyPrint=true', text => qq({\n  "result" : false\n})];
rows 'check' => { post() },
    ['two values', body => '1 2', is => [400, 'The request could not be processed because there is trailing data after the JSON content']],
    ['an administrator, no record', seed => '', token => 'root-token', is => [404, 'User demo not found'], head => 'version'],
    ['another user', token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['webauthn', path => "$devices/webauthn", is => [501, 'Operation is not supported.'], head => 'version'];

run_rows();
