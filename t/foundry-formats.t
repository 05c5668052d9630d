# Which format answers, and the bytes of each, success and error.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

our $namespace = 'http://schemas.datacontract.org/2004/07/Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts';
our $root      = '<?xml version="1.0" encoding="utf-8"?><ResetTwoFactorAuthenticationResponse'
    . qq( xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="$namespace">);
our $end = '</ResetTwoFactorAuthenticationResponse>';

our %success = (
    json => '{}',
    jsv  => '{}',
    csv  => "ResponseStatus\r\n\r\n",
    xml  => qq($root<ResponseStatus xmlns:d2p1="http://schemas.servicestack.net/types" i:nil="true" />$end),
);
our %not_found = (
    json => '{"responseStatus":{"errorCode":"NotFound","message":"User not found","errors":[]}}',
    jsv  => '{responseStatus:{errorCode:NotFound,message:User not found,errors:[]}}',
    csv  => qq(ResponseStatus\r\n"{errorCode:NotFound,message:User not found,errors:[]}"\r\n),
    xml  => qq($root<ResponseStatus xmlns:d2p1="http://schemas.servicestack.net/types"><d2p1:ErrorCode>NotFound)
        . '</d2p1:ErrorCode><d2p1:Message>User not found</d2p1:Message><d2p1:StackTrace i:nil="true" />'
        . '<d2p1:Errors /><d2p1:Meta xmlns:d3p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays"'
        . " i:nil=\"true\" /></ResponseStatus>$end",
);

# The two calls of each of these paths: one that succeeds, one for an unknown user. The second code is the next one.
sub calls (@paths) {
    return [map {
        my $good = put() =~ s{/users/2fa/reset}{$_}r;
        my $bad  = put(targetUserId => 'u-43', callerCode => '{{code+1}}') =~ s{/users/2fa/reset}{$_}r;
        ($good, $bad)
    } @paths];
}

sub answers ($format) { return [$success{$format}, $not_found{$format}] }

sub accepts ($accept) {
    return "Accept: $accept\nContent-Type: application/json\nX-ss-id: session-of-admin\n";
}

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: JSON, the contract's first call
--- request
PUT /users/2fa/reset
{"targetUserId":"u-42","callerCode":"{{code}}","organisationId":"org-7"}
--- more_headers
Accept: application/json
Content-Type: application/json
X-ss-id: session-of-admin
--- raw_response_headers_like foundry_head: 200 OK
--- response_body chomp
{}
--- redis
HGETALL mfa:{/foundry/org-7/u-42} => {"callerCode:failures":"3","oath2faEnabled":"0","push2faEnabled":"0","uid":"u-42"}
HGET mfa:{/foundry/u-42} oath2faEnabled => "2"
XRANGE mfa:{/foundry/org-7/u-42}:events - + => ~ ^\[\{"action":"reset","api":"foundry","caller":"/foundry/org-7/1","factor":"all","ip":"127.0.0.1","removed":"1","request":"[0-9a-f]{32}"\}\]$



=== TEST 2: JSV, as the operation's own page tells clients
--- request eval
"PUT /users/2fa/reset\n{\n\ttargetUserId: u-42,\n\tcallerCode: {{code}},\n\torganisationId: org-7\n}"
--- more_headers
Accept: text/jsv
Content-Type: text/jsv
X-ss-id: session-of-admin
--- raw_response_headers_like foundry_head: 200 OK, text_jsv
--- response_body chomp
{}
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"



=== TEST 3: JSON by default
--- request eval
main::calls('/users/2fa/reset')
--- raw_response_headers_like eval foundry_head
["200 OK", "404 Not Found"]
--- error_code eval
[200, 404]
--- response_body eval
main::answers('json')



=== TEST 4: XML by Accept
--- request eval
main::calls('/users/2fa/reset')
--- more_headers eval
main::accepts('text/html, text/xml;q=0.9, application/json;q=0.8')
--- raw_response_headers_like eval foundry_head
["200 OK, xml", "404 Not Found, xml"]
--- error_code eval
[200, 404]
--- response_body eval
main::answers('xml')



=== TEST 5: CSV by Accept
--- request eval
main::calls('/users/2fa/reset')
--- more_headers eval
main::accepts('text/csv')
--- raw_response_headers_like eval foundry_head
["200 OK, csv", "404 Not Found, csv"]
--- error_code eval
[200, 404]
--- response_body eval
main::answers('csv')



=== TEST 6: JSV by Accept
--- request eval
main::calls('/users/2fa/reset')
--- more_headers eval
main::accepts('application/jsv')
--- raw_response_headers_like eval foundry_head
["200 OK, jsv", "404 Not Found, jsv"]
--- error_code eval
[200, 404]
--- response_body eval
main::answers('jsv')



=== TEST 7: the suffix counts before everything else
--- request eval
main::calls('/users/2fa/reset.xml?format=csv')
--- more_headers eval
main::accepts('application/jsv')
--- raw_response_headers_like eval foundry_head
["200 OK, xml", "404 Not Found, xml"]
--- error_code eval
[200, 404]
--- response_body eval
main::answers('xml')



