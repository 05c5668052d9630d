# Common parts of the tests of Foundry's calls: defaults for sections that a block
# does not give, the codes of a caller's device, tokens signed by Perl and by
# openssl, and all headers of a response. Use it after MfaReset::Test.
#
# The callers, unless a block has a `seed` of its own; all but the last in org-7:
#   session-of-admin   1, an Admin with a device
#   session-of-user    2, an ordinary user
#   session-of-global  3, an Admin of no organisation, with the role Global and a device
#   u-42               the target
#
# `{{code}}` in `request` and `raw_request` is the device's code when the block
# begins, `{{code+1}}` the next one, `{{wrong}}` no code of this time.
package MfaReset::Foundry;

use v5.36;
use Digest::SHA qw(hmac_sha1 hmac_sha256 hmac_sha384 hmac_sha512);
use Exporter 'import';
use File::Temp   qw(tempdir);
use JSON::PP     ();
use MIME::Base64 qw(encode_base64url);

our @EXPORT = qw(foundry_head jwt openssl_jwt rsa_keys admin_claims put error_of events_unchanged);

my $secret = '12345678901234567890';
my $device = '[{"uuid":"d569bb53","recoveryCodes":[],"sharedSecret":"' . unpack('H*', $secret)
    . '","deviceName":"OATH Device","lastLogin":0,"counter":0,"checksumDigit":false,"truncationOffset":0,'
    . '"clockDriftSeconds":0}]';

sub session ($id, $roles, $more) {
    my $type = 'ServiceStack.AuthUserSession, ServiceStack';
    return qq({"__type":"$type","id":"x","userAuthId":"$id","createdAt":"\\/Date(1795379552240)\\/",)
        . qq("roles":$roles,"permissions":[],$more"isAuthenticated":true,"fromToken":false,"tag":0});
}

my %default = (
    config       => '    location ~* ^/users/2fa/reset(\.[a-z]+|/)?$ { mfa_reset foundry; }',
    request      => put(),
    more_headers => "Content-Type: application/json\nX-ss-id: session-of-admin\n",
    seed         => join '', map {"$_\n"} (
        q(SET urn:iauthsession:session-of-admin ') . session(1, '["Admin"]', '"organisationId":"org-7",') . q('),
        q(SET urn:iauthsession:session-of-user ') . session(2, '["User"]', '"organisationId":"org-7",') . q('),
        q(SET urn:iauthsession:session-of-global ') . session(3, '["Admin","Global"]', '') . q('),
        qq(HSET mfa:{/foundry/org-7/1} uid 1 oathDeviceProfiles '$device'),
        qq(HSET mfa:{/foundry/3} uid 3 oathDeviceProfiles '$device'),
        (map {"HSET mfa:{$_/u-42} uid u-42 oath2faEnabled 2 oathDeviceProfiles [1] push2faEnabled 1"
                . ' pushDeviceProfiles [2] challenge:ChallengeSMS 10 lock:ChallengeSMS 1795379552240'
                . ' callerCode:failures 3'} '/foundry', '/foundry/org-7', '/foundry/org-8'),
    ),
);

Test::Nginx::Socket::add_block_preprocessor(\&complete);

