# A stand-in for an AM behind the edge: a server of the same nginx, reached by a real proxy_pass. Its
# responses repeat the request, so that they differ from the edge's own. Use it after MfaReset::Test.
#
#   http_config => am_behind(),                     # the stand-in; more lines of its server may be given
#   config      => edge('mfa_reset_am_profiles redis;')
#
# Its response is echo('GET', '/openam/json', 'X-More: 1'): the method, the raw target and
# the headers X-More, Content-Type, Content-Length, as they came. In X-Result is $mfa_reset_result.
package MfaReset::BesideAm;

use v5.36;
use Exporter 'import';

our @EXPORT = qw(am_behind sessions_of edge session_location echo);

my $socket = 'unix:$TEST_NGINX_SERVER_ROOT/logs/am.sock';

sub am_behind ($more = '') {
    return <<~"END";
        server {
            listen $socket;
            server_name behind;
            $more
            location / { return 200 "\$request_method \$request_uri more=\$http_x_more type=\$http_content_type length=\$http_content_length"; }
        }
        END
}

# The edge's server: `directives` in the location of mfa_reset, `more` beside it.
sub edge ($directives, $more = '') {
    return <<~"END";
            location /openam/json/ { mfa_reset am; mfa_reset_fallback \@am; $directives }
            location \@am { proxy_pass http://$socket; add_header X-Result "\$mfa_reset_result" always; }
            $more
        END
}

# For am_behind: the stand-in's location /sessions, which answers what is given here for the token in
# the cookie, as a body or as [status, body], and 401 for any other token. `-serves => [versions]`: it
# serves only these versions of the resource, as `2.0`, and protocol 1.0; others are 404, as AM's are.
sub sessions_of (%answer_of) {
    my $serves = delete $answer_of{-serves};
    my $served = join '|', map {quotemeta} @{ $serves // [] };
    my $guard = $serves ? qq(if (\$http_accept_api_version !~ "^resource=($served), protocol=1\\.0\$") { return 404 '{"code":404,"reason":"Not Found","message":"Resource version not found"}'; }) : '';
    my @answers = map {
        my ($status, $body) = ref $answer_of{$_} ? @{ $answer_of{$_} } : (200, $answer_of{$_});
        my $text = $body =~ s/(['\\])/\\$1/gr;
        "if (\$http_cookie = 'iPlanetDirectoryPro=$_') { return $status '$text'; }";
    } sort keys %answer_of;
    return "location = /sessions { $guard @answers return 401 '{\"code\":401}'; }";
}

# For edge: the location that `mfa_reset_am_session subrequest=/am-session` names.
sub session_location ($more = '') {
    return "location = /am-session { internal; proxy_pass http://$socket:/sessions; $more }";
}

sub echo ($method, $target, %of) {
    my ($more, $type, $length) = map { $_ // '' } @of{qw(more type length)};
    return "$method $target more=$more type=$type length=$length";
}

1;
