# The forms of a request: types of body, names, the query; and invalid ones. The .NET clients' bytes
# are the contract's.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

our $types = 'http://schemas.datacontract.org/2004/07/Infrastructure.Api.Interfaces.ServiceOperations';

# What .NET's clients send: the body follows when `Expect: 100-continue` has been answered.
sub dotnet ($type, $body) {
    return [
        "PUT /users/2fa/reset HTTP/1.1\r\nAccept: $type\r\nUser-Agent: ServiceStack .NET Client 8.40\r\n"
            . "Accept-Encoding: gzip,deflate\r\nX-ss-id: session-of-admin\r\nContent-Type: $type\r\n"
            . "Host: localhost\r\nContent-Length: " . length($body =~ s/\{\{code\}\}/123456/r)
            . "\r\nExpect: 100-continue\r\nConnection: Close\r\n\r\n",
        $body,
    ];
}

sub unreadable ($type) {
    return error_of('SerializationException',
        "Could not deserialize '$type' request using ResetTwoFactorAuthenticationRequest");
}

sub of_type ($type) { return "Content-Type: $type\nX-ss-id: session-of-admin\n" }

repeat_each(2);
run_tests();

__DATA__

=== TEST 1: XML as the .NET client sends it
--- raw_request eval
main::dotnet('application/xml', qq(\xEF\xBB\xBF<ResetTwoFactorAuthenticationRequest xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="$main::types.UserAccounts"><OrganisationId i:nil="true" xmlns="$main::types" /><CallerCode>{{code}}</CallerCode><TargetUserId>u-42</TargetUserId></ResetTwoFactorAuthenticationRequest>))
--- raw_request_middle_delay: 0.2
--- error_code: 100
--- response_body_like: HTTP/1.1 200 OK
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"



=== TEST 2: JSON as the .NET client sends it
--- raw_request eval
main::dotnet('application/json', '{"TargetUserId":"u-42","CallerCode":"{{code}}"}')
--- raw_request_middle_delay: 0.2
--- error_code: 100
--- response_body_like: HTTP/1.1 200 OK
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"



=== TEST 3: names may have quotes and commas
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET 'mfa:{/foundry/u%2C1%22}' uid u oath2faEnabled 2
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
["PUT /users/2fa/reset\n" . '{"TargetUserId":"u,1\""}']
--- redis
HGET mfa:{/foundry/u%2C1%22} oath2faEnabled => "0"



=== TEST 4: a form
--- request
PUT /users/2fa/reset
TargetUserId=u-42&callercode={{code}}
--- more_headers eval
main::of_type('application/x-www-form-urlencoded; charset=UTF-8')
--- response_body chomp
{}



=== TEST 5: CSV
--- request eval
"PUT /users/2fa/reset\nTargetUserId,CallerCode\r\nu-42,{{code}}\r\n"
--- more_headers eval
main::of_type('text/csv')
--- response_body chomp
{}



=== TEST 6: numbers become text, the last duplicate wins, null is absent
--- seed
SET urn:iauthsession:session-of-admin '{"userAuthId":"1","roles":["Admin"],"isAuthenticated":true}'
HSET mfa:{/foundry/42} uid 42 oath2faEnabled 2
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request
PUT /users/2fa/reset
{"targetUserId":"x","unknown":{"targetUserId":["y"]},"TARGETUSERID":42,"organisationId":null}
--- redis
HGET mfa:{/foundry/42} oath2faEnabled => "0"



=== TEST 7: other types are an empty request
--- request eval
[(main::put()) x 3]
--- more_headers eval
[map { main::of_type($_) } 'text/plain', 'application/octet-stream', 'multipart/mixed; boundary=x']
--- error_code eval
[400, 400, 400]
--- response_body eval
[('{"responseStatus":{"errorCode":"NotEmpty","message":"\'Target User Id\' must not be empty.","errors":[{"errorCode":"NotEmpty","fieldName":"TargetUserId","message":"\'Target User Id\' must not be empty.","meta":{"PropertyName":"Target User Id"}},{"errorCode":"NotEmpty","fieldName":"CallerCode","message":"\'Caller Code\' must not be empty.","meta":{"PropertyName":"Caller Code"}}]}}') x 3]
--- redis eval
main::events_unchanged()



=== TEST 8: multipart, as FormData and .NET write it, and one that does not end
--- config
    location /users/ { mfa_reset foundry; mfa_reset_foundry_caller_code off; }
--- request eval
my $file = qq(--b\r\nContent-Disposition: form-data; name="targetUserId"; filename="u"\r\n\r\nnobody\r\n);
my $part = qq(--b\r\nContent-Disposition: form-data; name="targetUserId"\r\n\r\nu-42\r\n);
["PUT /users/2fa/reset\n$part$file--b--\r\n", qq(PUT /users/2fa/reset\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=TargetUserId\r\n\r\nu-42\r\n--b--\r\n),
 "PUT /users/2fa/reset\n$part--b", "PUT /users/2fa/reset\n$part--b--\r\n"]
