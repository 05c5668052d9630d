# Contract "Method and parameters". Every row is one valid call by an
# administrator for demo of /alpha, with the one difference that the row has.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;

my $devices         = '/json/realms/root/realms/alpha/users/demo/devices/2fa/oath';
my $not_implemented = [501, 'Not Implemented'];
my $not_supported   = [501, 'Operation is not supported.'];
my $override        = 'X-HTTP-Method-Override';

sub repeated ($name)     { return [400, "Multiple values provided for the single-valued request parameter '$name'"] }
sub unrecognized ($name) { return [400, "Unrecognized request parameter '$name'"] }
sub cannot ($be)         { return [400, "The resource collection  cannot be $be"] }

rows 'POST and _action=reset' => {},
    ['reset',                     is => 200],
    ['the name in other letters', query => '_ACTION=reset', is => 200],
    ['the value in other letters', query => '_action=Reset', is => $not_implemented, head => 'version'],
    ['all of them',               query => '_action=RESET', is => $not_implemented, head => 'version'],
    ['an encoded value',          query => '_action=re%73et', is => 200],
    ['an encoded name',           query => '%5Faction=reset', is => 200],
    ['empty parameters beside it', query => '&&_action=reset&', is => 200];

rows 'any other action' => { head => 'version', is => $not_implemented },
    map { [$_, query => "_action=$_"] } 'other', 'reset%20', 'reset+', 'reset%00', 'resetx', 'rese', 'reset=1', '%FF';

rows 'the override counts on POST only' => {},
    ['POST as GET',               more => "$override: GET", is => unrecognized('_action')],
    ['POST as GET, without action', more => "$override: GET", query => undef, is => cannot('read')],
    ['POST as DELETE',            more => "$override: DELETE", is => cannot('deleted')],
    ['POST as DELETE, without action', more => "$override: DELETE", query => undef, is => cannot('deleted')],
    ['POST as PATCH',             more => "$override: PATCH", is => cannot('patched')],
    ['POST as POST',              more => "$override: POST", is => 200],
    ['POST as nothing',           more => "$override:", is => 200],
    ['POST as PURGE',             more => "$override: PURGE", is => [501, 'Method PURGE not supported']],
    ['POST as post',              more => "$override: post", is => [501, 'Method post not supported']],
    ['POST as OPTIONS',           more => "$override: OPTIONS", is => 200, text => '', head => 'allow', resets => []],
    ['the header in other letters', more => 'x-http-method-override: DELETE', query => undef, is => cannot('deleted')],
    ['GET as POST',               method => 'GET', body => undef, more => "$override: POST", is => unrecognized('_action')],
    ['DELETE as POST',            method => 'DELETE', body => undef, query => undef, more => "$override: POST", is => cannot('deleted')],
    ['PUT as POST',               method => 'PUT', query => undef, more => "$override: POST", is => cannot('updated')];

rows 'POST without _action' => { query => undef },
    map({ ["protocol $_", version => "protocol=$_,resource=1.0", is => $not_supported, head => 'version'] } '2.1', '2.2'),
    map({ ["protocol $_", version => "protocol=$_,resource=1.0",
            is => [400, "No values provided for the request parameter '_action'"]] } '1.0', '1.2', '2.0', '2', '0.0'),
    ['the default protocol',      is => $not_supported, head => 'version'],
    ['no version at all',         version => undef, is => $not_supported, head => 'warning, version'],
    ['other parameters',          query => 'x=y&action=reset', is => $not_supported, head => 'version'],
    ['an old protocol alone',     version => 'protocol=1.0', head => 'warning',
        is => [400, "No values provided for the request parameter '_action'"]];

rows 'an empty action' => { head => 'version', is => $not_implemented },
    ['?_action=', query => '_action='],
    ['?_action',  query => '_action'],
    ['?_action= in an old protocol', query => '_action=', version => 'protocol=1.0,resource=1.0'];

rows 'other methods' => { body => undef, type => undef },
    ['GET with _action',          method => 'GET', is => unrecognized('_action')],
    ['GET with any _action',      method => 'GET', query => '_action', is => unrecognized('_action')],
    ['GET without',               method => 'GET', query => undef, is => cannot('read')],
    ['DELETE',                    method => 'DELETE', query => undef, is => cannot('deleted')],
    ['DELETE with _action',       method => 'DELETE', is => cannot('deleted')],
    ['PUT',                       method => 'PUT', query => undef, type => 'application/json', body => '{}', is => cannot('updated')],
    ['PUT with _action',          method => 'PUT', type => 'application/json', body => '{}', is => cannot('updated')],
    ['PATCH',                     method => 'PATCH', query => undef, is => cannot('patched')],
    ['PATCH with _action',        method => 'PATCH', is => cannot('patched')],
    ['HEAD',                      method => 'HEAD', is => 501, text => ''],
    map({ [$_, method => $_, is => [501, "Method $_ not supported"]] } qw(PROPFIND COPY UNLOCK));

