# Contract am_devices.md, "Query": the list of the devices of one factor.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;

my $devices = "$users/demo/devices/2fa";
my $items   = 'items, version';
my @bare    = ('items, version', '');

sub not_parsed ($name, $value, $what) { return [400, "The value '$value' for parameter '$name' could not be parsed as a $what"] }
sub unrecognized ($name)              { return [400, "Unrecognized request parameter '$name'"] }
sub repeated ($name) { return [400, "Multiple values provided for the single-valued request parameter '$name'"] }
sub exclusive ($one, $other) { return [400, "The parameters $one and $other are mutually exclusive"] }

rows 'the list' => { get(), is => 200, head => $items },
    ['oath',     text => list(oath_item())],
    ['push',     path => "$devices/push", text => list(push_item())],
    ['webauthn', path => "$devices/webauthn", text => list(webauthn_item())],
    ['a slash at the end', path => "$devices/oath/", text => list(oath_item())],
    ['by an administrator', token => 'root-token', text => list(oath_item())],
    ['of the top realm by its other name', path => '/json/realms/root/users/demo/devices/2fa/oath', token => 'root-token',
        seed => "HSET mfa:{/demo} uid demo oathDeviceProfiles '[$oath]'", text => list(oath_item())],
    ['in the old form', path => '/json/users/demo/devices/2fa/oath', query => 'realm=/alpha&_queryId=*', text => list(oath_item())];

rows 'an empty list' => { get(), is => 200, head => 'version', text => list() },
    ['without devices',            seed => seed_of(oathDeviceProfiles => undef)],
    ['with an empty array',        seed => seed_of(oathDeviceProfiles => '[ ]')],
    ['of a user without a record', seed => ''],
    ['of no device with a uuid',   seed => seed_of(oathDeviceProfiles => '[ "eyJ.a.b.c.d", 1, null, [], {}, {"uuid":1}, {"uuid":""}, {"uuid":null} ]')],
    map({ my ($what, $stored) = @$_;
        ["of what is no array: $what", seed => seed_of(oathDeviceProfiles => $stored), log => 'mfa_reset: noted am: ok, caller "id=demo',
            redis => 'HEXISTS mfa:{/alpha/demo} oathDeviceProfiles => 1'] }
        ['an object', '{"uuid":"a"}'], ['text', 'eyJ.a.b.c.d'], ['cut off', '[{"uuid":"a"}'], ['more behind it', '[{"uuid":"a"}] x'],
        ['an unquoted name', '[{uuid:"a"}]'], ['a number', '1'], ['nested deeper than 64', '[' x 65 . ']' x 65]);

