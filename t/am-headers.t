# Contract "Headers and body". Every row is one valid call by an administrator
# for demo of /alpha, with the one difference that the row has.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $date     = 'Sat, 01 Jan 2022 00:00:00 GMT';
my $not_json = 'The request could not be processed because the provided content is not valid JSON';

sub unsupported ($type) {
    return [400, "The request could not be processed because it specified the content-type '$type' when only the"
        . " content-type 'application/json' and 'multipart/form-data' are supported"];
}

rows 'Content-Type that is taken' => { is => 200 },
    ['absent', type => undef],
    map { ["'$_'", type => $_] } 'application/json', 'APPLICATION/Json', 'application/json; charset=UTF-8', 'application/json;x=y;z', 'application/json ;', 'application/json;', '',
        'multipart/form-data', 'Multipart/Form-Data; boundary=x';

rows 'Content-Type that is not' => {},
    map({ [$_, type => $_, is => unsupported($_)] }
        'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'application/json5', 'application/problem+json', 'text/json',
        'multipart/mixed', 'json', 'application', '*/*', 'application/json,text/plain'),
    ['parameters alone', type => ';charset=UTF-8', is => unsupported('')],
    ['with parameters', type => 'text/plain; charset=UTF-8', is => unsupported('text/plain')],
    ['as it was written', type => 'Text/PLAIN', is => unsupported('Text/PLAIN')],
    ['on DELETE', type => 'text/plain', method => 'DELETE', is => unsupported('text/plain')];

rows 'If-* headers' => {},
    map({ ["$_: $date", more => "$_: $date", is => [409, "Header $_ not supported"]] } 'If-Modified-Since', 'If-Unmodified-Since'),
    map({ ["$_: x", more => "$_: x", is => [409, "Header $_ not supported"]] } 'If-Modified-Since', 'If-Unmodified-Since'),
    map({ my $name = $_; map { ["$name: $_", more => "$name: $_", is => [412, "$name not supported for POST requests"]] } '*', '"a"', 'W/"a", "b"' } 'If-Match', 'If-None-Match'),
    ['empty',            more => 'If-Match:', is => [412, 'If-Match not supported for POST requests']],
    ['in other letters', more => 'IF-NONE-MATCH: *', is => [412, 'If-None-Match not supported for POST requests']],
    ['of DELETE',        more => 'If-Match: *', method => 'DELETE', query => undef, is => [400, 'The resource collection  cannot be deleted']],
    ['If-Range is none of them', more => 'If-Range: "a"', is => 200];

rows 'a body that is empty or one JSON value' => { is => 200 },
    ['absent', body => undef],
    ['white space', body => undef, request => [["POST /json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset\n", " \r\n\t"]],
        more => 'Content-Length: 4'],
    map { [$_, body => $_] } '{}', '{ }', '[]', '"<object>"', '""', 'null', 'true', '0', '-1.5e3', '{"a":[{"b":"\u00e4"}]}', "[\n1,\r\n\t2 ]", '123456789012345678901234567890', "\"\xc3\xa4\"";

rows 'a body that is not JSON, and where not' => {},
    map { my ($body, $detail) = @$_; [$body =~ s/[^ -~]/?/gr, body => $body, is => [400, $not_json, $detail]] }
        ['<object>',           'line 1, column 1'],
        ['_action=reset',      'line 1, column 1'],
        ['{"a":}',             'line 1, column 6'],
        ["{\n  \"a\": nul\n}", 'line 2, column 10'],
        ["{'a':1}",            'line 1, column 2'],
        ['{"a":1,}',           'line 1, column 8'],
        ['[1 2]',              'line 1, column 4'];

rows 'a body that ends too soon, or in the middle of a string' => { like => '\A\{"code":400,"reason":"Bad Request","message":"' . $not_json . '","detail":"line 1, column \d+"\}\z', is => 400 },
    map { [s/[^ -~]/?/gr, body => $_] } '{', '[1', '"a', '{"a":', 'nul', "\"a\tb\"", "\"\xff\"", '"\x"', '"\ud800"';

rows 'more after it' => { is => [400, 'The request could not be processed because there is trailing data after the JSON content'] },
    map { [$_, body => $_] } '{} {}', '{}x', '"a" 1', '[],', "{}\n\n]";

rows 'a multipart body' => { type => 'multipart/form-data; boundary=x', is => 200 },
    ['is not looked into', body => '--x'];

rows '64 KiB of body' => {},
    ['and not more',     body => '"' . 'x' x 65534 . '"', is => 200],
    ['and a byte more',  body => '"' . 'x' x 65535 . '"', is => [413, 'The request content is larger than 65536 bytes']],
    ['and a byte more, in chunks', body => sprintf("%x\r\n\"%s\"\r\n0\r\n\r\n", 65537, 'x' x 65535), more => 'Transfer-Encoding: chunked',
        is => [413, 'The request content is larger than 65536 bytes']],
    ['and much more',    body => '"' . 'x' x 1_000_000 . '"', is => [413, 'The request content is larger than 65536 bytes']],
    ['of multipart, and a byte more', type => 'multipart/form-data', body => 'x' x 65537, is => [413, 'The request content is larger than 65536 bytes']],
    ['and more than client_max_body_size is nginx\'s to refuse', body => 'x' x 2000,
        config => '    location ~ /json/ { client_max_body_size 1k; mfa_reset am; }', like => '<center>nginx', is => 413, head => undef],
    ['and is not counted for GET', method => 'GET', query => undef, body => 'x' x 70000, is => [400, 'The resource collection  cannot be read']];

rows 'nesting' => {},
    ['64 deep',          body => '[' x 64 . ']' x 64, is => 200],
    ['65 deep',          body => '[' x 65 . ']' x 65, is => [400, $not_json, 'nested deeper than 64 at line 1, column 65']],
    ['65 deep of objects', body => '{"a":' x 65 . '1' . '}' x 65, is => [400, $not_json, 'nested deeper than 64 at line 1, column 321']],
    ['60000 deep',       body => '[' x 60000, is => [400, $not_json, 'nested deeper than 64 at line 1, column 65']];

rows 'Accept is never looked at' => { is => 200 },
    map { [$_, more => $_] } 'Accept: text/html', 'Accept:', 'Accept: application/xml;q=1, */*;q=0', 'Accept: ;;', 'Accept-Encoding: gzip', 'Accept-Language: de', 'Range: bytes=0-3';

run_rows();