sub complete ($block) {
    if (!defined scalar $block->must_die) {
        for my $section (sort keys %default) {
            next if defined scalar $block->$section;
            next if $section eq 'request' && defined(scalar $block->raw_request // $block->pipelined_requests);
            $block->set_value($section => $default{$section});
        }
    }
    for my $section (qw(request raw_request)) {
        my $value = scalar $block->$section // next;
        $block->set_value($section => with_codes($value));
    }
}

# A device's code a number of steps after the present one.
sub code ($ahead = 0) {
    my $hash   = hmac_sha1(pack('Q>', int(time / 30) + $ahead), $secret);
    my $number = unpack 'N', substr $hash, ord(substr $hash, -1) & 15, 4;
    return sprintf '%06d', ($number & 0x7fffffff) % 1_000_000;
}

sub wrong_code {
    my %near = map { code($_) => 1 } -3 .. 3;
    return (grep { !$near{$_} } '000000' .. '000009')[0];
}

sub with_codes ($value) {
    return [map { with_codes($_) } @$value] if ref $value eq 'ARRAY';
    $value =~ s/\{\{code(?:\+(\d))?\}\}/code($1 \/\/ 0)/ge;
    $value =~ s/\{\{wrong\}\}/wrong_code()/ge;
    return $value;
}

# The reset of u-42 in the caller's organisation; `organisationId => …` and the
# like change the members, undef leaves one out.
sub put (%members) {
    my %all  = (targetUserId => 'u-42', callerCode => '{{code}}', organisationId => 'org-7', %members);
    my $json = join ',', map {qq("$_":"$all{$_}")} grep { defined $all{$_} } sort keys %all;
    return "PUT /users/2fa/reset\n{$json}";
}

# The body of an error in JSON.
sub error_of ($code, $message) {
    return qq({"responseStatus":{"errorCode":"$code","message":"$message","errors":[]}});
}

# Lines of `--- redis`: nothing was reset in org-7.
sub events_unchanged {
    return <<~'END';
        HGETALL mfa:{/foundry/org-7/u-42} => {"callerCode:failures":"3","challenge:ChallengeSMS":"10","lock:ChallengeSMS":"1795379552240","oath2faEnabled":"2","oathDeviceProfiles":"[1]","push2faEnabled":"1","pushDeviceProfiles":"[2]","uid":"u-42"}
        KEYS *events => []
        END
}

my %type = (
    json => 'application/json; charset=utf-8',
    xml  => 'application/xml',
    jsv  => 'application/jsv',
    text_jsv => 'text/jsv',
    csv  => 'text/csv',
);

# In the order in which they are sent.
my @own = (
    [authenticate => 'WWW-Authenticate: Bearer realm="/auth/jwt"\r\n'],
    [retry        => 'Retry-After: \d+\r\n'],
);

# A filter for raw_response_headers_like: "404 Not Found, xml" is the whole head
# of that answer, with each of its headers and no other.
sub foundry_head (@heads) {
    my @patterns = map { head_pattern($_) } map { ref ? @$_ : $_ } @heads;
    return @patterns > 1 ? \@patterns : $patterns[0];
}

sub head_pattern ($text) {
    my ($status, @words) = split /,\s*/, $text =~ s/\s+\z//r;
    my %has    = map { $_ => 1 } @words;
    my $type   = (grep { delete $has{$_} } keys %type)[0] // 'json';
    my $own    = join '', map { delete $has{ $_->[0] } ? $_->[1] : () } @own;
    die "not the name of a header: @{[sort keys %has]}\n" if %has;
    my $disposition = $type eq 'csv'
        ? 'Content-Disposition: attachment;filename=ResetTwoFactorAuthenticationRequest\.csv\r\n' : '';
    $status =~ s/^503 .*/503 Service Temporarily Unavailable/;
    return "\\AHTTP/1\\.1 $status\\r\\nServer: nginx[^\\r]*\\r\\nDate: [^\\r]+ GMT\\r\\n"
        . 'Content-Type: ' . quotemeta($type{$type}) . '\r\n'
        . "Content-Length: \\d+\\r\\nConnection: (?:close|keep-alive)\\r\\nVary: Accept\\r\\n$disposition$own\\z";
}

# ---- tokens

my %hmac = (HS256 => \&hmac_sha256, HS384 => \&hmac_sha384, HS512 => \&hmac_sha512);

sub json ($value) {
    return JSON::PP->new->canonical->encode($value);
}

# Of the administrator of org-7.
sub admin_claims (%more) {
    my %claims = (
        sub => 1, iat => time, exp => time + 3600, email => 'alice@example.com', name => 'Alice',
        preferred_username => 'alice', roles => ['Admin'], perms => ['reset2fa'], organisationId => 'org-7', %more);
    delete @claims{ grep { !defined $claims{$_} } keys %claims };
    return \%claims;
}

# Signed by Digest::SHA; `alg` other than that of HMAC has no signature.
sub jwt ($claims, $key, %header) {
    my %head = (typ => 'JWT', alg => 'HS256', %header);
    my $text = join '.', map { encode_base64url(ref $_ ? json($_) : $_) } \%head, $claims;
    my $sign = $hmac{ $head{alg} };
    return "$text." . ($sign ? encode_base64url($sign->($text, $key)) : '');
}

my $directory = tempdir('mfa-reset-keys-XXXXXX', TMPDIR => 1, CLEANUP => 1);

# A new pair, as (private file, public text).
sub rsa_keys ($bits = 2048) {
    my $private = "$directory/rsa$bits-" . rand;
    system("openssl genrsa -out $private $bits 2>/dev/null") == 0 or die "openssl genrsa failed\n";
    my $public = qx{openssl rsa -in $private -pubout 2>/dev/null};
    return ($private, $public);
}

# Signed by the program openssl.
sub openssl_jwt ($claims, $private, $alg = 'RS256') {
    my $text = join '.', map { encode_base64url(json($_)) } { typ => 'JWT', alg => $alg }, $claims;
    my ($bits) = $alg =~ /(\d+)/;
    open my $out, '>', "$directory/signed" or die "$directory: $!\n";
    print $out $text;
    close $out or die "$directory: $!\n";
    my $signature = qx{openssl dgst -sha$bits -sign $private $directory/signed};
    return "$text." . encode_base64url($signature);
}

1;
