# Contract am_devices.md, "Rename" and "Read one".
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;

my $devices = "$users/demo/devices/2fa";
my $item    = 'version, etag';
my $because = 'The request could not be processed because';
my $bad     = [400, "$because 'deviceName' is not a text of 1 to 256 bytes without control characters"];

sub no_device ($uuid)     { return [404, "User device, $uuid, not found."] }
sub holds ($field, $text) { return "HGET mfa:{/alpha/demo} $field => " . reply($text) }
sub renamed ($stored, $name) { return $stored =~ s/("deviceName": )"[^"]*"/$1$name/r }

# The item of a stored device, with its new name.
sub shown ($stored, $item, $name) {
    my $now = renamed($stored, $name);
    utf8::encode($now) if utf8::is_utf8($now);
    return $item =~ s/("_rev":)"\d+"/qq($1") . rev_of($now) . '"'/er =~ s/("deviceName":)"[^"]*"/$1$name/r;
}

rows 'the new name, and nothing else' => { put(), is => 200, head => $item },
    ['oath',     text => shown($oath, oath_item(), '"x"'), redis => holds('oathDeviceProfiles', '[' . renamed($oath, '"x"') . ']')
            . "\nHGET mfa:{/alpha/demo} oath2faEnabled => \"2\""
            . "\nXREVRANGE mfa:{/alpha/demo}:events + - COUNT 1 => ~ \{\"action\":\"rename\",\"api\":\"am\",\"caller\":\"id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com\",\"device\":\"$uuid{oath}\",\"factor\":\"oath\",\"ip\":\"127.0.0.1\",\"name\":\"x\",\"request\":\"[0-9a-f]+\"\}"],
    ['push',     path => device_path('push'), text => shown($push, push_item(), '"x"')],
    ['webauthn', path => device_path('webauthn'), text => shown($webauthn, webauthn_item(), '"x"'),
        redis => holds('webauthnDeviceProfiles', '[' . renamed($webauthn, '"x"') . ']')],
    ['by an administrator', token => 'root-token', text => shown($oath, oath_item(), '"x"')],
    ['the whole item, as SDKs send it', body => oath_item() =~ s/OATH Device/x/r, text => shown($oath, oath_item(), '"x"')],
    ['If-Match: *', more => 'If-Match: *', text => shown($oath, oath_item(), '"x"')],
    ['If-Match of any value', more => 'If-Match: "1"', text => shown($oath, oath_item(), '"x"')],
    ['protocol 2.0 and neither', version => 'protocol=2.0,resource=1.0', text => shown($oath, oath_item(), '"x"')],
    ['protocol 1.0', version => 'protocol=1.0,resource=1.0', text => shown($oath, oath_item(), '"x"') =~ s/"_id".*?"_rev":"\d+",//r],
    ['of a name that is there twice the last counts', body => '{"deviceName":"y","deviceName":"x"}', text => shown($oath, oath_item(), '"x"')],
    ['an escaped member', body => '{"device\u004eame":"x"}', text => shown($oath, oath_item(), '"x"')],
    ['beside encrypted values', seed => seed_of(oathDeviceProfiles => $mixed), text => shown($oath, oath_item(), '"x"'),
        redis => holds('oathDeviceProfiles', $mixed =~ s/"OATH Device"/"x"/r)];

rows 'names' => { put(), is => 200, head => $item },
    map({ my ($sent, $kept) = @$_;
        ["$sent", body => qq({"deviceName":$sent}), text => shown($oath, oath_item(), $kept), redis => holds('oathDeviceProfiles', '[' . renamed($oath, $kept) . ']')] }
        ['" "', '" "'], ['"\u00fc\/"', "\"\xC3\xBC/\""], ['"Mein Gerät"', "\"Mein Ger\xC3\xA4t\""],
        ['"\ud83d\udd11"', "\"\xF0\x9F\x94\x91\""], ['"</script>"', '"</script>"'], ['"%s{}[],:"', '"%s{}[],:"']),
    ['256 bytes', body => '{"deviceName":"' . 'x' x 256 . '"}', text => shown($oath, oath_item(), '"' . 'x' x 256 . '"')];
rows 'names' => { put(), is => 200, head => $item, body => '{"deviceName":"a\"b\\\\"}' },
    ['with a quote and a backslash', like => '"deviceName":"a\\\\"b\\\\\\\\"', redis => holds('oathDeviceProfiles', '[' . ($oath =~ s/"OATH Device"/"a\\"b\\\\"/r) . ']')];

rows 'a device without a name gets one' => { put(), is => 200, head => $item },
    map { my ($stored, $after) = @$_;
        [$stored, seed => seed_of(oathDeviceProfiles => "[$stored]"), path => device_path('oath', 'a'), like => '"deviceName":"x"', redis => holds('oathDeviceProfiles', "[$after]")] }
        ['{"uuid":"a"}', '{"deviceName": "x", "uuid":"a"}'], ['{ "n": 1, "uuid":"a"}', '{ "deviceName": "x", "n": 1, "uuid":"a"}'],
        ['{"uuid":"a","deviceName":null}', '{"uuid":"a","deviceName":"x"}'], ['{"uuid":"a","deviceName":[ {} ] }', '{"uuid":"a","deviceName":"x" }'],
        ['{"deviceName":"1","uuid":"a","deviceName":"2"}', '{"deviceName":"1","uuid":"a","deviceName":"x"}'];

rows 'no name' => { put(), resets => [], head => 'version', is => $bad, redis => holds('oathDeviceProfiles', "[$oath]") },
    map({ [$_, body => $_] } '{}', '{"deviceName":""}', '{"deviceName":null}', '{"deviceName":1}', '{"deviceName":["x"]}', '{"alias":"x"}',
        '{"x":{"deviceName":"y"}}', '{"deviceName":"a\nb"}', '{"deviceName":"a\u0000b"}', '{"deviceName":"\u007f"}', '{"deviceName":"\u0085"}',
        '{"deviceName":"x","deviceName":2}', '{"DeviceName":"x"}'),
    ['257 bytes', body => '{"deviceName":"' . 'x' x 257 . '"}'];

rows 'refused' => { put(), resets => [], redis => holds('oathDeviceProfiles', "[$oath]") },
    ['no Content-Type', type => undef, is => [400, "$because the  content-type was not specified and is required"]],
    ['no Content-Type and no body', type => undef, body => undef, is => [400, "$because the  content-type was not specified and is required"]],
    ['no body', body => undef, is => [400, "$because it did not contain any JSON content"]],
    ['a blank body', body => ' ', is => [400, "$because it did not contain any JSON content"]],
    ['a form', type => 'multipart/form-data', is => [400, "$because it did not contain any JSON content"]],
    map({ ["not an object: $_", body => $_, is => [400, "$because the provided content is not a JSON object"]] } '[]', '"x"', '1', 'null', '[{"deviceName":"x"}]'),
    ['not JSON', body => '{"deviceName"}', is => [400, "$because the provided content is not valid JSON", 'line 1, column 14']],
    ['more behind it', body => '{} {}', is => [400, "$because there is trailing data after the JSON content"]],
    ['too large', body => '{"deviceName":"' . 'x' x 65536 . '"}', is => [413, 'The request content is larger than 65536 bytes']],
    ['If-None-Match: *', more => 'If-None-Match: *', is => [501, 'Operation is not supported.'], head => 'version'],
    ['If-None-Match: x', more => 'If-None-Match: x', is => [400, '"x" is not a supported value for If-None-Match on PUT']],
    ['If-None-Match: "x"', more => 'If-None-Match: "x"', is => [400, '"x" is not a supported value for If-None-Match on PUT']],
    ['both', more => "If-None-Match: *\nIf-Match: *", is => [412, 'Simultaneous use of If-Match and If-None-Match not supported for PUT requests']],
    ['a parameter', query => '_x=1', is => [400, q(Unrecognized request parameter '_x')]],
    ['unknown', path => device_path('oath', 'nope'), is => no_device('nope'), head => 'version'],
    ['a collection', path => "$devices/oath", is => [400, 'The resource collection  cannot be updated']],
    ['a deeper path', path => "$devices/oath/a/b", is => [404, q(Resource 'a/b' not found)]],
    ['another user', token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['a bad name by another user', token => 'eve-token', body => '{}', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['a bad name goes before an unknown device', path => device_path('oath', 'nope'), body => '{}', is => $bad, head => 'version'];
rows 'refused' => { put(), resets => [] },
    ['no record, by the user', seed => '', is => no_device($uuid{oath}), head => 'version'],
    ['no record, by an administrator', seed => '', token => 'root-token', is => [404, 'User demo not found'], head => 'version'];

rows 'read one' => { get(), query => undef },
    ['webauthn by credentialId', path => device_path('webauthn', 'AbksZf_-9'), is => 200, text => webauthn_item(), head => $item],
    ['webauthn by uuid', path => device_path('webauthn'), is => 200, text => webauthn_item(), head => $item],
    ['_fields', path => device_path('webauthn'), query => '_fields=credentialId', is => 200, head => $item,
        text => webauthn_item() =~ s/"createdDate.*?"cred/"cred/r =~ s/,"deviceName.*\}/}/r],
    ['an escaped credentialId', path => device_path('webauthn', 'a/b' =~ s/\//%2F/r), is => 200, head => $item, like => '"_id":"u"',
        seed => seed_of(webauthnDeviceProfiles => '[{"uuid":"u","credentialId":"a\/b"}]')],
    ['unknown', path => device_path('webauthn', 'nope'), is => no_device('nope'), head => 'version'],
    ['a tag that does not match', path => device_path('webauthn'), more => 'If-None-Match: "1"', is => 200, text => webauthn_item(), head => $item],
    ['If-None-Match: *', path => device_path('webauthn'), more => 'If-None-Match: *', is => [412, 'If-None-Match * not appropriate for GET requests']],
    ['If-Match', path => device_path('webauthn'), more => 'If-Match: *', is => [412, 'If-Match not supported for GET requests']],
    ['_action', path => device_path('webauthn'), query => '_action=x', is => [400, q(Unrecognized request parameter '_action')]],
    ['oath', path => device_path('oath'), is => [501, 'Operation is not supported.']],
    ['push', path => device_path('push'), is => [501, 'Operation is not supported.']],
    ['another user', path => device_path('webauthn'), token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']];

run_rows();
