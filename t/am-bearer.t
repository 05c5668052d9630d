# Contract "Beside AM", bearer tokens: an authorization server says whose an access token is. Its callers
# are administrators of one realm, and never a user.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Am;
use MfaReset::AmRows;
use MfaReset::AmDevices;
use MfaReset::BesideAm;

my $bearer = 'mfa_reset_am_bearer introspect=/introspect realm=/alpha;';
my $server = 'unix:$TEST_NGINX_SERVER_ROOT/logs/am.sock';
my $later  = 4102444800;

# The stand-in's location /introspect: what is answered about each token, as a body or as [status, body], and
# `"active":false` about any other.
sub tokens_of (%answer_of) {
    my @answers = map {
        my ($status, $body) = ref $answer_of{$_} ? @{ $answer_of{$_} } : (200, $answer_of{$_});
        my $text = $body =~ s/(['\\])/\\$1/gr;
        "if (\$http_x_body = 'token=$_&token_type_hint=access_token') { return $status '$text'; }";
    } sort keys %answer_of;
    return <<~"END";
        location = /introspect { proxy_pass http://$server:/judge; proxy_set_header X-Body \$request_body; proxy_set_body ""; }
        location = /judge { @answers return 200 '{"active":false}'; }
        END
}

sub introspection ($more = '') {
    return "location = /introspect { internal; proxy_pass http://$server:/introspect; $more }";
}

sub beside ($answers, $directive = $bearer, $more = '') {
    return (
        session     => "sso-token user demo realm /alpha\neve-token user eve realm /alpha",
        token       => undef,
        http_config => am_behind(tokens_of(%$answers)),
        config      => edge("mfa_reset_am_profiles redis; $directive $more", introspection()),
    );
}

sub active (%more) {
    my %said = (sub => '"robot"', scope => '"openid fr:am:* fr:idm:*"', exp => $later, %more);
    return join ',', '{"active":true', map({qq("$_":$said{$_})} grep { defined $said{$_} } sort keys %said), '"x":{}}' =~ s/^(.*)\}$/$1}/r;
}

sub of ($token, $scheme = 'Bearer') { return "Authorization: $scheme $token" }
sub with ($token, %row) { return (more => of($token), %row) }
sub forbidden ($caller) { return [403, "User, id=$caller, not authorized."] }

my $denied  = [401, 'Access Denied'];
my @refused = (is => [503, 'Service Unavailable'], head => 'version, retry');

my %tokens = (
    'good-1'       => active(),
    'a.b_c~d-e'    => undef,
    'a.b_c%7Ed-e'  => active(),
    'a%2Bb%2Fc%3D%3D' => active(),
    'top-1'        => active(scope => '"fr:am:*"'),
    'client-1'     => active(sub => undef, client_id => '"client"', username => '"name"'),
    'empty-1'      => active(sub => '""', client_id => '"client"'),
    'null-1'       => active(sub => 'null', username => '"name"'),
    'name-1'       => active(sub => undef, username => '"name"'),
    'demo-1'       => active(sub => '"demo"'),
    'demoid-1'     => active(sub => '"demo,ou=user,o=alpha,ou=services,dc=example,dc=com"'),
    'narrow-1'     => active(scope => '"fr:am:policy fr:idm:*"'),
    'case-1'       => active(scope => '"FR:AM:*"'),
    'longer-1'     => active(scope => '"fr:am:*x fr:am:"'),
    'none-1'       => active(scope => undef),
    'list-1'       => active(scope => '["fr:am:*"]'),
    'inactive-1'   => '{"active":false,"sub":"robot","scope":"fr:am:*"}',
    'expired-1'    => active(exp => 1),
    'half-1'       => active(exp => '1.5'),
    'ends-1'       => active(exp => undef),
    'real-1'       => active(exp => "$later.5"),
    'nbf-1'        => active(nbf => $later),
    'began-1'      => active(nbf => 1),
    'bearer-1'     => active(token_type => '"bEARER"'),
    'nulls-1'      => active(token_type => 'null', cnf => 'null', nbf => 'null', exp => 'null'),
    'pop-1'        => active(token_type => '"pop"'),
    'type-1'       => active(token_type => '7'),
    'cnf-1'        => active(cnf => '{"jkt":"x"}'),
    'cnf-2'        => active(cnf => '{}'),
);
delete $tokens{'a.b_c~d-e'};

rows 'the server says whose token it is' => { beside(\%tokens) },
    ['an administrator',         with('good-1'), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=robot"'],
    ['the scheme in any case',   more => of('good-1', 'bEARER'), is => 200],
    ['more blanks',              more => of(' good-1'), is => 200],
    ['all that a token has',     with('a.b_c~d-e'), is => 200],
    ['and more',                 with('a+b/c=='), is => 200],
    ['a cookie without a token', with('good-1', cookie => 'iPlanetDirectoryPro=; a=b'), is => 200],
    ['another cookie and no version: no CSRF', with('good-1', cookie => 'a=b', version => undef), is => 200, head => 'warning, version'],
    ['the client',               with('client-1'), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=client"'],
    ['the client, if sub is empty', with('empty-1'), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=client"'],
    ['the name',                 with('name-1'), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=name"'],
    ['the name, if sub is null', with('null-1'), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "caller":"id=name"'],
    ['a caller that looks like a universal id', with('demoid-1'), is => 200, redis => 'XRANGE mfa:{/alpha/demo}:events - + => !~ "id=demo,ou'],
    ['without an end',           with('ends-1'), is => 200],
    ['with a fraction',          with('real-1'), is => 200],
    ['it has begun',             with('began-1'), is => 200],
    ['of the type Bearer',       with('bearer-1'), is => 200],
    ['null says nothing',        with('nulls-1'), is => 200],
    ['the user is unknown',      with('good-1', path => '/openam/json/realms/root/realms/alpha/users/nosuch/devices/2fa/oath'), is => [404, 'User nosuch not found'], head => 'version'],
    ['the version is told',      with('good-1', version => 'resource=2.0'), is => [404, q(Resource '' not found)]];

rows 'the realm of the token' => { beside(\%tokens) },
    ['not above',                with('good-1', path => '/openam/json/users/demo/devices/2fa/oath'), is => forbidden('robot')],
    ['not beside',               with('good-1', path => '/openam/json/alphabet/users/demo/devices/2fa/oath'), is => forbidden('robot')],
    ['below', with('good-1', path => '/openam/json/alpha/eu/users/demo/devices/2fa/oath'), is => [404, 'User demo not found'], head => 'version'],
    ['all of them', with('good-1'), config => edge('mfa_reset_am_profiles redis; mfa_reset_am_bearer introspect=/introspect realm=/;', introspection()), is => 200];

rows 'a token is never a user\'s' => { beside(\%tokens, 'mfa_reset_am_bearer introspect=/introspect realm=/beta; mfa_reset_am_admin demo in=/beta realm=/; mfa_reset_am_admin id=demo realm=/;') },
    ['nor an administrator of the configuration', with('demo-1'), is => forbidden('demo')],
    ['whatever sub looks like',  with('demoid-1'), is => forbidden('demo\\,ou=user\\,o=alpha\\,ou=services\\,dc=example\\,dc=com')];

rows 'the scope' => { beside(\%tokens) },
    ['others',                   with('narrow-1'), is => forbidden('robot'), log => 'the token does not have the scope'],
    ['another case',             with('case-1'), is => forbidden('robot')],
    ['a longer one and a shorter one', with('longer-1'), is => forbidden('robot')],
    ['none',                     with('none-1'), is => forbidden('robot')],
    ['a list',                   with('list-1'), is => forbidden('robot')],
    ['another by configuration', beside(\%tokens, 'mfa_reset_am_bearer introspect=/introspect realm=/alpha scope=fr:am:policy;'), with('narrow-1'), is => 200],
    ['and not that one then',    beside(\%tokens, 'mfa_reset_am_bearer introspect=/introspect realm=/alpha scope=fr:am:policy;'), with('good-1'), is => forbidden('robot')],
    ['before the version',       with('narrow-1', version => 'resource=2.0'), is => forbidden('robot')];

rows 'a token that is not good' => { beside(\%tokens), is => $denied },
    ['inactive',                 with('inactive-1'), log => 'reason "the token is not active"'],
    ['unknown',                  with('nosuch-1')],
    ['expired',                  with('expired-1'), log => 'reason "the token has expired"'],
    ['expired, with a fraction', with('half-1')],
    ['not valid yet',            with('nbf-1'), log => 'reason "the token is not valid yet"'],
    ['of another type',          with('pop-1'), log => 'reason "the token is not of the type Bearer"'],
    ['a type that is no text',   with('type-1')],
    ['bound to a key',           with('cnf-1'), log => 'reason "the token is bound to a key"'],
    ['bound, it does not say to what', with('cnf-2')];

rows 'not asked' => { beside({}), is => $denied, no_error_log => '/judge' },
    ['no token',                 more => 'Authorization: Bearer'],
    ['no session to tell',       with('good-1', path => '/openam/json/realms/root/realms/alpha/sessions', query => '_action=getSessionInfo', version => 'resource=2.0')],
    ['no scheme',                more => 'Authorization: good-1'],
    ['another scheme',           more => of('good-1', 'Basic')],
    ['two words',                more => of('good 1')],
    ['a character that no token has', more => of('good*1')],
    ['= inside',                 more => of('good=1')],
    ['= alone',                  more => of('==')],
    ['too long',                 more => of('a' x 8193), config => "large_client_header_buffers 4 16k;\n" . edge("mfa_reset_am_profiles redis; $bearer", introspection())],
    ['off',                      beside(\%tokens, ''), with('good-1')],
    ['off again inside',         config => "mfa_reset_am_bearer introspect=/introspect realm=/alpha;\n" . edge('mfa_reset_am_profiles redis; mfa_reset_am_bearer off;', introspection()), with('good-1')],
    ['a bad body',               with('good-1', body => '{} x'), is => [400, 'The request could not be processed because there is trailing data after the JSON content']];

rows 'an SSO token goes first' => { beside(\%tokens), no_error_log => '/judge' },
    ['the header',               with('good-1', token => 'sso-token'), is => 200],
    ['the cookie',               with('good-1', cookie => 'iPlanetDirectoryPro=sso-token'), is => 200],
    ['also one that may not',    with('good-1', token => 'eve-token'), is => [403, 'User, id=eve, not authorized.']],
    ['one that is not good',     with('good-1', token => 'nosuch-token'), is => $denied],
    ['one that is malformed',    with('good-1', token => 'a b'), is => $denied];

# Everything else that the server may say: nothing is known then, and nothing is done.
my $unclear = q(the authorization server's answer is not about a token and its caller);
my @odd     = (
    ['active as a text',         '{"active":"true","sub":"robot","scope":"fr:am:*"}'],
    ['active as a number',       '{"active":1,"sub":"robot","scope":"fr:am:*"}'],
    ['active is null',           '{"active":null,"sub":"robot","scope":"fr:am:*"}'],
    ['no active',                '{"sub":"robot","scope":"fr:am:*"}'],
    ['active twice',             '{"active":false,"active":true,"sub":"robot","scope":"fr:am:*"}'],
    ['no caller',                active(sub => undef)],
    ['no caller and no scope',   active(sub => undef, scope => undef)],
    ['empty callers',            active(sub => '""', client_id => '""', username => '""')],
    ['a caller that is no text', active(sub => '7', client_id => '"client"')],
    ['NUL in the caller',        active(sub => '"robot\\u0000eve"')],
    ['an end that is no number', active(exp => '"4102444800"')],
    ['an end beyond numbers',    active(exp => '9' x 30)],
    ['a beginning that is no number', active(nbf => '"1"')],
    ['an array',                 '[{"active":true,"sub":"robot","scope":"fr:am:*"}]'],
    ['true',                     'true'],
    ['no JSON',                  '<html>Sign in</html>'],
    ['half of it',               substr(active(), 0, -1)],
    ['more after it',            active() . ' x'],
    ['nothing',                  ''],
);
rows 'an answer about nothing' => {}, map { [$_->[0], beside({ 'odd-1' => [200, $_->[1]] }), with('odd-1'), @refused, log => qq(reason "$unclear")] } @odd;
rows 'another status' => {}, map { ["$_", beside({ 'odd-1' => [$_, active()] }), with('odd-1'), @refused,
    log => qq(reason "the authorization server did not say whose token it is: it answered $_")] } 201, 204, 400, 401, 403, 404, 500, 503;

rows 'an answer must fit' => {},
    ['not', beside({ 'good-1' => active() . ' ' x 500 }), with('good-1'), @refused,
        config => edge("mfa_reset_am_profiles redis; $bearer", introspection('subrequest_output_buffer_size 500;')),
        log => 'mfa_reset: the answer of subrequest "/introspect" does not fit into subrequest_output_buffer_size'];

rows 'the location' => { beside(\%tokens), with('good-1'), @refused },
    ['is not there',             config => edge("mfa_reset_am_profiles redis; $bearer")],
    ['nobody listens',           config => edge("mfa_reset_am_profiles redis; $bearer", 'location = /introspect { proxy_pass http://unix:/nosuch/as.sock; }')];

# With the devices in AM the token is checked here, and the request with it goes on to AM.
rows 'the devices are AM\'s' => { beside(\%tokens) , config => edge("mfa_reset_am_profiles am; $bearer", introspection()) },
    ['handed on',                with('good-1'), is => 200, text => echo('POST', '/openam/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset', type => 'application/json', length => 2),
        head => undef, resets => '/alpha/demo', redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "action":"forwarded","api":"am","caller":"id=robot"'],
    ['refused',                  with('narrow-1'), is => forbidden('robot')];

# A call of devices is an administrator's like a reset.
rows 'calls of devices' => { beside(\%tokens) },
    ['a list',                   get(token => undef), with('good-1'), is => 200, head => undef, text => list(oath_item())],
    ['a list of another realm',  get(token => undef, path => '/openam/json/users/demo/devices/2fa/oath'), with('good-1'), is => forbidden('robot')],
    ['one goes',                 remove(token => undef), with('good-1'), is => 200, head => undef, text => oath_item(),
        redis => 'XRANGE mfa:{/alpha/demo}:events - + => ~ "action":"delete","api":"am","caller":"id=robot"'],
    ['without the scope none goes', remove(token => undef, resets => []), with('narrow-1'), is => forbidden('robot')],
    ['a token that is not good', remove(token => undef, resets => []), with('inactive-1'), is => $denied];

token(qw(good-1 narrow-1 expired-1 nosuch-1));
run_rows();