--- more_headers eval
[map { main::of_type("multipart/form-data$_") } '; boundary=b', '; boundary="b"', '; boundary=b', '']
--- error_code eval
[200, 200, 400, 400]
--- response_body eval
['{}', '{}', (main::unreadable('multipart/form-data')) x 2]



=== TEST 9: an empty body
--- request
PUT /users/2fa/reset
--- error_code: 400
--- response_body_like: "errorCode":"NotEmpty"



=== TEST 10: one member missing
--- request eval
[main::put(callerCode => undef), main::put(targetUserId => ' ')]
--- error_code eval
[400, 400]
--- response_body eval
['{"responseStatus":{"errorCode":"NotEmpty","message":"\'Caller Code\' must not be empty.","errors":[{"errorCode":"NotEmpty","fieldName":"CallerCode","message":"\'Caller Code\' must not be empty.","meta":{"PropertyName":"Caller Code"}}]}}',
 '{"responseStatus":{"errorCode":"NotEmpty","message":"\'Target User Id\' must not be empty.","errors":[{"errorCode":"NotEmpty","fieldName":"TargetUserId","message":"\'Target User Id\' must not be empty.","meta":{"PropertyName":"Target User Id"}}]}}']



=== TEST 11: the query overrides the body
--- request
PUT /users/2fa/reset?TargetUserId=u-42&organisationid=org-7
{"targetUserId":"u-43","callerCode":"{{code}}","organisationId":"org-8"}
--- response_body chomp
{}
--- redis
HGET mfa:{/foundry/org-7/u-42} oath2faEnabled => "0"



=== TEST 12: a code in the query is not allowed, and not used
--- request eval
[map { main::put() =~ s/reset/reset?$_/r } 'callerCode={{code}}', 'CALLERCODE=', 'x=y&caller%43ode=1']
--- error_code eval
[400, 400, 400]
--- response_body eval
[(main::error_of('NotAllowed', "'Caller Code' is not allowed in the query.")) x 3]
--- redis eval
main::events_unchanged() . 'HEXISTS mfa:{/foundry/org-7/1} callerCode:step => 0'



=== TEST 13: invalid bodies
--- request eval
[map { "PUT /users/2fa/reset\n$_" } '{', '[]', '"u-42"', '{"targetUserId":}', '{} x']
--- error_code eval
[(400) x 5]
--- response_body eval
[(main::unreadable('application/json')) x 5]



=== TEST 14: invalid bodies of each type
--- request eval
["PUT /users/2fa/reset\ntargetUserId:u1", "PUT /users/2fa/reset\n{targetUserId}", "PUT /users/2fa/reset\n[{targetUserId:u1}]",
 "PUT /users/2fa/reset\n<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a><TargetUserId>&b;</TargetUserId></a>",
 "PUT /users/2fa/reset\n<a><TargetUserId>&b;</TargetUserId></a>",
 "PUT /users/2fa/reset\na,b\nc", "PUT /users/2fa/reset\na=%"]
--- more_headers eval
[map { main::of_type($_) } 'text/jsv', 'application/jsv; charset=utf-8', 'text/jsv', 'application/xml', 'text/xml', 'text/csv', 'application/x-www-form-urlencoded']
--- error_code eval
[(400) x 7]
--- response_body eval
[map { main::unreadable($_) } 'text/jsv', 'application/jsv', 'text/jsv', 'application/xml', 'text/xml', 'text/csv', 'application/x-www-form-urlencoded']



=== TEST 15: bytes that are not UTF-8
--- request eval
["PUT /users/2fa/reset\n{\"targetUserId\":\"\xff\",\"callerCode\":\"1\"}", "PUT /users/2fa/reset?targetUserId=%ff\n{}"]
--- error_code eval
[400, 400]
--- response_body eval
[main::unreadable('application/json'), main::unreadable('application/x-www-form-urlencoded')]



=== TEST 16: too large
--- request eval
["PUT /users/2fa/reset\n" . '{"targetUserId":"' . 'x' x 65536 . '"}']
--- error_code: 413
--- response_body eval
main::error_of('RequestEntityTooLarge', 'Request Entity Too Large')



=== TEST 17: at the limit
--- request eval
["PUT /users/2fa/reset\n" . '{"targetUserId":"' . 'x' x (65536 - 42) . '","callerCode":"{{wrong}}"}']
--- error_code: 403
--- response_body_like: InvalidCallerCode



=== TEST 18: a body in chunks
--- raw_request eval
"PUT /users/2fa/reset HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-ss-id: session-of-admin\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
. "15\r\n{\"targetUserId\":\"u-42\r\n18\r\n\",\"callerCode\":\"{{code}}\"}\r\n0\r\n\r\n"
--- response_body chomp
{}
