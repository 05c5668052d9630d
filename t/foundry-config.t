# Foundry's directives: what `nginx -t` refuses, with file and line; what is inherited.
use v5.36;
use lib 't/lib';
use MfaReset::Test;
use MfaReset::Foundry;

our ($rsa, $rsa_public)     = rsa_keys();
our ($short, $short_public) = rsa_keys(1024);
our $rsa_private = slurp($rsa);
our $ec_public   = qx{openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl ec -pubout 2>/dev/null};
our $certificate = qx{openssl req -x509 -key $rsa -subj /CN=x -days 1 2>/dev/null};
our $key         = 'a key of some forty bytes, for HMAC only.';

sub slurp ($path) {
    open my $in, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$in>;
}

# A filter: the whole emergency, at a line of nginx.conf.
sub refused ($text) {
    chomp $text;
    return qr{^\S+ \S+ \[emerg\] \d+#\d+: \Q$text\E in \S+/conf/nginx\.conf:\d+$};
}

# The same for a key's file, whose whole name is not known here.
sub key_refused ($text) {
    chomp $text;
    return qr{^\S+ \S+ \[emerg\] \d+#\d+: mfa_reset: mfa_reset_foundry_jwt_key "\S+/html/jwt\.key" cannot be used: \Q$text\E in \S+/conf/nginx\.conf:\d+$};
}

my $realm      = 'write a path of printable ASCII characters without braces, quotes and backslashes, such as /foundry';
my $parameters = 'write attempts= and a number from 1 to 1000, or lock= and a time from 1s to 1d';
my $algorithms = 'write alg=HS256, HS384, HS512, RS256, RS384 or RS512';
my @values     = (
    (map { ['mfa_reset_realm', $_, qq(value "%s": $realm)] } '""', 'foundry', '/a/', '//', '/a//b', '"/a b"', '"/a{b"', "/\xc3\xa4"),
    (map { ["mfa_reset_foundry_$_", '""', 'value "": write a name'] } qw(role global organisation jwt_audience jwt_issuer)),
    ['mfa_reset_foundry_role', 'a ""', 'value "": write a name'],
    (map { ['mfa_reset_foundry_xml_namespace', $_, 'value "%s": write a URI'] } '""', '"a b"', '"a\"b"'),
    (map { ['mfa_reset_foundry_roles', $_, 'value "%s": write session or repository'] } 'Session', 'redis', '""'),
    (map { ['mfa_reset_foundry_session_prefix', $_, 'value "%s": write 1 to 64 printable ASCII characters without blanks, braces, '
        . 'quotes and backslashes, such as site1:'] } '""', '"a b"', '"{a}"', 'a' x 65),
    (map { ['mfa_reset_foundry_caller_code', $_, 'value "%s": write required, enrolled or off'] } 'on', 'Required', '""'),
    (map { ['mfa_reset_foundry_caller_code', "required $_", qq(parameter "$_": $parameters)] }
        'attempts=0', 'attempts=1001', 'attempts=', 'attempts=x', 'attempts=-1', 'lock=0', 'lock=999ms', 'lock=25h', 'lock=', 'lock=x', 'locks=1m', '5'),
    ['mfa_reset_foundry_caller_code', 'required lock=900000', qq(parameter "lock=900000": a number alone is in seconds: $parameters)],
    (map { ['mfa_reset_foundry_jwt_key', "nginx.conf $_", qq(parameter "$_": $algorithms)] } 'alg=none', 'alg=hs256', 'alg=', 'HS256', 'alg=ES256'),
);

# Rows of [parameters, bytes of the file, why it is refused].
my @keys = (
    ['', 'x' x 31, 'the secret is too short: HS256 needs at least 32 bytes, and it has 31'],
    ['', 'x' x 31 . "\n", 'the secret is too short: HS256 needs at least 32 bytes, and it has 31'],
    ['', '', 'the secret is too short: HS256 needs at least 32 bytes, and it has 0'],
    ['alg=HS384', 'x' x 47, 'the secret is too short: HS384 needs at least 48 bytes, and it has 47'],
    ['alg=HS512', 'x' x 63, 'the secret is too short: HS512 needs at least 64 bytes, and it has 63'],
    ['alg=HS256', 'public', 'HS256 needs a secret, and this is a key of a key pair'],
    ['', 'private',         'HS256 needs a secret, and this is a key of a key pair'],
    ['', 'certificate',     'HS256 needs a secret, and this is a key of a key pair'],
    ['alg=RS256', 'x' x 64, 'RS256 needs a public key in PEM (BEGIN PUBLIC KEY)'],
    ['alg=RS256', 'private', 'this is a private key: only the public one belongs here'],
    ['alg=RS384', 'short',   'the public key is too short: RS384 needs at least 2048 bits, and it has 1024'],
    ['alg=RS256', 'ec',      'the public key is not an RSA key'],
    ['', 'x' x 16385,        'the file is too long for a key'],
);
our %file = (public => $rsa_public, private => $rsa_private, short => $short_public, ec => $ec_public, certificate => $certificate);

sub value_block ($directive, $value, $refused) {
    my $shown = $value =~ s/\A"(.*)"\z/$1/r =~ s/\\"/"/r;
    return "=== TABLE: $directive $value\n--- config\n    location /users/ { $directive $value; }\n--- must_die\n"
        . qq(--- error_log refused: "$directive" has an invalid ) . $refused =~ s/%s/$shown/r . "\n\n";
}

my $number = 0;

sub key_block ($parameters, $bytes, $refused) {
    my $file = $file{$bytes} // $bytes;
    our @files;
    push @files, ">>> jwt.key\n$file";
    return "=== KEY $number: $parameters, $refused\n--- config\n    location /users/ { mfa_reset_foundry_jwt_key ../html/jwt.key $parameters; }\n"
        . "--- user_files eval: \$main::files[" . $number++ . "]\n--- must_die\n--- error_log key_refused: $refused\n\n";
}

secret('x' x 31, $key);
Test::Base::spec_string(join '', (map { value_block(@$_) } @values), (map { key_block(@$_) } @keys), <DATA>);
no_shuffle();
run_tests();

__DATA__

=== TEST 1: no such file
--- config
    location /users/ { mfa_reset_foundry_jwt_key nosuch.key; }
--- must_die
--- error_log eval
qr{\[emerg\] \d+#\d+: mfa_reset: cannot read mfa_reset_foundry_jwt_key "\S+/conf/nosuch\.key" \(2: No such file or directory\) in \S+/conf/nginx\.conf:\d+}



=== TEST 2: a directory
--- config
    location /users/ { mfa_reset_foundry_jwt_key ../html; }
--- must_die
--- error_log eval
qr{cannot read mfa_reset_foundry_jwt_key "\S+/html" \(21: Is a directory\) in \S+/conf/nginx\.conf:\d+}



=== TEST 3: twice
--- config
    mfa_reset_foundry_jwt_key ../html/jwt.key;
    mfa_reset_foundry_jwt_key ../html/jwt.key;
--- user_files eval
">>> jwt.key\n$main::key"
--- must_die
--- error_log refused: "mfa_reset_foundry_jwt_key" directive is duplicate



=== TEST 4: names and a choice twice
--- config
    mfa_reset_foundry_role a b;
    mfa_reset_foundry_role c;
--- must_die
--- error_log refused: "mfa_reset_foundry_role" directive is duplicate



=== TEST 5: a choice twice
--- config
    mfa_reset_foundry_caller_code off;
    mfa_reset_foundry_caller_code required attempts=3;
--- must_die
--- error_log refused: "mfa_reset_foundry_caller_code" directive is duplicate



=== TEST 6: every directive on every level, inherited and replaced
--- http_config
    mfa_reset_realm /base;
    mfa_reset_foundry_role http;
    mfa_reset_foundry_global http;
    mfa_reset_foundry_organisation http;
    mfa_reset_foundry_jwt_key html/jwt.key alg=HS256;
    mfa_reset_foundry_jwt_audience http;
    mfa_reset_foundry_jwt_issuer http;
    mfa_reset_foundry_caller_code required attempts=1 lock=1d;
    mfa_reset_foundry_xml_namespace urn:http;
--- config
    mfa_reset_realm /;
    mfa_reset_foundry_role reset2fa HelpDesk;
    mfa_reset_foundry_global Global;
    mfa_reset_foundry_organisation tenant;
    mfa_reset_foundry_jwt_key ../html/jwt.key;
    mfa_reset_foundry_jwt_audience server two;
    mfa_reset_foundry_jwt_issuer server;
    mfa_reset_foundry_caller_code off;
    mfa_reset_foundry_xml_namespace urn:server;
    location /users/ { mfa_reset foundry; }
    location /own/ {
        mfa_reset foundry;
        mfa_reset_realm /own;
        mfa_reset_foundry_role other;
        mfa_reset_foundry_global other;
        mfa_reset_foundry_organisation none;
        mfa_reset_foundry_jwt_audience own;
        mfa_reset_foundry_jwt_issuer own;
        mfa_reset_foundry_caller_code enrolled attempts=1000 lock=1s;
        mfa_reset_foundry_xml_namespace urn:own;
    }
--- user_files eval
">>> jwt.key\n$main::key\n>>> ../conf/html/jwt.key\n$main::key"
--- seed
HSET mfa:{/org-7/u-42} uid u-42
HSET mfa:{/own/u-42} uid u-42
--- request eval
[map { main::put(callerCode => undef, @$_[1 .. $#$_]) =~ s{/users/2fa/reset}{/$_->[0]2fa/reset.xml}r }
    ['users/'], ['users/', organisationId => undef], ['own/users/', organisationId => undef], ['own/users/', organisationId => undef]]
--- more_headers eval
my @server = (aud => 'two', iss => 'server', tenant => 'org-7', organisationId => undef, roles => ['HelpDesk']);
my @own    = (aud => 'own', iss => 'own', organisationId => undef);
[map { "Content-Type: application/json\nAuthorization: Bearer " . main::jwt(main::admin_claims(@$_), $main::key) }
    \@server, [@server, tenant => undef], [@own, roles => ['other'], perms => []], [@own, roles => ['HelpDesk']]]
--- error_code eval
[200, 404, 200, 403]
--- response_body_like eval
['xmlns="urn:server"', 'xmlns="urn:server"', 'xmlns="urn:own"', 'xmlns="urn:own"']
