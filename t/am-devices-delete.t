# Contract am_devices.md, "Delete one".
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;

my $devices = "$users/demo/devices/2fa";
my $item    = 'version, etag';
my $event   = 'XREVRANGE mfa:{/alpha/demo}:events + - COUNT 1 => ~ ';

sub no_device ($uuid)     { return [404, "User device, $uuid, not found."] }
sub holds ($field, $text) { return "HGET mfa:{/alpha/demo} $field => " . reply($text) }
sub gone ($field)         { return "HEXISTS mfa:{/alpha/demo} $field => 0" }
sub flag ($value)         { return qq(HGET mfa:{/alpha/demo} oath2faEnabled => "$value") }

rows 'the device goes, and the answer shows it as a list does' => { remove(), is => 200, head => $item },
    ['oath',     text => oath_item(), redis => gone('oathDeviceProfiles') . "\n" . flag(0) . "\n" . holds('pushDeviceProfiles', "[$push]")
            . "\n$event\{\"action\":\"delete\",\"api\":\"am\",\"caller\":\"id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com\",\"device\":\"$uuid{oath}\",\"factor\":\"oath\",\"ip\":\"127.0.0.1\",\"removed\":\"1\",\"request\":\"[0-9a-f]+\"\}"],
    ['push',     path => device_path('push'), text => push_item(), redis => gone('pushDeviceProfiles') . "\n" . flag(2)
            . "\nHGET mfa:{/alpha/demo} push2faEnabled => \"1\""],
    ['webauthn', path => device_path('webauthn'), text => webauthn_item(), redis => gone('webauthnDeviceProfiles') . "\n" . flag(2)],
    ['by an administrator', token => 'root-token', text => oath_item()],
    ['a slash at the end', path => device_path('oath') . '/', text => oath_item()],
    ['an encoded uuid', path => device_path('oath', $uuid{oath} =~ s/-/%2D/gr), text => oath_item()],
    ['a body of any kind is not read', body => 'x' x 100, type => 'application/json', text => oath_item()],
    ['an empty object, as SDKs send it', body => '{}', type => 'application/json', text => oath_item()],
    ['a body that is too large', body => 'x' x 70000, type => 'application/json', text => oath_item()],
    ['If-Match of any value', more => 'If-Match: nothing', text => oath_item()],
    ['If-Match: *', more => 'If-Match: *', text => oath_item()],
    ['_fields', query => '_fields=uuid,sharedSecret', text => oath_item() =~ s/"createdDate.*?"uuid/"uuid/r =~ s/,"deviceM.*\}/}/r],
    ['protocol 1.0', version => 'protocol=1.0', head => 'warning, version, etag', text => oath_item() =~ s/"_id".*?"_rev":"\d+",//r],
    ['no version', version => undef, head => 'warning, version, etag', more => 'X-Requested-With: forgerock-sdk', text => oath_item()],
    ['a POST that is overridden', method => 'POST', more => 'X-HTTP-Method-Override: DELETE', text => oath_item()],
    ['pretty', query => '_prettyPrint=true&_fields=uuid', text => sprintf qq({\n  "_id" : "%s",\n  "_rev" : "%s",\n  "uuid" : "%s"\n}), $uuid{oath}, rev_of($oath), $uuid{oath}];

# The text of the list before, the device, and the text after.
my ($a, $b, $c) = map {qq({"uuid":"$_", "n": 12345678901234567890, "e":[ ]})} qw(a b c);
my $jwe = '"eyJhbGciOiJSU0ExXzUifQ.a.b.c.d"';
my @cuts = (
    ['the first',            "[$a,$b,$c]",              'a', "[$b,$c]"],
    ['one between',          "[$a,$b,$c]",              'b', "[$a,$c]"],
    ['the last',             "[$a,$b,$c]",              'c', "[$a,$b]"],
    ['with blanks',          " [ $a ,\n $b\t, $c ] ",   'b', " [ $a ,\n $c ] "],
    ['the last with blanks', " [ $a ,\n $b\t, $c ] ",   'c', " [ $a ,\n $b ] "],
    ['the first with blanks', " [ $a ,\n $b\t, $c ] ",  'a', " [ $b\t, $c ] "],
    ['beside an encrypted value', "[ $jwe , $a ]",      'a', "[ $jwe ]"],
    ['before an encrypted value', "[ $a , $jwe ]",      'a', "[ $jwe ]"],
    ['beside what has no uuid', "[{},$a,null,[[]]]",    'a', '[{},null,[[]]]'],
    ['the first of two with one uuid', qq([$a,{"uuid":"a"}]), 'a', '[{"uuid":"a"}]'],
);
rows 'nothing else of the list is touched' => { remove(), is => 200, head => $item },
    map { my ($what, $before, $uuid, $after) = @$_;
        [$what, seed => seed_of(oathDeviceProfiles => $before), path => device_path('oath', $uuid), like => qq("_id":"$uuid"),
            redis => holds('oathDeviceProfiles', $after)] } @cuts;

rows 'no such device' => { remove(), resets => [], head => 'version', redis => holds('oathDeviceProfiles', "[$oath]") . "\n" . flag(2) },
    ['unknown',          path => device_path('oath', 'nope'), is => no_device('nope')],
    ['in other letters', path => device_path('oath', uc $uuid{oath}), is => no_device(uc $uuid{oath})],
    ['of another kind',  path => device_path('push', $uuid{oath}), is => no_device($uuid{oath})],
    ['by its credentialId', path => device_path('webauthn', 'AbksZf_-9'), is => no_device('AbksZf_-9')],
    ['a name with a slash', path => device_path('oath', 'a%2Fb'), is => no_device('a/b')];
rows 'no such device' => { remove(), resets => [], head => 'version', is => no_device($uuid{oath}) },
    ['the user has no devices', seed => seed_of(oathDeviceProfiles => undef)],
    ['nor a record',            seed => '', redis => 'EXISTS mfa:{/alpha/demo} => 0'],
    map({ ["what is no array stays as it is: $_", seed => seed_of(oathDeviceProfiles => $_), redis => holds('oathDeviceProfiles', $_)] }
        qq({"uuid":"$uuid{oath}"}), "[$oath", "[$oath]]", $oath, 'eyJhbGciOiJSU0ExXzUifQ.a.b.c.d');
rows 'no such device' => { remove(), resets => [], is => [404, 'User demo not found'], head => 'version' },
    ['an administrator learns that there is no user', seed => '', token => 'root-token'];

rows 'an OATH device resets the skip setting' => { remove(), is => 200, head => $item, text => oath_item() },
    map { ["that was " . ($_ // 'absent'), seed => seed_of(oath2faEnabled => $_), redis => flag(0)] } undef, 0, 1, 2, 'x';

rows 'refused' => { remove(), resets => [], redis => holds('oathDeviceProfiles', "[$oath]") },
    ['If-None-Match', more => 'If-None-Match: x', is => [412, 'If-None-Match not supported for DELETE requests']],
    ['If-Modified-Since', more => 'If-Modified-Since: x', is => [409, 'Header If-Modified-Since not supported']],
    ['another Content-Type', type => 'text/plain', body => 'x', is => [400, q(The request could not be processed because it specified the content-type 'text/plain' when)
            . q( only the content-type 'application/json' and 'multipart/form-data' are supported)]],
    map({ ["the parameter $_", query => "$_=1", is => [400, "Unrecognized request parameter '$_'"]] } '_x', '_action', '_queryFilter', '_mimeType', '_pageSize'),
    ['a collection', path => "$devices/oath", is => [400, 'The resource collection  cannot be deleted']],
    ['a deeper path', path => "$devices/oath/a/b", is => [404, q(Resource 'a/b' not found)]],
    ['CSRF', token => undef, version => undef, cookie => 'iPlanetDirectoryPro=demo-token', is => [403, 'Forbidden'], head => 'warning'],
    ['no token', token => undef, is => [401, 'Access Denied']],
    ['no session', token => 'nobody-token', is => [401, 'Access Denied']],
    ['another user', token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['another user, no such device', token => 'eve-token', path => device_path('oath', 'x'), is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['another version', version => 'resource=2.0', is => [404, q(Resource '' not found)]],
    ['no such realm', path => '/json/realms/root/realms/b%2Fc/users/demo/devices/2fa/oath/x', is => [404, 'Realm "/b/c" not found']],
    ['a universal id of another realm', token => 'root-token', path => "$users/id=demo,ou=user,o=beta,ou=services/devices/2fa/oath/$uuid{oath}",
        is => [404, 'User id=demo,ou=user,o=beta,ou=services not found'], head => 'version'];

run_rows();
