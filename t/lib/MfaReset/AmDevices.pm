# What the tests of am_devices.md have in common: three devices of demo in /alpha, one of each kind, as
# AM stores them and as they are shown, and the calls. To be used after MfaReset::AmRows.
#
# The profiles hold what no answer may show, and what a JSON library would change: long numbers, empty
# lists, members that nobody knows, blanks. Whatever a row sends back is searched for the secrets.
package MfaReset::AmDevices;

use v5.36;
use Exporter 'import';

our @EXPORT = qw(get remove put post list item oath_item push_item webauthn_item seed_of device_path rev_of reply
    %uuid $oath $push $webauthn $mixed $users);

our $users = '/openam/json/realms/root/realms/alpha/users';

our %uuid = (
    oath     => '76c0337a-3b05-4d3c-9d9b-2a1f0f4b7a11',
    push     => '8d1e6d35-7f6f-4f0b-8c8c-0b1f7a9f2b22',
    webauthn => 'c0ffee00-1234-4abc-8def-0123456789ab',
);

our $oath = qq({ "uuid": "$uuid{oath}", "recoveryCodes": [ "{SCRYPT}hiddenOath" ], "createdDate": 1728415537308, )
    . q("lastAccessDate": 1728415537309, "sharedSecret": "5ec4e7a1000000000000000000000000", "deviceName": "OATH Device", )
    . q("lastLogin": 57613851, "counter": 12345678901234567890, "checksumDigit": false, "truncationOffset": -1, "clockDriftSeconds": 0, "x": [  ] });
our $push = qq({ "uuid": "$uuid{push}", "recoveryCodes": [  ], "createdDate": 1728415537310, "lastAccessDate": 1728415537311, )
    . q("sharedSecret": "5ec4e7a2AAAA=", "deviceName": "Push Device", "communicationType": "gcm", "deviceType": "android", )
    . q("communicationId": "arn:hiddenPush", "deviceMechanismUID": "hiddenMechanism", "deviceId": "hiddenDeviceId", "issuer": "ForgeRock" });
our $webauthn = qq({ "uuid": "$uuid{webauthn}", "recoveryCodes": [ "{SCRYPT}hiddenWeb" ], "createdDate": 1728415537312, )
    . q("lastAccessDate": 1728415537313, "credentialId": "AbksZf_-9", "algorithm": "ES256", "deviceName": "Ünïcode / \u00fc", "signCount": 3, )
    . q("key": { "kty": "EC", "x": "hiddenX", "y": "hiddenY", "crv": "P-256" } });

# The list of a kind as it is stored, with an encrypted value in it.
our $mixed = qq([ "eyJhbGciOiJSU0ExXzUifQ.a.b.c.d" , $oath,{ "deviceName": "no uuid" },\n$push ]);

sub quoted ($text) {
    return '"' . $text =~ s/([\\"\x00-\x1f])/sprintf '\\x%02X', ord $1/ger . '"';
}

# A text as `--- redis` shows it.
sub reply ($text) { return MfaReset::Resp::show([string => $text]) }

# The record of demo with these fields instead of the usual ones.
sub seed_of (%fields) {
    my %all = (
        uid => 'demo', oath2faEnabled => 2, push2faEnabled => 1,
        oathDeviceProfiles => "[$oath]", pushDeviceProfiles => "[$push]", webauthnDeviceProfiles => "[$webauthn]",
        %fields,
    );
    return 'HSET mfa:{/alpha/demo} ' . join ' ', map { "$_ " . quoted($all{$_}) } grep { defined $all{$_} } sort keys %all;
}

sub device_path ($kind, $uuid = $uuid{$kind}) { return "$users/demo/devices/2fa/$kind/$uuid" }

# What a row needs for each method; the caller is demo, whose devices these are.
sub get (%more) {
    return (seed => seed_of(), method => 'GET', path => "$users/demo/devices/2fa/oath", query => '_queryFilter=true', body => undef,
        type => undef, token => 'demo-token', resets => [], %more);
}
sub remove (%more) { return (get(), method => 'DELETE', path => device_path('oath'), query => undef, resets => '/alpha/demo', %more) }
sub put (%more) {
    return (get(), method => 'PUT', path => device_path('oath'), query => undef, type => 'application/json',
        body => '{"deviceName":"x"}', resets => '/alpha/demo', %more);
}
sub post (%more) { return (get(), method => 'POST', type => 'application/json', body => '{}', query => '_action=check', %more) }

# 31 bits of a hash, as src/am/devices/devices.cpp makes them: word by word, then byte by byte.
sub rev_of ($text) {
    use bigint;
    my $mask   = 2**64 - 1;
    my $factor = 11400714819323198485;
    my $hash   = (length($text) * $factor) & $mask;
    my $mix    = sub ($word) { $hash = (($hash ^ $word) * $factor) & $mask; $hash ^= $hash >> 32 };
    my $whole  = length($text) - length($text) % 8;
    $mix->(unpack 'Q<', substr $text, $_ * 8, 8) for 0 .. $whole / 8 - 1;
    $mix->(ord substr $text, $_, 1) for $whole .. length($text) - 1;
    return '' . ($hash & 0x7FFFFFFF);
}

sub item ($id, $stored, @members) {
    utf8::encode($stored) if utf8::is_utf8($stored);
    return qq({"_id":"$id","_rev":") . rev_of($stored) . '",' . join(',', @members) . '}';
}

sub oath_item { return item($uuid{oath}, $oath, '"createdDate":1728415537308', '"lastAccessDate":1728415537309',
    '"deviceName":"OATH Device"', qq("uuid":"$uuid{oath}"), '"deviceManagementStatus":false') }
sub push_item { return item($uuid{push}, $push, '"createdDate":1728415537310', '"lastAccessDate":1728415537311',
    '"deviceName":"Push Device"', qq("uuid":"$uuid{push}"), '"deviceManagementStatus":false') }
sub webauthn_item { return item($uuid{webauthn}, $webauthn, '"createdDate":1728415537312', '"lastAccessDate":1728415537313',
    '"credentialId":"AbksZf_-9"', '"deviceName":"Ünïcode / \u00fc"', qq("uuid":"$uuid{webauthn}"), '"deviceManagementStatus":false') }

sub list (@items) {
    return '{"result":[' . join(',', @items) . '],"resultCount":' . @items
        . ',"pagedResultsCookie":null,"totalPagedResultsPolicy":"NONE","totalPagedResults":-1,"remainingPagedResults":-1}';
}

1;
