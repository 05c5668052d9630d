# Contract "Beside AM", sessions: AM itself is asked whose token it is. Only a 200 about a user of a
# realm is accepted; a 401 gives 401, everything else 503 and no reset. What is sent to AM byte for
# byte, and an AM that is slow, broken or down, is in t/process/test_beside_am_session.py.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::BesideAm;

my $rest   = '"latestAccessTime":"2026-11-23T01:02:03Z","maxIdleExpirationTime":"2099-01-01T00:00:00Z","maxSessionExpirationTime":"2099-01-01T00:00:00Z","properties":{}';
my $id     = 'id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com';
my $demo   = qq({"username":"demo","universalId":"$id","realm":"/alpha",$rest});
my $source = 'mfa_reset_am_session subrequest=/am-session;';

# A location whose sessions are those of the stand-in.
sub beside ($answers, $directives = '') {
    return (
        session     => '',
        http_config => am_behind(sessions_of(%$answers)),
        config      => edge("mfa_reset_am_profiles redis; $source $directives", session_location()),
    );
}

my %answers = (
    'demo-token' => $demo,
    'DEMO-token' => qq({"username":"DEMO","universalId":"$id","realm":"/Alpha"}),
    'eve-token'  => qq({"username":"eve","universalId":"id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com","realm":"/alpha",$rest}),
    'bare-token' => '{"username":"Bare","realm":"/alpha"}',
    'top-token'  => '{"username":"demo","realm":"/"}',
    'sub-token'  => '{"username":"demo","realm":"/alpha/eu"}',
    'beta-token' => '{"username":"demo","realm":"/alphabet"}',
    'root-token' => '{"username":"amAdmin","realm":"/","universalId":"id=amAdmin,ou=user,dc=example,dc=com","admin":"/"}',
    'agent-token' => qq({"username":"demo","universalId":"id=demo,ou=agent,o=alpha,ou=services,dc=example,dc=com","realm":"/alpha",$rest}),
    'group-token' => qq({"username":"demo","universalId":"id=demo,ou=group,o=alpha,ou=services,dc=example,dc=com","realm":"/alpha",$rest}),
    'moved-token' => qq({"username":"demo","universalId":"id=demo,ou=user,o=beta,ou=services,dc=example,dc=com","realm":"/alpha",$rest}),
    'other-token' => qq({"username":"demo","universalId":"id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com","realm":"/alpha",$rest}),
    'none-token' => [401, '{"code":401,"reason":"Unauthorized","message":"Access Denied"}'],
    'said-token' => [401, $demo],
);

sub forbidden ($id) { return [403, "User, $id, not authorized."] }

rows 'AM says whose token it is' => { beside(\%answers) },
    ['the user',                 token => 'demo-token', is => 200, redis => qq(XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"$id")],
    ['with the token in the cookie', token => undef, cookie => 'iPlanetDirectoryPro=demo-token', is => 200],
    ['in quotes',                token => undef, cookie => 'a=b; iplanetdirectorypro="demo-token"; c=d', is => 200],
    ['a user in other letters',  token => 'DEMO-token', is => 200],
    ['somebody else',            token => 'eve-token', is => forbidden('id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com')],
    ['without a universal id',   token => 'bare-token', is => forbidden('id=Bare')],
    ['the same name in another realm', token => 'top-token', is => forbidden('id=demo')],
    ['in a realm below',         token => 'sub-token', is => forbidden('id=demo')],
    ['in a realm whose name only begins so', token => 'beta-token', is => forbidden('id=demo')],
    ['an agent of the user\'s name', token => 'agent-token', is => forbidden('id=demo,ou=agent,o=alpha,ou=services,dc=example,dc=com')],
    ['a group of the user\'s name', token => 'group-token', is => forbidden('id=demo,ou=group,o=alpha,ou=services,dc=example,dc=com')],
    ['a universal id of another realm', token => 'moved-token', is => forbidden('id=demo,ou=user,o=beta,ou=services,dc=example,dc=com')],
    ['a universal id of another user', token => 'other-token', is => forbidden('id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com')],
    ['nobody is an administrator by what AM says', token => 'root-token', is => forbidden('id=amAdmin,ou=user,dc=example,dc=com')],
    ['a token that is not good', token => 'none-token', is => [401, 'Access Denied']],
    ['a body beside a 401 counts for nothing', token => 'said-token', is => [401, 'Access Denied']],
    ['one that AM does not know', token => 'nobody-token', is => [401, 'Access Denied']],
    ['the session in Redis counts for nothing', token => 'nobody-token', session => 'nobody-token user demo realm /alpha admin /', is => [401, 'Access Denied']];

