# Contract am_devices.md, "Three reads beside AM's": what a help desk asks.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;

my $devices = "$users/demo/devices/2fa";
my $root    = 'id=amAdmin,ou=user,dc=example,dc=com';
my $demo    = 'id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com';
my $items   = 'items, version';
my $count   = ',"pagedResultsCookie":null,"totalPagedResultsPolicy":"NONE","totalPagedResults":-1,"remainingPagedResults":-1\}\z';

sub items (@items) { return '\A\{"result":\[' . join(',', @items) . '\],"resultCount":' . @items . $count }
sub factor ($name, $devices, $last, $skip = undef) {
    return qq(\\{"_id":"$name","_rev":"\\d+","devices":$devices,"lastAccessDate":$last) . ($skip ? qq(,"skip":"$skip") : '') . '\}';
}
sub challenge ($type, $failures, $until) { return qq(\\{"_id":"\Q$type\E","_rev":"\\d+","failures":$failures,"lockedUntil":$until\\}) }

rows 'overview' => { get(path => $devices), is => 200, head => $items },
    ['of each factor', like => items(factor('oath', 1, 1728415537309, 'NOT_SKIPPABLE'), factor('push', 1, 1728415537311, 'SKIPPABLE'), factor('webauthn', 1, 1728415537313))],
    ['by an administrator', token => 'root-token', like => '"resultCount":3'],
    ['every value counts, and the latest date', seed => seed_of(oathDeviceProfiles => $mixed, pushDeviceProfiles => undef, push2faEnabled => undef, webauthnDeviceProfiles => undef),
        like => items(factor('oath', 4, 1728415537311, 'NOT_SKIPPABLE'))],
    ['a skip flag alone', seed => 'HSET mfa:{/alpha/demo} uid demo push2faEnabled 0', like => items(factor('push', 0, 0, 'NOT_SET'))],
    ['a list that is none', seed => 'HSET mfa:{/alpha/demo} uid demo oathDeviceProfiles {', like => items(factor('oath', 0, 0, 'NOT_SET'))],
    ['a date that is no number', seed => q(HSET mfa:{/alpha/demo} uid demo webauthnDeviceProfiles '[{"uuid":"a","lastAccessDate":"9"},{"uuid":"b","lastAccessDate":7}]'),
        like => items(factor('webauthn', 2, 7))],
    ['challenges by name', seed => 'HSET mfa:{/alpha/demo} uid demo challenge:ChallengeSMS 4 lock:ChallengeSMS 95617584000000 challenge:ChallengeEmail 1 lock:ChallengeIVR 1 lock:X x challenge:Y y',
        like => items(challenge('ChallengeEmail', 1, 0), challenge('ChallengeIVR', 0, 0), challenge('ChallengeSMS', 4, 95617584000000), challenge('X', 0, 0), challenge('Y', 0, 0))],
    ['nothing else of the record', seed => q(HSET mfa:{/alpha/demo} uid demo oath2faEnabled 1 callerCode:step 7 secret hidden), like => items(factor('oath', 0, 0, 'SKIPPABLE'))],
    ['_fields', query => '_queryFilter=true&_fields=devices', like => '\{"_id":"oath","_rev":"\d+","devices":1\}'],
    ['no version', version => undef, head => 'warning, crest, items, version', like => '"resultCount":3'];
rows 'overview' => { get(path => $devices) },
    ['a record with nothing of these', seed => 'HSET mfa:{/alpha/demo} uid demo', is => 200, head => 'version', text => list()],
    ['no record, by the user', seed => '', is => 200, head => 'version', text => list()],
    ['no record, by an administrator', seed => '', token => 'root-token', is => [404, 'User demo not found'], head => 'version'],
    ['a record without a uid is none', seed => 'HSET mfa:{/alpha/demo} challenge:ChallengeSMS 4', token => 'root-token', is => [404, 'User demo not found'], head => 'version'],
    ['no query', query => undef, is => [400, 'The resource collection  cannot be read']],
    ['another user', token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['without a session', token => undef, is => [401, 'Access Denied']],
    ['DELETE', method => 'DELETE', query => undef, is => [404, q(Resource 'users/demo/devices/2fa' not found)]],
    ['If-None-Match', more => 'If-None-Match: x', is => [412, 'If-None-Match not supported for GET requests']];

# Events as they are in Redis; their ids are these.
sub event ($id, %fields) { return "XADD mfa:{/alpha/demo}:events $id " . join ' ', map {"$_ '$fields{$_}'"} sort keys %fields }
my $seed = join "\n", seed_of(),
    event('1795379552240-0', api => 'am',      action => 'reset',  factor => 'oath', caller => $root, ip => '192.0.2.1', request => 'r1', removed => 1),
    event('1795379552241-0', api => 'am',      action => 'delete', factor => 'push', caller => $demo, ip => '192.0.2.2', request => 'r2', removed => 1, device => 'u"1'),
    event('1795379552241-1', api => 'foundry', action => 'reset',  factor => 'all',  caller => $demo, ip => '192.0.2.3', request => 'r3', removed => 0),
    event('1795379552242-0', api => 'am',      action => 'skip',   factor => 'oath', caller => uc $demo, ip => '192.0.2.4', request => 'r4', value => 2),
    event('1795379552243-0', api => 'am',      action => 'rename', factor => 'webauthn', caller => $demo, ip => '192.0.2.5', request => 'r5', device => 'u2', name => 'Läptop', trace => 't/1', other => 'hidden');

sub shown ($id, $rest) { return qq(\\{"_id":"$id","_rev":"\\d+","time":@{[$id =~ s/-.*//r]},$rest\\}) }
my %ip = map { ($_ => qq("ip":"192.0.2.$_",)) } 1 .. 5;
sub events (%ip) {
    return (
        shown('1795379552243-0', qq("api":"am","action":"rename","factor":"webauthn","caller":"$demo",$ip{5}"request":"r5","device":"u2","name":"Läptop","trace":"t/1")),
        shown('1795379552242-0', qq("api":"am","action":"skip","factor":"oath","caller":"@{[uc $demo]}",$ip{4}"request":"r4","value":2)),
        shown('1795379552241-1', qq("api":"foundry","action":"reset","factor":"all","caller":"$demo",$ip{3}"request":"r3","removed":0)),
        shown('1795379552241-0', qq("api":"am","action":"delete","factor":"push","caller":"$demo",$ip{2}"request":"r2","removed":1,"device":"u\\\\"1")),
        shown('1795379552240-0', qq("api":"am","action":"reset","factor":"oath","caller":"$root",$ip{1}"request":"r1","removed":1)),
    );
}
my @all  = events(%ip);
my @mine = events(%ip, 1 => '', 3 => '', 4 => '');
rows 'events' => { get(path => "$devices/events", resets => '/alpha/demo'), seed => $seed, is => 200, head => $items },
    ['by an administrator, the newest first', token => 'root-token', like => items(@all)],
    ['by the user, with the own address alone', like => items(@mine)],
    ['by an administrator of that name, too', session => "demo-token user demo realm /alpha universalId $demo admin /", like => items(@mine)],
    ['two of them', token => 'root-token', query => '_queryFilter=true&_pageSize=2', like => items(@all[0, 1])],
    ['a page of none is all', token => 'root-token', query => '_queryFilter=true&_pageSize=0', like => items(@all)],
    ['a page of many', token => 'root-token', query => '_queryFilter=true&_pageSize=2147483647', like => items(@all)],
    ['_fields', token => 'root-token', query => '_queryFilter=true&_pageSize=1&_fields=time,api', like => items('\{"_id":"1795379552243-0","_rev":"\d+","time":1795379552243,"api":"am"\}')];
my $many = join "\n", 'HSET mfa:{/alpha/demo} uid demo', map { event("$_-0", api => 'am', request => $_) } 1 .. 101;
rows 'events' => { get(path => "$devices/events", resets => '/alpha/demo'), seed => $many, is => 200, head => $items, token => 'root-token' },
    ['at most 100', like => '"_id":"101-0".*"_id":"2-0".*"resultCount":100,'],
    ['not more when more are asked for', query => '_queryFilter=true&_pageSize=101', like => '"resultCount":100,'];
rows 'events' => { get(path => "$devices/events") },
    ['none', is => 200, head => 'version', text => list()],
    ['no record, by the user', seed => '', is => 200, head => 'version', text => list()],
    ['no record, by an administrator', seed => '', token => 'root-token', is => [404, 'User demo not found'], head => 'version'],
    ['another user', token => 'eve-token', is => [403, 'User, id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com, not authorized.']],
    ['no query', query => undef, is => [400, 'The resource collection  cannot be read']],
    ['a deeper path', path => "$devices/events/a", is => [404, q(Resource 'users/demo/devices/2fa/events/a' not found)]];

run_rows();
