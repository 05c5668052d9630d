# A table of calls and responses as blocks of Test::Nginx: each row is a block with one request and
# the row's name. A row gives only its differences:
#
#   rows 'a realm in a realm' => { seed => '…' },        # for the rows that follow
#       [ 'no trailing slash', path => '/json/…', is => 200 ],
#       [ 'not JSON', body => '{', is => [400, 'message', 'detail'], log => 'a line of the log' ];
#   run_rows();
#
# Of the request: method, path, query, body, and the headers type, version, token, cookie; undef
# leaves one out. `more` is lines of further headers. The others are as in a good call by amAdmin
# for demo of /alpha (see MfaReset::Am).
#
# Of the answer, which is compared as a whole, each header of the head and no other included:
#   is        200; or [status, message] or [status, message, detail] for an error as JSON
#   text      any other body
#   like      a pattern for the body, instead
#   head      the words of am_head, if they are not those of the status; undef: any headers
#   resets    the user that is reset, or a list: /alpha/demo after 200, else no user. Each has an
#             event; users without one are as seeded, because a reset writes all or nothing
#   redis     more lines as of `--- redis`
#   log       what must be in the error log
#
# Other names (config, http_config, seed, session, …) are sections. The nginx of the row before is
# kept as long as its configuration is the same.
package MfaReset::AmRows;

use v5.36;
use Exporter 'import';
use MfaReset::Am qw(am_head);

our @EXPORT = qw(rows sections run_rows);

my %default = (
    method  => 'POST',
    path    => '/openam/json/realms/root/realms/alpha/users/demo/devices/2fa/oath',
    query   => '_action=reset',
    body    => '{}',
    type    => 'application/json',
    version => 'resource=1.0',
    token   => 'root-token',
    cookie  => undef,
);

my %reason = (
    200 => 'OK',
    400 => 'Bad Request',
    401 => 'Unauthorized',
    403 => 'Forbidden',
    404 => 'Not Found',
    409 => 'Conflict',
    412 => 'Precondition Failed',
    413 => 'Request Entity Too Large',
    500 => 'Internal Server Error',
    501 => 'Not Implemented',
    503 => 'Service Unavailable',
);

my @own = (keys %default, qw(more is text like head resets redis log));
my (@names, %sections_of);

sub rows ($title, $common, @rows) {
    for my $row (@rows) {
        my ($what, %row) = @$row;
        sections("$title: $what", exchange({ %default, %$common, %row }));
    }
    return;
}

# A row of another kind: a block of that name with these sections.
sub sections ($name, $sections) {
    die "two rows are called \"$name\"\n" if $sections_of{$name};
    $sections_of{$name} = $sections;
    push @names, $name;
    return;
}

# The rows, and after them the blocks of the file's own.
sub run_rows {
    no strict 'refs';
    my $data = *{'main::DATA'}{IO};
    Test::Base::spec_string(join '', map({"=== $_\n\n"} @names), $data ? <$data> : ());
    Test::Nginx::Socket::no_shuffle();
    Test::Nginx::Socket::run_tests();
}

sub json ($text) {
    return $text =~ s/(["\\])/\\$1/gr =~ s/\n/\\n/gr =~ s/\r/\\r/gr;
}

# The status and the body that a row expects.
sub answer ($row) {
    my ($status, @texts) = ref $row->{is} ? @{ $row->{is} } : $row->{is};
    return ($status, $row->{text}) if defined $row->{text} || $row->{like};
    return ($status, '{"result":true}') if $status == 200;
    my @members = map { [$_, shift @texts] } qw(message detail);
    my $body = join ',', map { qq("$_->[0]":") . json($_->[1]) . '"' } grep { defined $_->[1] } @members;
    return ($status, qq({"code":$status,"reason":"$reason{$status}",$body}));
}

sub headers ($row) {
    my %name = (
        type    => 'Content-Type',
        version => 'Accept-API-Version',
        token   => 'iPlanetDirectoryPro',
        cookie  => 'Cookie',
    );
    my @lines = map {"$name{$_}: $row->{$_}"} grep { defined $row->{$_} } qw(type version token cookie);
    return join "\n", @lines, $row->{more} // ();
}

sub request ($row) {
    my $target = $row->{path} . (defined $row->{query} ? "?$row->{query}" : '');
    return "$row->{method} $target" . (defined $row->{body} ? "\n$row->{body}" : '');
}

sub redis_lines ($row, $status) {
    my $resets = $row->{resets} // ($status == 200 ? '/alpha/demo' : []);
    my $events = join ',', map {qq("mfa:{$_}:events")} sort ref $resets ? @$resets : $resets;
    return join "\n", "KEYS *events => [$events]", $row->{redis} // ();
}

# The sections of a row.
sub exchange ($row) {
    my ($status, $body) = answer($row);
    my $words    = exists $row->{head} ? $row->{head} : $status == 200 ? 'version' : '';
    my %sections = (
        request                   => request($row),
        more_headers              => headers($row),
        error_code                => $status,
        redis                     => redis_lines($row, $status),
        defined $words ? (raw_response_headers_like => am_head(join ', ', "$status $reason{$status}", $words || ())) : (),
        $row->{like} ? (response_body_like => $row->{like}) : (response_body => $body),
        defined $row->{log} ? (error_log => $row->{log}) : (),
    );
    my %is_own = map { $_ => 1 } @own;
    $sections{$_} = $row->{$_} for grep { !$is_own{$_} } keys %$row;
    return \%sections;
}

my $configuration = '';

# A block that looks into the log begins a new one, with a new nginx.
sub fill ($block) {
    my $sections = $sections_of{ $block->name };
    $block->set_value($_ => $sections->{$_}) for $sections ? sort keys %$sections : ();
    my $now = join "\0", map { scalar $block->$_ // '' } qw(main_config http_config config user_files log_level);
    $block->set_value(same_nginx => '')
        if $sections && $now eq $configuration && !defined scalar $block->error_log;
    $block->set_value(config => undef) if defined scalar $block->same_nginx;
    $configuration = $sections && !defined scalar $block->must_die ? $now : '';
}

Test::Nginx::Socket::add_block_preprocessor(\&fill);

1;
