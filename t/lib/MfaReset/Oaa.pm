# Common parts of the tests of OAA's calls: defaults for sections that a block does
# not give, and all headers of OAA's responses. Use it after MfaReset::Test.
#
# `portal` has the key portal-key-1 and may reset; the context c0ffee is demo's
# of /alpha, who has three wrong answers to ChallengeEmail and is locked out of
# ChallengeSMS.
package MfaReset::Oaa;

use v5.36;
use Exporter     'import';
use MIME::Base64 qw(encode_base64);

our @EXPORT = qw(basic json oaa_head xml);

my %default = (
    config => <<~'END',
        location /oaa/ { mfa_reset oaa; mfa_reset_oaa_user_file ../html/oaa.users; }
        END
    user_files => <<~'END',
        >>> oaa.users
        portal:{SHA256}BcgN1LFw9pLNE8jS3jX6vny23SfVhIkuL/siBacOPn4=
        END
    seed => <<~'END',
        HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles [1] challenge:ChallengeEmail 3 challenge:ChallengeSMS 10 lock:ChallengeSMS 99999999999999
        HSET mfa:context:c0ffee subject /alpha/demo
        EXPIRE mfa:context:c0ffee 600
        END
    request => <<~'END',
        DELETE /oaa/runtime/challengecounter/v1?challengeType=ChallengeSMS&contextId=c0ffee
        END
    more_headers => 'Authorization: ' . basic('portal:portal-key-1') . "\n",
);

my %type = (
    json => 'Content-Type: application/json\r\n',
    xml  => 'Content-Type: application/xml\r\n',
    text => 'Content-Type: text/plain;charset=UTF-8\r\n',
    none => '',
);
my %own = (
    401 => 'WWW-Authenticate: Basic realm="oaa"\r\n',
    405 => 'Allow: DELETE, OPTIONS\r\n',
    503 => 'Retry-After: 1\r\n',
);

Test::Nginx::Socket::add_block_preprocessor(\&complete);

sub complete ($block) {
    return if defined scalar $block->must_die;
    for my $section (sort keys %default) {
        next if defined scalar $block->$section;
        next if $section eq 'request' && defined scalar $block->raw_request;
        $block->set_value($section => $default{$section});
    }
}

sub basic ($text) { return 'Basic ' . encode_base64($text, '') }

# The bodies of the answer with this status and message.
sub json ($status, $message) { return qq({"responseCode":"$status","responseMessage":"$message"}) }

sub xml ($status, $message) {
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ModelAPIResponse>'
        . "<responseCode>$status</responseCode><responseMessage>$message</responseMessage></ModelAPIResponse>";
}

# A filter for raw_response_headers_like: "404 Not Found, xml" is the whole head
# of that answer, with each of its headers and no other. The second word is of
# %type; json is the default. `allow` is the answer to OPTIONS.
sub oaa_head (@heads) {
    my @patterns = map { head_pattern($_) } map { ref ? @$_ : $_ } @heads;
    return @patterns > 1 ? \@patterns : $patterns[0];
}

sub head_pattern ($text) {
    my ($status, $type) = split /,\s*/, $text =~ s/\s+\z//r;
    my ($code) = $status =~ /^(\d+)/;
    my $own = ($type // '') eq 'allow' ? $own{405} : $own{$code} // '';
    $type = 'none' if ($type // '') eq 'allow';

    # The status line is nginx's.
    $status =~ s/^503 .*/503 Service Temporarily Unavailable/;
    $status =~ s/^405 .*/405 Not Allowed/;
    return "\\AHTTP/1\\.1 $status\\r\\nServer: nginx[^\\r]*\\r\\nDate: [^\\r]+ GMT\\r\\n"
        . ($type{ $type // 'json' } // die "no type is called $type\n")
        . "Content-Length: \\d+\\r\\nConnection: (?:close|keep-alive)\\r\\nCache-Control: no-store\\r\\n$own\\z";
}

1;