=== TEST 8: format in the query counts before Accept
--- request eval
main::calls('/Users/2fa/Reset/?FORMAT=Csv')
--- more_headers eval
main::accepts('application/jsv')
--- raw_response_headers_like eval foundry_head
["200 OK, csv", "404 Not Found, csv"]
--- error_code eval
[200, 404]
--- response_body eval
main::answers('csv')



=== TEST 9: a variant of a format, and a media type; what is none is ignored
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
[map { "PUT /users/2fa/reset?format=$_\n" . '{"targetUserId":"u-42"}' } qw(json.compact application/xml text%2Fcsv html)]
--- more_headers eval
main::accepts('application/jsv')
--- raw_response_headers_like eval foundry_head
["200 OK, json", "200 OK, xml", "200 OK, csv", "200 OK, jsv"]
--- response_body eval
[map { $main::success{$_} } qw(json xml csv jsv)]



=== TEST 10: on the reply routes, too, where forms are read as forms
--- config
    location ~* ^/[a-z]+/reply/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
my $reply = 'reply/ResetTwoFactorAuthenticationRequest';
["POST /jsv/$reply?format=xml\n{targetUserId:u-42}", "POST /json/$reply\ntargetUserId=u-42",
 "POST /json/$reply?format=csv\n--b\r\nContent-Disposition: form-data; name=targetUserId\r\n\r\nu-42\r\n--b--\r\n"]
--- more_headers eval
[map { "Content-Type: $_\nX-ss-id: session-of-admin\n" } 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b']
--- raw_response_headers_like eval foundry_head
["200 OK, xml", "200 OK, json", "200 OK, csv"]
--- response_body eval
[map { $main::success{$_} } qw(xml json csv)]



=== TEST 11: an invalid suffix or route
--- config
    location /users/ { mfa_reset foundry; }
--- request eval
[map { "PUT $_\n{}" } '/users/2fa/reset.JSON', '/users/2fa/reset.html', '/users/2fa', '/users/2fa/reset/x']
--- more_headers eval
main::accepts('text/jsv')
--- error_code eval
[(404) x 4]
--- raw_response_headers_like eval foundry_head
[("404 Not Found, text_jsv") x 4]
--- response_body eval
[('{responseStatus:{errorCode:NotFound,message:Not Found,errors:[]}}') x 4]
--- redis eval
main::events_unchanged()



=== TEST 12: other verbs are not found
--- request eval
[map { "$_ /users/2fa/reset" } qw(GET POST DELETE PATCH OPTIONS)]
--- error_code eval
[(404) x 5]
--- raw_response_headers_like eval foundry_head
[("404 Not Found") x 5]
--- response_body eval
[(main::error_of('NotFound', 'Not Found')) x 5]
--- error_log
mfa_reset: refused foundry: unknown, caller "", target "", reason "another path or method"



=== TEST 13: HEAD is 404 without a body
--- request
HEAD /users/2fa/reset
--- error_code: 404
--- response_body:



=== TEST 14: the method may be overridden
--- request eval
[main::put() =~ s/^PUT/POST/r, main::put(callerCode => '{{code+1}}') =~ s/^PUT/GET/r]
--- more_headers
Content-Type: application/json
X-ss-id: session-of-admin
X-HTTP-Method-Override: PUT
--- error_code eval
[200, 200]



=== TEST 15: reply routes: format and body by the route, PUT and POST
--- config
    location ~* ^/[a-z]+/reply/ { mfa_reset foundry; }
--- request eval
["POST /jsv/reply/ResetTwoFactorAuthenticationRequest\n{targetUserId:u-42,callerCode:{{code}}}",
 "PUT /xml/reply/ResetTwoFactorAuthenticationRequest\n<a><TargetUserId>u-43</TargetUserId><CallerCode>{{code+1}}</CallerCode></a>",
 "GET /csv/reply/ResetTwoFactorAuthenticationRequest"]
--- more_headers eval
main::accepts('application/json')
--- error_code eval
[200, 404, 404]
--- raw_response_headers_like eval foundry_head
["200 OK, jsv", "404 Not Found, xml", "404 Not Found, csv"]
--- response_body eval
['{}', $main::not_found{xml}, qq(ResponseStatus\r\n"{errorCode:NotFound,message:Not Found,errors:[]}"\r\n)]



=== TEST 16: the routes that ServiceStack's clients use
--- config
    location /api/ { mfa_reset foundry; }
--- request eval
[main::put() =~ s{/users/2fa/reset}{/api/ResetTwoFactorAuthenticationRequest}r,
 main::put(targetUserId => 'u-43', callerCode => '{{code+1}}') =~ s{PUT /users/2fa/reset}{POST /api/ResetTwoFactorAuthenticationRequest.csv}r,
 "GET /api/ResetTwoFactorAuthenticationRequest?targetUserId=u-42"]
--- error_code eval
[200, 404, 404]
--- response_body eval
['{}', $main::not_found{csv}, main::error_of('NotFound', 'Not Found')]



=== TEST 17: another namespace
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_xml_namespace http://example.com/types; }
--- request eval
main::put() =~ s/reset/reset.xml/r
--- response_body eval
$main::success{xml} =~ s/\Q$main::namespace\E/http:\/\/example.com\/types/r



=== TEST 18: HTTP/1.0
--- request eval
main::put() =~ s/\n/ HTTP\/1.0\n/r
--- response_body chomp
{}