rows 'OPTIONS' => { method => 'OPTIONS', body => undef, type => undef, is => 200, text => '', head => 'allow', resets => [] },
    ['with a token'],
    ['without a token',           token => undef],
    ['with a bad one in the cookie', token => undef, version => undef, cookie => 'iPlanetDirectoryPro=bad!', head => 'warning, allow'],
    ['without an action',         query => undef],
    ['without a version',         version => undef, head => 'warning, allow'],
    ['with a version that is not served', version => 'resource=2.0'],
    ['of an instance',            path => "$devices/d569bb53"];

rows 'a single-valued parameter given twice' => {},
    ['_action',                   query => '_action=reset&_action=reset', is => repeated('_action')],
    ['_action, once empty',       query => '_action=reset&_action', is => repeated('_action')],
    ['_action in other letters',  query => '_action=reset&_ACTION=other', is => repeated('_action')],
    ['_prettyPrint',              query => '_action=reset&_prettyPrint=x&_prettyPrint=y', is => repeated('_prettyPrint')],
    ['realm in the old form',     path => '/json/users/demo/devices/2fa/oath', query => '_action=reset&realm=/alpha&realm=/alpha', is => repeated('realm')];

my $pretty = qq({\n  "result" : true\n});
rows '_prettyPrint' => {},
    ['true',                      query => '_action=reset&_prettyPrint=true', is => 200, text => $pretty],
    ['before the action',         query => '_prettyPrint=true&_action=reset', is => 200, text => $pretty],
    ['its name in other letters', query => '_action=reset&_PRETTYPRINT=true', is => 200, text => $pretty],
    map({ ["'$_'",            query => "_action=reset&_prettyPrint=$_", is => 200, text => $pretty] } 'TRUE', 'True', 'tRuE'),
    map({ ["'$_' is off", query => "_action=reset&_prettyPrint=$_", is => 200] } 'false', '1', 'yes', '', 'true%20'),
    ['without a value it is off', query => '_action=reset&_prettyPrint', is => 200],
    ['an error of the syntax',    query => '_action=reset&_prettyPrint=true&_mimeType=x', is => 400,
        text => qq({\n  "code" : 400,\n  "reason" : "Bad Request",\n  "message" : "Unrecognized request parameter '_mimeType'"\n})],
    ['an error with a detail',    query => '_action=reset&_prettyPrint=true', body => '{x', is => 400,
        text => qq({\n  "code" : 400,\n  "reason" : "Bad Request",\n  "message" : "The request could not be processed because)
            . qq( the provided content is not valid JSON",\n  "detail" : "line 1, column 2"\n})],
    ['401',                       query => '_action=reset&_prettyPrint=true', token => undef, is => 401,
        text => qq({\n  "code" : 401,\n  "reason" : "Unauthorized",\n  "message" : "Access Denied"\n})],
    ['403',                       query => '_action=reset&_prettyPrint=true', token => undef, version => undef, head => 'warning',
        cookie => 'iPlanetDirectoryPro=root-token', is => 403, text => qq({\n  "code" : 403,\n  "reason" : "Forbidden",\n  "message" : "Forbidden"\n})],
    ['501 of the action',         query => '_action=other&_prettyPrint=true', is => 501, head => 'version',
        text => qq({\n  "code" : 501,\n  "reason" : "Not Implemented",\n  "message" : "Not Implemented"\n})],
    ['not of plain text',         query => '_action=reset&_prettyPrint=true', version => 'v1', is => 400, head => 'untyped',
        text => 'Version string is in an invalid format: v1'];

rows '_fields changes nothing' => { is => 200 },
    ['once',           query => '_action=reset&_fields=a'],
    ['empty',          query => '_action=reset&_fields='],
    ['and may repeat', query => '_action=reset&_fields=a,b&_fields=*&_fields'];

rows '_mimeType on an action' => { is => unrecognized('_mimeType') },
    ['given',            query => '_action=reset&_mimeType=text/plain'],
    ['empty',            query => '_action=reset&_mimeType'],
    ['in other letters', query => '_action=reset&_MIMETYPE=x'],
    ['on another action', query => '_action=other&_mimeType=x'];

rows 'unknown parameters are ignored' => { is => 200 },
    map { [$_, query => "_action=reset&$_"] }
        'x=y', 'x=y&x=z&z', 'action=other', '_unknown', '_pageSize=2', '_queryFilter=true', '=', '_action%20=other', '%FF=%FF', 'realm=/beta';

run_rows();
