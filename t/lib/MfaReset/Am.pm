# Common parts of the tests of AM's calls: defaults for sections that a block does
# not give, and all headers of AM's responses. Use it after MfaReset::Test.
#
# The callers, unless a block has a `session` and a `seed` of its own:
#   root-token   amAdmin of /, administrator of everything
#   demo-token   demo of /alpha, whose record it is
#   eve-token    eve of /alpha, an ordinary user
package MfaReset::Am;

use v5.36;
use Exporter 'import';
use Test::Nginx::Socket ();

our @EXPORT = qw(am_head universal_id);

my %default = (
    config  => '    location ~ /json/ { mfa_reset am; }',
    session => <<~'END',
        root-token user amAdmin realm / universalId id=amAdmin,ou=user,dc=example,dc=com admin /
        demo-token user demo realm /alpha universalId id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com
        eve-token user eve realm /alpha universalId id=eve,ou=user,o=alpha,ou=services,dc=example,dc=com
        END
    seed => <<~'END',
        HSET mfa:{/alpha/demo} uid demo oath2faEnabled 2 oathDeviceProfiles [1] push2faEnabled 1 pushDeviceProfiles [2]
        END
    request => <<~'END',
        POST /openam/json/realms/root/realms/alpha/users/demo/devices/2fa/oath?_action=reset
        {}
        END
    more_headers => <<~'END',
        Content-Type: application/json
        Accept-API-Version: resource=1.0
        iPlanetDirectoryPro: root-token
        END
);

my $common = <<'END' =~ s/\n/\\r\\n/gr;
Cache-Control: private
Expires: 0
Pragma: no-cache
X-Content-Type-Options: nosniff
X-Frame-Options: SAMEORIGIN
Content-Security-Policy: default-src 'none';frame-ancestors 'none';sandbox
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
END

my %type = (
    json    => 'Content-Type: application/json;charset=UTF-8\r\n',
    text    => 'Content-Type: text/plain;charset=UTF-8\r\n',
    untyped => '',
);

# In the order in which they are sent.
my @own = (
    [warning => 'Warning: 100 chf "Accept-API-Version should be included in the request\."\r\n'],
    [crest   => 'Warning: 100 CREST "Accept-API-Version should be included in the request\."\r\n'],
    [items   => 'Content-API-Version: protocol=2\.1,resource=1\.0\r\n'],
    [items1  => 'Content-API-Version: protocol=1\.0,resource=1\.0\r\n'],
    [version => 'Content-API-Version: resource=1\.0\r\n'],
    [session => 'Content-API-Version: resource=[1-5]\.\d\r\n'],
    [etag    => 'ETag: "\d+"\r\n'],
    [retry   => 'Retry-After: 1\r\n'],
    [allow   => 'Allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n'],
);

Test::Nginx::Socket::add_block_preprocessor(\&complete);

sub complete ($block) {
    return if defined scalar $block->must_die;
    for my $section (sort keys %default) {
        next if defined scalar $block->$section;
        next if $section eq 'config' && defined scalar $block->same_nginx;
        next if $section eq 'request' && defined(scalar $block->raw_request // $block->pipelined_requests);
        $block->set_value($section => $default{$section});
    }
}

# As AM makes it: the realms from the inside out.
sub universal_id ($user, $realm) {
    my $name = $user =~ s/([,+"\\<>;=])/\\$1/gr;
    return join ',', "id=$name", 'ou=user', map({"o=$_"} reverse grep {length} split m{/}, $realm), 'ou=services', 'dc=example', 'dc=com';
}

# A filter for raw_response_headers_like: "404 Not Found, warning" is the whole
# head of that answer, with each of its headers and no other. The words after
# the status are names of %type (json is the default) and of @own.
sub am_head (@heads) {
    my @patterns = map { head_pattern($_) } map { ref ? @$_ : $_ } @heads;
    return @patterns > 1 ? \@patterns : $patterns[0];
}

sub head_pattern ($text) {
    my ($status, @words) = split /,\s*/, $text =~ s/\s+\z//r;
    my %has    = map { $_ => 1 } @words;
    my ($type) = grep { delete $has{$_} } keys %type;
    my $own    = join '', map { delete $has{ $_->[0] } ? $_->[1] : () } @own;
    die "not the name of a header: @{[sort keys %has]}\n" if %has;

    # The status line is nginx's.
    $status =~ s/^503 .*/503 Service Temporarily Unavailable/;
    return "\\AHTTP/1\\.1 $status\\r\\nServer: nginx[^\\r]*\\r\\nDate: [^\\r]+ GMT\\r\\n"
        . $type{ $type // 'json' }
        . "Content-Length: \\d+\\r\\nConnection: (?:close|keep-alive)\\r\\n$common$own\\z";
}

1;