my %missing = (a => '', b => '"createdDate":"1","lastAccessDate":null,"deviceName":7,"credentialId":[],');
rows 'what is missing, or of another type' => { is => 200, head => $items },
    map { my $kind = $_;
        my ($name, $id) = $kind eq 'oath' ? ('OATH', '') : $kind eq 'push' ? ('Push', '') : ('WebAuthn', '"credentialId":"",');
        map { my $stored = qq({$missing{$_}"uuid":"a"});
            ["$kind $_", get(path => "$devices/$kind", seed => seed_of("${kind}DeviceProfiles" => "[$stored]")),
                text => list(qq({"_id":"a","_rev":") . rev_of($stored)
                    . qq(","createdDate":0,"lastAccessDate":0,$id"deviceName":"$name Device","uuid":"a","deviceManagementStatus":false})),
                head => $items, is => 200] } sort keys %missing } qw(oath push webauthn);

sub shown ($stored, $uuid, $name, $created = 0) {
    return qq({"_id":"$uuid","_rev":") . rev_of($stored)
        . qq(","createdDate":$created,"lastAccessDate":0,"deviceName":"$name","uuid":"$uuid","deviceManagementStatus":false});
}
sub stored_as ($text) { return get(seed => seed_of(oathDeviceProfiles => $text)) }
my $first  = '{"uuid":"a","deviceName":"1"}';
my $second = '{"uuid":"a","deviceName":"2"}';
my $other  = '{"uuid":"A","deviceName":"3","createdDate":12345678901234567890}';
my $twice  = '{"uuid":"x","\u0075uid":"b","deviceName":"4","deviceName":"5"}';
rows 'the order is the stored one, and of one uuid the first counts' => { is => 200, head => $items },
    ['with encrypted and other values between', stored_as($mixed), text => list(oath_item(), push_item())],
    ['one uuid twice', stored_as("[$first,$other,$second]"), text => list(shown($first, 'a', 1), shown($other, 'A', 3, '12345678901234567890'))],
    ['of a member that is there twice the last counts', stored_as("[$twice]"), text => list(shown($twice, 'b', 5))],
    ['an escaped name and uuid stay escaped', stored_as('[{"uuid":"\u0061\"","deviceName":"\/\u00fc"}]'),
        text => list(shown('{"uuid":"\u0061\"","deviceName":"\/\u00fc"}', '\u0061\"', '\/\u00fc'))];

rows 'a query is parsed and never applied' => { get(), is => 200, head => $items, text => list(oath_item()) },
    map { [$_, query => $_] }
        '_queryId=*', '_queryId=anything', '_queryExpression=x', '_queryFilter=false', '_queryFilter=deviceName+eq+%22x%22',
        '_QUERYFILTER=true', '%5FqueryFilter=true', '_queryFilter=a/b+pr', '_queryFilter=!(a+lt+1)', '_queryFilter=a+sw+%22%5C%22)%22+or+!true+and+(b+ge+-1.5e3)',
        '_queryFilter=%20((true))%20', '_queryId=x&_pageSize=0', '_queryId=x&_pageSize=-1', '_queryId=x&_pageSize=%2B3',
        '_queryId=x&_pagedResultsOffset=5', '_queryId=x&_pagedResultsCookie=abc', '_queryId=x&_pagedResultsCookie=abc&_pagedResultsOffset=0',
        '_queryId=x&_sortKeys=a,-b,%2Bc', map({"_queryId=x&_totalPagedResultsPolicy=$_"} 'NONE', 'none', 'Estimate', 'EXACT'),
        '_queryId=x&y=z&y&%FF';

rows 'a filter that is none' => { get() },
    map { my ($filter, $encoded) = ($_, s/([^\w.])/sprintf '%%%02X', ord $1/gre);
        [$filter, query => "_queryFilter=$encoded", is => not_parsed('_queryFilter', $filter =~ s/(["\\])/$1/gr, 'valid query filter')] }
        '', 'x', 'a eq', 'a eq b', 'true true', '(true', 'true)', '()', 'true or', 'and true', '!', 'a eq "x', 'a eq "x\\"', 'a eq 01', 'nor', 'a pr pr';

rows 'parameters that are refused' => { get() },
    map({ ["_pageSize $_", query => "_queryId=x&_pageSize=$_", is => not_parsed('_pageSize', $_, 'valid integer')] } 'x', '', '1.5', '2147483648', '1x'),
    ['_pagedResultsOffset', query => '_queryId=x&_pagedResultsOffset=-', is => not_parsed('_pagedResultsOffset', '-', 'valid integer')],
    ['_totalPagedResultsPolicy', query => '_queryId=x&_totalPagedResultsPolicy=ALL', is => not_parsed('_totalPagedResultsPolicy', 'ALL', 'valid count policy')],
    map({ ["_sortKeys $_", query => "_queryId=x&_sortKeys=$_", is => not_parsed('_sortKeys', $_, 'comma separated list of sort keys')] } '', 'a,,b', '-'),
    map({ [$_, query => "_queryId=x&$_=1", is => unrecognized($_)] } '_action', '_mimeType', '_x', '_crestapi', '_'),
    map({ ["$_ twice", query => "_queryId=x&$_=1&$_=1", is => repeated($_)] } '_pageSize', '_pagedResultsOffset', '_pagedResultsCookie', '_queryExpression'),
    ['_prettyPrint twice', query => '_queryId=x&_prettyPrint=true&_prettyPrint=true', is => 400,
        text => qq({\n  "code" : 400,\n  "reason" : "Bad Request",\n  "message" : "Multiple values provided for the single-valued request parameter '_prettyPrint'"\n})],
    ['_queryId twice', query => '_queryId=x&_queryId=y', is => repeated('_queryId')],
    ['the first one in the URL counts', query => '_x=1&_queryFilter=x&_pageSize=y', is => unrecognized('_x')],
    ['and goes before one that is there twice later', query => '_pageSize=y&_queryId=a&_queryId=b', is => not_parsed('_pageSize', 'y', 'valid integer')],
    ['but the first of two is judged with the second', query => '_queryId=a&_pageSize=y&_queryId=b', is => repeated('_queryId')],
    ['all go before exclusions', query => '_queryId=a&_queryFilter=true&_x', is => unrecognized('_x')],
    ['an id and a filter', query => '_queryFilter=true&_queryId=a', is => exclusive('_queryId', '_queryFilter')],
    ['an id and an expression', query => '_queryExpression=x&_queryId=a', is => exclusive('_queryId', '_queryExpression')],
    ['a filter and an expression', query => '_queryExpression=x&_queryFilter=true', is => exclusive('_queryFilter', '_queryExpression')],
    ['all three', query => '_queryExpression=x&_queryFilter=true&_queryId=a', is => exclusive('_queryId', '_queryFilter')],
    ['an offset and a cookie', query => '_queryId=a&_pagedResultsCookie=a&_pagedResultsOffset=1', is => exclusive('_pagedResultsOffset', '_pagedResultsCookie')],
    ['on an instance', path => device_path('oath'), is => [400, "The resource instance $uuid{oath} cannot be queried"]],
    ['on an instance of webauthn', path => "$devices/webauthn/a%20b", is => [400, 'The resource instance a b cannot be queried']],
    ['no query', query => undef, is => [400, 'The resource collection  cannot be read']],
    ['none of its parameters', query => '_pageSize=1', is => unrecognized('_pageSize')];

rows 'headers' => { get() },
    ['If-Modified-Since', more => 'If-Modified-Since: x', is => [409, 'Header If-Modified-Since not supported']],
    ['If-Match',          more => "If-None-Match: x\nIf-Match: y", is => [412, 'If-Match not supported for GET requests']],
    ['If-None-Match',     more => 'If-None-Match: x', is => [412, 'If-None-Match not supported for GET requests']],
    ['they go before parameters', more => 'If-None-Match: x', query => '_queryId=a&_x', is => [412, 'If-None-Match not supported for GET requests']],
    ['any Content-Type', more => 'Content-Type: text/plain', is => 200, head => $items, text => list(oath_item())],
    ['a cookie alone: no CSRF check', token => undef, version => undef, cookie => 'iPlanetDirectoryPro=demo-token', is => 200,
        head => 'warning, crest, items, version', text => list(oath_item())],
    ['no version', version => undef, is => 200, head => 'warning, crest, items, version', text => list(oath_item())],
    ['no version, no items', version => undef, seed => '', is => 200, head => 'warning, version', text => list()],
    ['no resource version', version => 'protocol=2.1', is => 200, head => 'warning, crest, items, version', text => list(oath_item())],
    ['another resource version', version => 'resource=1.1', is => [404, q(Resource '' not found)]],
    ['protocol 1.0', version => 'protocol=1.0,resource=1.0', is => 200, head => 'items1, version',
        text => list(oath_item() =~ s/"_id".*?"_rev":"\d+",//r)];

rows '_fields' => { get(), is => 200, head => $items },
    map { my ($fields, @shown) = @$_;
        my ($id) = oath_item() =~ /^\{("_id":"[^"]+","_rev":"\d+")/;
        my %all = oath_item() =~ /"(\w+)":("[^"]*"|\w+)/g;
        [$fields, query => "_queryId=*&$fields", text => list('{' . join(',', $id, map {qq("$_":$all{$_})} @shown) . '}')] }
        ['_fields=_id'], ['_fields=uuid', 'uuid'], ['_fields=uuid,createdDate', 'uuid', 'createdDate'],
        ['_fields=deviceName&_fields=uuid,deviceName', 'deviceName', 'uuid'], ['_fields=%2Fuuid', 'uuid'], ['_fields=nosuch'],
        ['_fields=sharedSecret,recoveryCodes,counter,uuid', 'uuid'], ['_fields=UUID'], ['_fields=uuid/x'], ['_fields=credentialId'],
        ['_fields=_rev,_id,uuid', 'uuid'], ['_fields=uuid,%20createdDate', 'uuid'];
rows '_fields' => { get(), is => 200, head => $items, text => list(oath_item()) },
    map { [$_, query => "_queryId=*&$_"] } '_fields=', '_fields', '_fields=uuid,,createdDate', '_fields=%2F';
rows '_fields' => { get(), is => 200, head => 'items1, version' },
    ['_id in protocol 1.0', query => '_queryId=*&_fields=_id', version => 'protocol=1.0,resource=1.0', text => list('{}')];

sub pretty ($item) { return $item =~ s/^\{/\{\n    /r =~ s/","|,"|(?<=\d)","/",\n    "/gr =~ s/(?<="):/ : /gr }
rows '_prettyPrint' => { get(), is => 200 },
    ['no items', query => '_queryId=*&_prettyPrint=true', seed => '', head => 'version', text => <<~'END' =~ s/\n\z//r],
        {
          "result" : [ ],
          "resultCount" : 0,
          "pagedResultsCookie" : null,
          "totalPagedResultsPolicy" : "NONE",
          "totalPagedResults" : -1,
          "remainingPagedResults" : -1
        }
        END
    ['two items, one field', query => '_queryId=*&_prettyPrint=true&_fields=uuid', seed => seed_of(oathDeviceProfiles => "[$first,$other]"), head => $items,
        text => <<~END =~ s/\n\z//r],
        {
          "result" : [ {
            "_id" : "a",
            "_rev" : "@{[rev_of($first)]}",
            "uuid" : "a"
          }, {
            "_id" : "A",
            "_rev" : "@{[rev_of($other)]}",
            "uuid" : "A"
          } ],
          "resultCount" : 2,
          "pagedResultsCookie" : null,
          "totalPagedResultsPolicy" : "NONE",
          "totalPagedResults" : -1,
          "remainingPagedResults" : -1
        }
        END
    ['an item without members', query => '_queryId=*&_prettyPrint=true&_fields=_id', version => 'protocol=1.0,resource=1.0', head => 'items1, version',
        like => '\A\{\n  "result" : \[ \{ \} \],\n'];

run_rows();