# AMs and OpenAMs by what they serve: contract "Beside AM", sessions.
sub serving ($versions, $directive = $source) {
    return (session => '', token => 'demo-token', http_config => am_behind(sessions_of('demo-token' => $demo, -serves => $versions)),
        config => edge("mfa_reset_am_profiles redis; $directive", session_location()));
}
my $newer = 'mfa_reset_am_session subrequest=/am-session version=4.0;';
my @refused = (is => [503, 'Service Unavailable'], head => 'version, retry', log => 'reason "AM did not say whose session it is: it answered 404"');

rows 'the version that AM is asked for' => {},
    ['OpenAM and AM before 7',   serving(['2.0']), is => 200],
    ['AM 7 and later',           serving(['2.0', '3.0', '4.0']), is => 200],
    ['the operator names one',   serving(['4.0'], $newer), is => 200],
    ['one number is enough',     serving(['4'], 'mfa_reset_am_session subrequest=/am-session version=4;'), is => 200],
    ['an AM that serves another', serving(['4.0']), @refused],
    ['one too new for AM',       serving(['2.0'], $newer), @refused];

rows 'what AM says is not valid is not' => { beside({
        'demo-token' => '{"valid":false}',
        'told-token' => $demo =~ s/\{/{"valid":false,/r,
        'true-token' => $demo =~ s/\{/{"valid":true,/r,
        'text-token' => $demo =~ s/\{/{"valid":"false",/r }) },
    ['alone',                    token => 'demo-token', is => [401, 'Access Denied']],
    ['whatever else is said',    token => 'told-token', is => [401, 'Access Denied']],
    ['it is',                    token => 'true-token', is => 200],
    ['a text says nothing',      token => 'text-token', is => [503, 'Service Unavailable'], head => 'version, retry', log => q(AM's answer is not about a user's session)];

rows 'what is refused before is not asked' => { beside({}), session => '', log => 'mfa_reset: refused am' },
    ['without a token',          token => undef, is => [401, 'Access Denied'], no_error_log => '/sessions'],
    ['with a malformed one',     token => 'a b c', is => [401, 'Access Denied'], no_error_log => '/sessions'],
    ['CSRF',                     token => undef, version => undef, cookie => 'iPlanetDirectoryPro=demo-token', is => [403, 'Forbidden'], head => 'warning', no_error_log => '/sessions'],
    ['a bad body',               body => '{} x', is => [400, 'The request could not be processed because there is trailing data after the JSON content'], no_error_log => '/sessions'];

# Everything else that AM may say: nothing is known then, and nothing is done.
my $unclear = q(AM's answer is not about a user's session);
my $silent  = 'AM did not say whose session it is';
my @odd = (
    ['no realm',                 '{"username":"demo"}'],
    ['an empty realm',           '{"username":"demo","realm":""}'],
    ['a realm without its slash', '{"username":"demo","realm":"alpha"}'],
    ['a realm with a slash at its end', '{"username":"demo","realm":"/alpha/"}'],
    ['an empty element in the realm', '{"username":"demo","realm":"/alpha//eu"}'],
    ['dots in the realm',        '{"username":"demo","realm":"/beta/../alpha"}'],
    ['a realm that is no text',  '{"username":"demo","realm":["/alpha"]}'],
    ['no user',                  '{"realm":"/alpha"}'],
    ['an empty user',            '{"username":"","realm":"/alpha"}'],
    ['a user that is no text',   '{"username":7,"realm":"/alpha"}'],
    ['no user, null',            '{"username":null,"realm":"/alpha"}'],
    ['an array',                 "[$demo]"],
    ['a string',                 '"demo"'],
    ['an object in another',     qq({"session":$demo})],
    ['no JSON',                  '<html>Sign in</html>'],
    ['half of it',               substr($demo, 0, -1)],
    ['more after it',            "$demo x"],
    ['two answers',              "$demo$demo"],
    ['a name twice',             '{"username":"eve","username":"demo","realm":"/alpha"}'],
    ['NUL in the name',          '{"username":"demo\\u0000eve","realm":"/alpha"}'],
);
my @status = map { ["status $_", [$_, $demo]] } 201, 202, 203, 206, 400, 403, 404, 500, 502, 503;

sub unknown ($why, @odd) {
    return map {
        [$_->[0], beside({ 'demo-token' => $_->[1] }), token => 'demo-token', is => [503, 'Service Unavailable'], head => 'version, retry',
            redis => 'HEXISTS mfa:{/alpha/demo} oathDeviceProfiles => 1', log => qq(reason "$why")]
    } @odd;
}

rows 'an answer about nobody' => {}, unknown($unclear, @odd, ['nothing', [200, '']]);
rows 'an answer that is none' => {}, map { unknown("$silent: it answered $_->[1][0]", $_) } @status, ['a redirect', [302, 'http://127.0.0.1/login']];

rows 'an answer must fit' => { token => 'demo-token' },
    ['just', beside({ 'demo-token' => $demo . ' ' x (500 - length $demo) }),
        config => edge("mfa_reset_am_profiles redis; $source", session_location('subrequest_output_buffer_size 500;')), is => 200],
    ['not', beside({ 'demo-token' => $demo . ' ' x (501 - length $demo) }),
        config => edge("mfa_reset_am_profiles redis; $source", session_location('subrequest_output_buffer_size 500;')),
        is => [503, 'Service Unavailable'], head => 'version, retry',
        log => 'mfa_reset: the answer of subrequest "/am-session" does not fit into subrequest_output_buffer_size'],
    ['and may come by a file', session => '', user_files => ">>> info.json\n$demo" . ' ' x 50_000,
        http_config => am_behind('location /sessions { root $TEST_NGINX_SERVER_ROOT/html; rewrite ^ /info.json break; error_page 405 =200 /info.json; } location = /info.json { root $TEST_NGINX_SERVER_ROOT/html; }'),
        config => edge("mfa_reset_am_profiles redis; $source", session_location('subrequest_output_buffer_size 64k; proxy_buffer_size 1k; proxy_buffers 2 1k; proxy_busy_buffers_size 1k;')), is => 200];

# The operator's location and what it may do to AM's answer, or instead of asking.
sub location ($text, $more = '') {
    return (session => '', http_config => am_behind(sessions_of(%answers)),
        config => edge("mfa_reset_am_profiles redis; $source", "location = /am-session { $text } $more"));
}
my $pass = (session_location() =~ /(proxy_pass [^;]+;)/)[0];

rows 'the location' => { token => 'demo-token', is => [503, 'Service Unavailable'], head => 'version, retry' },
    ['is not there',             location('', ''), config => edge("mfa_reset_am_profiles redis; $source")],
    ['answers by itself',        location("return 200 '$demo';"), is => 200, head => 'version'],
    ['refuses',                  location('return 403;')],
    ['closes',                   location('return 444;'), is => [503, 'Service Unavailable']],
    ['is one of ours',           location('mfa_reset am;')],
    ['is one of ours, with a fallback', location('mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am;')],
    ['nobody listens',           location('proxy_pass http://unix:/nosuch/am.sock;')],
    ['is a file that is there',  location('root $TEST_NGINX_SERVER_ROOT/html; rewrite ^ /info.json break;'), user_files => ">>> info.json\n$demo", is => [503, 'Service Unavailable']],
    ['a page for 401 makes no other of it', location("proxy_intercept_errors on; error_page 401 =200 /page; $pass", "location = /page { return 200 '$demo'; }"), token => 'nobody-token', is => [401, 'Access Denied'], head => ''],
    ['nor one for an AM that is gone', location("error_page 502 504 =200 /page; proxy_pass http://unix:/nosuch/am.sock;", "location = /page { return 200 '$demo'; }")],
    ['nor a server\'s pages',    location("return 500;", "recursive_error_pages on; error_page 401 500 =200 /page; location = /page { return 200 '$demo'; }")],
    ['goes through a rewrite',   location('rewrite ^ /am-session-2 last;', "location = /am-session-2 { $pass }"), is => 200, head => 'version'];

rows 'the parameters of the location' => { token => 'demo-token' },
    ['go with it', session => '', http_config => am_behind(), config => edge('mfa_reset_am_profiles redis; mfa_reset_am_session "subrequest=/am-session?x=1&y=2";',
        q(location = /am-session { if ($args != 'x=1&y=2') { return 500; } return 200 ') . $demo . q('; })), is => 200];

# nginx shares the values of variables among the subrequests of a request: here their headers are not the same.
my $seen = 'X-Marker: of-the-client';
rows 'variables of the client\'s headers' => { token => 'demo-token', more => $seen, http_config => am_behind() },
    ['do not go with it', session => '', config => "if (\$http_x_marker = x) { return 404; }\n" . edge("mfa_reset_am_profiles redis; $source",
        qq(location = /am-session { if (\$http_x_marker) { return 500; } return 200 '$demo'; })), is => 200],
    ['nor come back without a value', session => '', config => edge("mfa_reset_am_profiles redis; $source add_header X-Seen \$http_x_marker;",
        qq(location = /am-session { if (\$http_x_marker) { return 500; } return 200 '$demo'; })), is => 200, head => undef,
        raw_response_headers_like => '\r\nX-Seen: of-the-client\r\n'];

rows 'a module that adds headers' => { token => 'demo-token', session => '',
        main_config => 'load_module /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so;',
        http_config => am_behind(qq(location = /added { set \$added \$http_x_added\$http_x_more\$http_x_last; if (\$added = 123) { return 200 '$demo'; } return 500; })) },
    ['adds its own to what AM is asked', config => edge("mfa_reset_am_profiles redis; $source", 'location = /am-session {
        more_set_input_headers "X-Added: 1" "X-More: 2" "X-Last: 3"; proxy_pass http://unix:$TEST_NGINX_SERVER_ROOT/logs/am.sock:/added; }'), is => 200];

rows 'who asks for what is not served' => { beside(\%answers) },
    ['nobody is told of the version', token => 'none-token', version => 'resource=2.0', is => [401, 'Access Denied']],
    ['nor somebody else',        token => 'eve-token', version => 'resource=2.0', is => forbidden('id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com')],
    ['the user is',              token => 'demo-token', version => 'resource=2.0', is => [404, q(Resource '' not found)]];

rows 'users may be kept from their own' => { beside(\%answers, 'mfa_reset_am_self off;') },
    ['the user',                 token => 'demo-token', is => forbidden($id)];

rows 'without a fallback' => { session => '', http_config => am_behind(sessions_of(%answers)),
        config => qq(location /openam/json/ { mfa_reset am; $source } ) . session_location() },
    ['a reset',                  token => 'demo-token', is => 200],
    ['another path',             token => 'demo-token', path => '/openam/json/x', is => [404, q(Resource 'x' not found)]],
    ['an action other than reset', token => 'demo-token', query => '_action=other', is => [501, 'Not Implemented'], head => 'version'],
    ['which others are not told', token => 'none-token', query => '_action=other', is => [401, 'Access Denied']];

run_rows();
