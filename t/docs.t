# Holds README.md and docs/ against what they describe: the directives, their contexts and defaults,
# the variables, log lines, headers and links; and runs the examples, on nginx and on Redis.
use v5.36;
use utf8;
use open qw(:std :encoding(UTF-8));
use Cwd         qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Temp  qw(tempdir);
use FindBin;
use Test::More;
use lib "$FindBin::Bin/lib";
use MfaReset::Docs qw($root slurp spill found source literals sections blocks without_blocks rows anchors);
use MfaReset::Nginx;
use MfaReset::Redis;
use MfaReset::Resp;

my $directory = tempdir('mfa-reset-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
my @pages     = ('README.md', found('docs/{,*/}*.md'));
$ENV{PATH} .= ':/usr/sbin:/sbin';    # where Debian has nginx, which an ordinary user's path lacks

sub same_names ($got, $wanted, $what) {
    is_deeply([sort @$got], [sort @$wanted], $what);
}

# ---- directives

# Directives as { contexts, values, default } by name, and the case of subjects of each API, as the module has them.
sub directives {
    my (%directives, %case);
    for my $line (split /\n/, qx{'$root/scripts/directives' '${\ module()}'}) {
        my ($name, @cells) = split /\t/, $line, -1;
        if ($name eq 'api') {
            $case{ $cells[0] } = $cells[1];
        } else {
            @{ $directives{$name} }{qw(contexts values default)} = @cells;
        }
    }
    $directives{mfa_reset}{values} = join ' | ', sort(keys %case), 'off';
    $directives{mfa_reset_am_devices}{default}   = 'on';           # for devices in Redis
    $directives{mfa_reset_subject_case}{default} = $case{am};    # the docs say first what it is for am
    return %directives;
}

sub check_directive ($name, $text, $directive) {
    my ($syntax)   = $text =~ /^- \*\*Syntax:\*\* `\Q$name\E (.+);`$/m;
    my ($written)  = $text =~ /^- \*\*Default:\*\* (?:`\Q$name\E (.+?);`.*|—)$/m;
    my ($contexts) = $text =~ /^- \*\*Context:\*\* (.+)$/m;
    ok($syntax, "$name: syntax") or return;
    is($contexts,      $directive->{contexts}, "$name: contexts");
    is($written // '', $directive->{default},  "$name: default");
    my @choices = split / \| /, $directive->{values};
    if (@choices > 1) {
        same_names([split / \| /, $syntax =~ s/ \[.*//r], \@choices, "$name: choices");
    } elsif (@choices) {
        like($text =~ s/\s+/ /gr, qr/\Q$choices[0]\E\b/, "$name: range");
    }
    like($text, qr/^```nginx \w+\n(?:(?!```).)*\b\Q$name\E\b/ms, "$name: example");
}

sub check_directives {
    module() // return pass('no module is built: its directives are not compared');
    my %directives = directives();
    my %sections   = sections('docs/reference/directives.md', 3);
    same_names([keys %sections], [keys %directives], 'one section for each directive, and no other');
    check_directive($_, $sections{$_}, $directives{$_}) for grep { $directives{$_} } sort keys %sections;
}

# ---- variables

sub check_variables {
    my $source   = source('src/nginx/request/variables.cpp');
    my %sections = sections('docs/reference/variables.md', 3);
    same_names([map {s/^\$//r} keys %sections], [$source =~ /ngx_string\("(\w+)"\)/g],
        'one section for each variable, and no other');

    my %used    = map { $_ => 1 } map { source($_) =~ /\bResult::(\w+)/g }
        (map({ found(s/api\.hpp$/*.?pp/r) } found('src/*/api.hpp')), 'src/nginx/request/handler.cpp');
    my %logs = sections('docs/how-to/operate.md', 2);
    my @results = sort keys %used;
    same_names([rows($sections{'$mfa_reset_result'} // '')], \@results, 'variables.md has the results');
    same_names([rows($logs{Logs} // '')], \@results, 'operate.md has the results');
    same_names([rows($sections{'$mfa_reset_redis_state'} // '')],
        [$source =~ /set\(value, "(\w+)"\)/g], 'variables.md has the states of Redis');
}

# ---- what the module says

# Says that a page has a text, which may also be a pattern.
sub has ($pages, $text, $what = $text) {
    my $pattern = ref $text ? $text : qr/\Q$text\E/;
    my @pages   = ref $pages ? @$pages : $pages;
    ok((grep { slurp($_) =~ $pattern } @pages) > 0, join(' or ', @pages) . " has: $what");
}

sub check_log_lines {
    my $page = 'docs/reference/log-lines.md';
    my @all  = map { source($_) } found('src/nginx/*.cpp'), found('src/nginx/*/*.cpp'), found('src/*/module.cpp');
    for my $literal (grep {/^mfa_reset: (?!%V in)/} map { literals($_) } @all) {
        my $pattern = join '.*?', map {quotemeta} split /%\*?[a-zA-Z]+/, $literal =~ s/^mfa_reset: | in %V:%ui$//gr;
        has($page, qr/$pattern/, $literal);
    }
    my @refusals = map {/\brefuse\(\s*[\w.]+(?:\(\))?,\s*\*?[\w.]+(?:\([^)]*\))?,\s*("(?:[^"\\]|\\.)*")/g} @all;
    cmp_ok(scalar @refusals, '>', 2, 'refusals of the configuration are found');
    has($page, s/:.*//sr) for map { literals($_) } @refusals;
    my @warnings = grep {/^.{20}/ && / /} map {s/:.*//sr} map { literals($_) } map {/\b(?:judge|warn)\((.*?)\);/gs} @all;
    cmp_ok(scalar @warnings, '>', 10, 'warnings of the configuration are found');
    has($page, $_) for @warnings;
}

# Why a command or an attempt to connect failed: requests by their status, connections by their log lines.
sub check_failures {
    my $pages = slurp('docs/reference/log-lines.md') . slurp('docs/how-to/troubleshooting.md');
    my @files = map {"src/redis/$_.cpp"} qw(protocol/codec connection/connection connection/connection_commands
        connection/greeting topology/call topology/client topology/cluster_commands topology/node topology/replication
        topology/sentinel topology/sentinel_query);
    for my $path (@files, 'src/nginx/redis/link.cpp', 'src/nginx/redis/lookup.cpp', 'src/nginx/redis/tls.cpp') {
        for my $literal (grep {/^[%\w].* \w/} literals(source($path))) {
            my $pattern = join '.*?', map {quotemeta} split /%\*?[a-zA-Z]+/, $literal;
            ok($pages =~ qr/$pattern/, "log-lines.md or troubleshooting.md has: $literal");
        }
    }
}

# The classes of Redis's errors: each row of the page against the table in src/redis/protocol/errors.cpp.
sub check_error_classes {
    my %section = sections('docs/reference/log-lines.md', 2);
    my %next    = (none => 'nothing', reconnect => 'connects again', other_master => 'looks for the master',
        redirect => 'asks the other node', wait => 'asks again');
    my ($table) = source('src/redis/protocol/errors.cpp') =~ /kClasses\[kErrorClasses\] = \{\n(.*?)\n\};/s;
    my @wanted  = (['NOSCRIPT', "as the answer to the script's text", '', "sends the script's text"], ['any other', '500', '', 'nothing']);
    while ($table =~ /\{"(\w+)", (true|false), Remedy::(\w+), Proof::\w+,\s+(?:"([^"]+)"|\{\})\},/g) {
        push @wanted, [$1, $2 eq 'true' ? '503' : '500', $4 ? "`$4`" : '', $next{$3}] if $1 ne 'NOSCRIPT';
    }
    my @names = $table =~ /\{"/g;
    is(scalar @wanted, @names + 1, 'every class of errors is understood');
    my @rows = map { [(split / *\| */)[1 .. 4]] } grep {/^\| (?:`[A-Z]+`|any other) \|/} split /\n/,
        $section{'When Redis refuses commands'};
    $_->[0] =~ tr/`//d for @rows;
    is_deeply([sort { $a->[0] cmp $b->[0] } @rows], [sort { $a->[0] cmp $b->[0] } @wanted],
        'the table of errors is that of the code');
}

# The literals in the member `.NAME = …` of the refusals of src/am.
sub in_member ($name) {
    my @values  = map { source($_) =~ /\.$name\s*=(.*?)(?=\.\w+ = |\})/gs } found('src/am/*.cpp');
    my %literal = map { $_ => 1 } map { literals($_) } @values;
    return sort keys %literal;
}

sub check_answers {
    my $pages = ['docs/reference/am.md', 'docs/reference/am-devices.md'];
    for (source('src/am/response.cpp') =~ /Header[ \{]\w*\{?("[^"]+",\s*"(?:[^"\\]|\\.)*")/g) {
        my ($name, $value) = literals($_);
        has($pages, $name);
        has($pages, $value) if $name ne 'Allow';
    }
    # A capital letter is the beginning of a message.
    has($pages, /^[A-Z]/ ? qr/`\Q$_\E/ : $_, $_) for in_member('message');
    has('docs/how-to/troubleshooting.md', $_) for in_member('reason');
}

# The literals in calls of a function of src/foundry.
sub in_calls ($name) {
    return map { literals($_) } map { source($_) =~ /\b$name\(("[^"]+")/g } found('src/foundry/*.cpp');
}

sub check_foundry_answers {
    my $page = 'docs/reference/foundry.md';
    my @all  = map { source($_) } found('src/foundry/*.cpp');
    has($page, qr/`\Q$_\E/) for map { literals($_) } map {/\.(?:code|message)\s*=\s*("[^"]+")/g} @all;
    my @headers = map {/\.add\(("[^"]+",\s*"(?:[^"\\]|\\.)*")/g} @all;
    cmp_ok(scalar @headers, '>', 2, 'headers of Foundry are found');
    has($page, join ': ', literals($_)) for @headers;
    my @reasons = map { in_calls("refuse_$_") } qw(unauthenticated forbidden code);
    cmp_ok(scalar @reasons, '>', 8, 'reasons of Foundry are found');
    has('docs/how-to/troubleshooting.md', "`$_`") for @reasons;
}

sub check_oaa_answers {
    my $answers = source('src/oaa/response.cpp');
    my @texts   = map { literals($_) } $answers =~ /return \{"\d+", ("[^"]+")\}/g;
    cmp_ok(scalar @texts, '>', 6, 'the messages of OAA are found');
    has('docs/reference/oaa.md', "`$_`") for @texts;
    my @headers = $answers =~ /(?:\badd\(|kAllow\{)"([\w-]+)"/g;
    same_names(\@headers, [qw(Allow Cache-Control Retry-After WWW-Authenticate)], 'the headers of OAA are found');
    has('docs/reference/oaa.md', "$_: ") for @headers;
    my @reasons = grep {/^\w.* \w/} literals(source('src/oaa/api.cpp'));
    cmp_ok(scalar @reasons, '>', 10, 'the reasons of OAA are found');
    has('docs/how-to/troubleshooting.md', "`$_`") for @reasons;
}

# ---- links

sub is_broken ($page, $link) {
    my ($folder) = $page =~ m{^(.*/)?};
    my ($path, $anchor) = split /#/, $link, 2;
    my $target = length $path ? ($folder // '') . $path : $page;
    return !-e "$root/$target" || defined $anchor && !anchors($target)->{$anchor};
}

sub check_links {
    for my $page (@pages) {
        my @links = grep { !/^https?:/ } without_blocks(slurp($page)) =~ /\]\(([^)\s]+)\)/g;
        is_deeply([grep { is_broken($page, $_) } @links], [], "$page: no link is broken");
    }
}

# ---- examples of nginx

my $paths = join ' ', "access_log $directory/access.log;",
    map {"${_}_temp_path $directory/temp-$_;"} qw(client_body proxy fastcgi uwsgi scgi);
my $load      = 'load_module modules/ngx_http_mfa_reset_module.so; events {}';
my $redis_url = 'mfa_reset_redis redis://127.0.0.1:6379;';

# The module to try the examples with; undef where none is built.
sub module {
    my $module = $ENV{MFA_RESET_MODULE} // "$root/build/ngx_http_mfa_reset_module.so";
    return abs_path($module) if -f $module;
    die "$module is not there\n" if defined $ENV{MFA_RESET_MODULE} && $module ne 'none';
    return undef;
}

# Nothing of the system's is touched: neither its paths nor its ports.
sub adapted ($conf) {
    my $sockets = 0;
    $conf =~ s{\blisten 127\.0\.0\.1:\d+}{"listen unix:$directory/listen-" . $sockets++}ge;
    $conf =~ s{^pid .*}{}m;
    $conf =~ s{/var/log/nginx/}{$directory/}g;
    $conf =~ s{^http \{}{http \{ $paths}m;
    return "pid $directory/nginx.pid; $conf";
}

# What nginx -t says of it; empty where it takes it without a word of ours. What is to be preloaded is for nginx alone.
sub said_of ($conf) {
    spill("$directory/nginx.conf", adapted($conf));
    my $preload = $ENV{TEST_NGINX_LD_PRELOAD} // '';
    my $nginx   = $ENV{TEST_NGINX_BINARY} || 'nginx';
    my $options = "-t -p $directory/ -e $directory/error.log -c $directory/nginx.conf";
    my $said    = qx{timeout 60 env LD_PRELOAD='$preload' $nginx $options 2>&1};
    return $? == 0 ? join '', grep {/mfa_reset: /} $said =~ /.*\n/g : $said || "exit $?";
}

# What nginx -t refuses of an example that is not complete, and so may have no use for all of its lines.
sub refusal ($part) {
    my $said = said_of($part);
    return $said =~ s/^.*\[warn\] mfa_reset: .*\n//gmr;
}

sub in_http ($part) {
    my $url = $part =~ /mfa_reset_redis\s/ ? '' : $redis_url;
    return "$load\nhttp {\n$url $part\nserver { listen 127.0.0.1:1; location / { mfa_reset am; } }\n}\n";
}

sub in_server ($part) {
    return "$load\nhttp {\n$redis_url server { listen 127.0.0.1:1;\n$part\n}\n}\n";
}

sub check_nginx_examples {
    my $module = module() // return pass('no module is built: the examples of nginx are not tried');
    mkdir "$directory/modules";
    symlink $module, "$directory/modules/ngx_http_mfa_reset_module.so";
    spill("$directory/redis.password", "s3cret\n");
    spill("$directory/jwt.key",        'x' x 32);
    spill("$directory/oaa.users",      "portal:{PLAIN}s3cret\n");
    for my $name ("$directory/redis-ca", "$directory/redis-client") {
        system("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout $name.key -out $name.crt 2>/dev/null") == 0
            or die "openssl makes no certificate\n";
    }

    like(refusal(in_http('mfa_reset_nosuch on;')), qr/unknown directive/, 'a wrong example is refused');
    for my $page (@pages) {
        my @unmarked = slurp($page) =~ /^```(nginx(?! (?:complete|http|server)$).*)$/gm;
        is_deeply(\@unmarked, [], "$page: every block of nginx is tried");
        is(said_of($_), '', "$page: nginx -t takes the example, and warns of nothing") or diag($_) for blocks($page, 'nginx complete');
        my @examples = (
            (map { in_http($_) } blocks($page,   'nginx http')),
            (map { in_server($_) } blocks($page, 'nginx server')));
        is(refusal($_), '', "$page: nginx -t takes the example") or diag($_) for @examples;
    }
    is(said_of(slurp($_)), '', "$_: nginx -t takes it, and warns of nothing") for found('conf-examples/*.conf');
}

# ---- examples of Redis

my $socket  = "$directory/redis.sock";
my $token   = 'AQIC5wSampleOfAmAdmin.2NzEz*';
my $user    = 'mfa:{/mysubrealm/myuser}';
my $session = 'mfa:session:' . sha256_hex($token);
my $id      = 'id=amAdmin,ou=user,dc=example,dc=com';
my $redis;

# A program of this name, with these arguments before those that it is given.
sub wrap ($name, @arguments) {
    my ($program) = grep {-x} map {"$_/$name"} split /:/, $ENV{PATH};
    mkdir "$directory/bin";
    spill("$directory/bin/$name", "#!/bin/sh\nexec $program @arguments \"\$@\"\n");
    chmod 0755, "$directory/bin/$name";
}

# Runs lines of shell. redis-cli talks to our Redis and curl to our nginx; if a command fails, or an answer is an error,
# the lines do.
sub run_shell ($text) {
    wrap('redis-cli', '-s', $socket, '-e');
    wrap('curl', '-q', '-sS', '-m', 10, '--fail-with-body', '--unix-socket', "$directory/listen-0");
    spill("$directory/run.sh", $text);
    local $ENV{PATH} = "$directory/bin:$ENV{PATH}";
    my $said = qx{cd '$root' && timeout 60 bash -eux -o pipefail $directory/run.sh 2>&1};
    return ($? == 0, $said);
}

sub reply ($client, @words) { return MfaReset::Resp::show_reply_to($words[0], $client->call(@words)) }

# In whichever API's folder it is.
sub script_itself ($name) { return slurp(found("src/*/$name.lua")) }

# A script as the module sends it: what it shares with others comes first (cmake/scripts.cmake).
sub script ($name) { return with_shared(script_itself($name)) }

sub with_shared ($text) {
    return join '', (map { with_shared(slurp("src/$_")) } $text =~ m{^-- with (\w+/\w+\.lua)$}m), $text;
}

# What scripts return, once each.
sub verdicts (@names) {
    my $verdict = qr/return [({]?(?:\w+ and )?'(\w+)'(?: or '(\w+)')?/;
    my %found   = map { $_ => 1 } grep {defined} map { script_itself($_) =~ /$verdict/g } @names;
    return keys %found;
}

# How many events to keep, of the user and of all, and what they say.
sub event_arguments ($api) { return (20, 1000, $api, '127.0.0.1', 'by-test tx-1') }

# A reset through the script, called as redis-schema.md documents it.
sub resets ($client, $factor, $what) {
    my @arguments = (event_arguments('am'), 'afs', '/mysubrealm', 'myuser', $factor, '', 0);
    is(reply($client, 'EVAL', script('reset'), 4, $user, "$user:events", $session, 'mfa:events', @arguments),
        qq{"done\\x00amAdmin\\x00/\\x00$id"}, $what);
}

# After redis-schema.md: what its own lines have left, and the script on it.
sub check_schema {
    is(reply($redis, 'HGET',    $user, 'oath2faEnabled'),     '"0"', 'the script by hand has reset');
    is(reply($redis, 'HEXISTS', $user, 'oathDeviceProfiles'), 0,     'and deleted the devices');
    is(reply($redis, 'HGET',    $user, 'push2faEnabled'),     '"2"', 'and left the other factor');
    like(reply($redis, 'TTL', $session), qr/^28\d{3}$/, 'the session of the token ends');
    is(reply($redis, 'KEYS', 'mfa:session:*'), qq{["$session"]}, 'the other session was ended');
    resets($redis, 'push', 'the script works on what the page has written');

    my %section = sections('docs/reference/redis-schema.md', 2);
    my $entry   = $redis->call('XREVRANGE', "$user:events", '+', '-', 'COUNT', 1)->[1][0][1][1];
    my %event   = map { $_->[1] } @{ $entry->[1] };
    same_names([rows($section{'The events'})], [keys %event], 'the fields of an event');
    is("$event{request} $event{removed}", 'by-test 1', 'the event of the reset');
    is_deeply($redis->call('XREVRANGE', 'mfa:events', '+', '-', 'COUNT', 1)->[1][0][1][1][1],
        [map { [string => $_] } target => '/mysubrealm/myuser', map { $_->[1] } @{ $entry->[1] }], 'in the stream of all');

    my ($table) = $section{'The script'} =~ /The verdicts:\n(.*?)\n\n(?=\w)/s;
    same_names([rows($table)], [verdicts('rule', 'reset')], 'the verdicts of the script');
    check_schema_of_foundry($section{'The scripts of Foundry'});
}

# What the page's lines have left of Foundry's scripts, and the verdicts of these.
sub check_schema_of_foundry ($section) {
    my ($caller, $target) = ('mfa:{/foundry/org-7/1}', 'mfa:{/foundry/org-7/u-42}');
    is(reply($redis, 'HGETALL', $caller), '{"callerCode:failures":"1","callerCode:step":"59845983","uid":"1"}',
        'the codes by hand were judged');
    is(reply($redis, 'HGETALL', $target), '{"oath2faEnabled":"0","push2faEnabled":"0","uid":"u-42"}',
        'the reset of all factors by hand has reset');
    like(reply($redis, 'XRANGE', "$target:events", '-', '+'), qr/"factor":"all".*"request":"by-hand"/, 'and left its event');
    same_names([rows($section)], [verdicts(qw(caller_code reset_all))], "the verdicts of Foundry's scripts");
}

# The rule of redis-schema.md for keys, spelt once more, on the examples of its table.
sub check_names {
    my %section = sections('docs/reference/redis-schema.md', 2);
    my @cells   = $section{Names} =~ m{^\| `(/[^`]*)`, `([^`]+)` \| `([^`]+)` \|$}gm;
    cmp_ok(scalar @cells, '>', 6, 'the table of names has rows');
    while (my ($realm, $name, $key) = splice @cells, 0, 3) {
        my @parts = ((grep {length} split m{/}, $realm), $name);
        for (@parts) {
            utf8::encode($_);
            tr/A-Z/a-z/;
            s/([^A-Za-z0-9._~@+-])/sprintf '%%%02X', ord $1/ge;
        }
        is($key, 'mfa:{' . join('', map {"/$_"} @parts) . '}', "the key of $name in $realm");
    }
}

sub seed_sample {
    my @devices = map { ("${_}2faEnabled" => 2, "${_}DeviceProfiles" => '[{}]') } qw(oath push);
    $redis->must('FLUSHALL');
    $redis->must('HSET', $user,    'uid', 'myUser', @devices);
    $redis->must('HSET', $session, qw(user amAdmin realm / admin / universalId), $id);
}

# After how-to/redis.md: the users of Redis that it has made have all rights that are needed.
sub check_users {
    seed_sample();
    my %factor = ('mfa-reset' => 'oath', 'mfa-reset-6' => 'push');
    for my $name (sort keys %factor) {
        my $client = MfaReset::Resp->connect($socket);
        is(reply($client, 'AUTH', $name, 's3cret'),      'OK', "$name: logs in");
        is(reply($client, qw(CLIENT SETNAME mfa-reset)), 'OK', "$name: names its connection");
        is(reply($client, 'SELECT', 0),                  'OK', "$name: selects");
        resets($client, $factor{$name}, "$name: resets");
        is(reply($client, 'HMGET', 'mfa:context:c', 'subject'), '[nil]', "$name: reads contexts");
        my @challenge = (event_arguments('oaa'), 'ChallengeSMS', 'portal');
        $redis->must('HSET', $user, 'challenge:ChallengeSMS', 1);
        is(reply($client, 'EVAL', script('challenge'), 3, $user, "$user:events", 'mfa:events', @challenge),
            '"done"', "$name: resets a challenge");
        like(reply($client, 'GET', 'other'), qr/NOPERM/, "$name: may do nothing else");
        check_user_for_foundry($client, $name);
        next if $name ne 'mfa-reset';
        my $forge = "return redis.call('HSET', KEYS[1], 'admin', '/')";
        like(reply($client, 'HSET', $session, 'admin', '/'), qr/NOPERM/,       "$name: writes no session");
        like(reply($client, 'EVAL', $forge, 1, $session),    qr/^\(error\).*access/, "$name: nor by a script");
        like(reply($client, 'INFO', 'memory'), qr/maxmemory_policy/, "$name: looks at the policy of eviction");
    }
    check_user_for_sessions();
}

# The user for ServiceStack's own Redis.
sub check_user_for_sessions {
    my $client = MfaReset::Resp->connect($socket);
    $redis->must('SET', 'urn:iauthsession:x', '{}');
    is(reply($client, 'AUTH', 'mfa-reset-sessions', 's3cret'), 'OK',   'the user for sessions: logs in');
    is(reply($client, qw(CLIENT SETNAME mfa-reset)),           'OK',   'names its connection');
    is(reply($client, 'GET', 'urn:iauthsession:x'),            '"{}"', 'reads a session');
    like(reply($client, @$_), qr/NOPERM/, "may not @$_")
        for ['SET', 'urn:iauthsession:x', ''], ['GET', $user], ['EVAL', 'return 1', 0];
}

# After read-events.md: the group that reads all events gets them, and can tell what it has missed.
sub check_reader {
    seed_sample();
    my $client = MfaReset::Resp->connect($socket);
    is(reply($client, qw(AUTH siem s3cret)), 'OK', 'siem: logs in');
    is(reply($client, qw(XGROUP CREATE mfa:events siem 0 MKSTREAM)), 'OK', 'siem: makes the group');
    resets($redis, $_, "siem: a reset, $_") for qw(oath push);
    my $read = sub ($from) { reply($client, qw(XREADGROUP GROUP siem reader-1 COUNT 1 STREAMS mfa:events), $from) };
    my ($id) = (my $said = $read->('>')) =~ /"(\d+-\d+)"/;
    like($said, qr{"target","/mysubrealm/myuser".*"factor","oath"}, 'siem: reads the first event');
    is($read->('0'), $said, 'siem: gets again what it has not acknowledged');
    $redis->must(qw(XTRIM mfa:events MAXLEN 0));
    is($read->('0'), qq([["mfa:events",[["$id",nil]]]]), 'siem: what was dropped since comes without fields');
    is($read->('>'), 'nil', 'siem: what was dropped before does not come');
    my ($added, $length) = map { info($client, qw(STREAM mfa:events))->{$_} } qw(entries-added length);
    my $seen = info($client, qw(GROUPS mfa:events))->{'entries-read'};
    is($added - $length - $seen, 1, 'siem: one event was missed');
    is(reply($client, qw(XACK mfa:events siem), $id), 1, 'siem: acknowledges');
    like(reply($client, qw(XAUTOCLAIM mfa:events siem reader-2 60000 0)), qr/^\["0-0",\[\]/, 'siem: takes over');
    like(reply($client, qw(XDEL mfa:events), $id), qr/NOPERM/, 'siem: deletes nothing');
}

# XINFO as names and values; of groups, the first one's.
sub info ($client, @words) {
    my $reply = $client->call('XINFO', @words)->[1];
    $reply = $reply->[0][1] if $words[0] eq 'GROUPS';
    return { map { $_->[1] } @$reply };
}

# Each script as the module calls it, and the session.
sub check_user_for_foundry ($client, $name) {
    my ($record, $session) = ('mfa:{/foundry/1}', 'urn:iauthsession:aXujm6');
    $redis->must('DEL', $record, "$record:events");
    $redis->must('HSET', $record, qw(uid 1 push2faEnabled 2 lock:x 1));
    $redis->must('SET', $session, '{}');
    is(reply($client, 'GET', $session), '"{}"', "$name: reads ServiceStack's session");
    like(reply($client, 'SET', $session, '[]'), qr/NOPERM/, "$name: writes none") if $name eq 'mfa-reset';
    my $script = sub ($name, @words) { reply($client, 'EVAL', script($name), @words) };
    like($script->('caller', 1, $record), qr/^\[\d+,0,nil\]$/, "$name: reads a caller");
    is($script->('caller_code', 1, $record, '58', 5, 1000), '["accepted",0]', "$name: judges a code");
    is($script->('caller_code', 1, $record, '',   1, 1000), '["wrong",0]',    "$name: locks");
    is($script->('reset_all', 3, $record, "$record:events", 'mfa:events', event_arguments('foundry'), '/foundry/1'),
        '"done"', "$name: resets all");
}

# After foundry.md: its records are such that the caller's script finds them.
sub check_foundry_records {
    my $caller = 'mfa:{/foundry/org-7/1}';
    like(reply($redis, 'EVAL', script_itself('caller'), 1, $caller), qr/sharedSecret/, 'the caller has a device');
    like(reply($redis, 'GET', 'urn:iauthsession:aXujm6JBEWMtZW8Fuo1f'), qr/isAuthenticated/, 'and a session');
}

# After oaa.md: its lines have locked one challenge, and the script of the module clears it.
sub check_counting {
    my @fields = map {"$_:ChallengeOMATOTP"} 'challenge', 'lock';
    is(reply($redis, 'HGET', $user, $fields[0]), '"10"', 'ten failed answers are counted');
    like(reply($redis, 'HGET', $user, $fields[1]), qr/^"\d{13}"$/, 'and the challenge is locked');
    like(reply($redis, 'TTL', 'mfa:context:edbe55c6-438f-448f-a742-9925b6471fe1'), qr/^(?:600|59\d)$/, 'the context ends');
    my @arguments = (event_arguments('oaa'), 'ChallengeOMATOTP', 'portal');
    is(reply($redis, 'EVAL', script('challenge'), 3, $user, "$user:events", 'mfa:events', @arguments),
        '"done"', 'the script clears what the page has counted');
    is(reply($redis, 'EXISTS', $user), 0, 'all of it');
}

my %check_after = (
    'docs/how-to/read-events.md'     => \&check_reader,
    'docs/how-to/redis.md'           => \&check_users,
    'docs/reference/foundry.md'      => \&check_foundry_records,
    'docs/reference/oaa.md'          => \&check_counting,
    'docs/reference/redis-schema.md' => \&check_schema,
);

# Starts nginx with the page's own configuration, on our Redis, for the page's curl.
sub start_edge ($page) {
    my ($conf) = blocks($page, 'nginx complete');
    $conf =~ s{\bredis://127\.0\.0\.1:6379(?:/0)?;}{unix:$socket;} or die "$page: its nginx is not on our Redis\n";
    my $user = $> == 0 ? 'user root;' : '';
    return MfaReset::Nginx->start($directory, "daemon off; $user " . adapted($conf), "$directory/listen-0");
}

# What the page says its lines print, in this order.
sub check_printed ($page, $said) {
    my $at = 0;
    $said =~ tr/\r//d;
    for my $text (map {s/\n\z//r} blocks($page, 'text printed')) {
        my $found = index $said, $text, $at;
        cmp_ok($found, '>=', 0, "$page: its lines print $text") or diag($said);
        $at = $found + length $text;
    }
}

sub check_shell ($page) {
    my @unmarked = slurp($page) =~ /^```((?:sh|bash|console)(?! (?:run|directory(?: \w+)?)$).*)$/gm;  # directory: t/process/test_directory_docs.py
    is_deeply(\@unmarked, [], "$page: every block of shell is run");
    unlike(without_blocks(slurp($page)), qr/^\s+redis-cli /m, "$page: no line of redis-cli is not run");
    my @blocks = blocks($page, 'sh run') or return;
    my $calls  = grep {/\bcurl /} @blocks;
    return pass("no module is built: the calls of $page are not made") if $calls && !module();
    $redis->must('FLUSHALL');
    my $nginx = $calls ? start_edge($page) : undef;
    my ($good, $said) = run_shell(join "\n", @blocks);
    ok($good, "$page: its lines of shell run") or diag($said);
    check_printed($page, $said);
    $nginx->stop if $nginx;
    $check_after{$page}->() if $check_after{$page};
}

sub check_redis_examples {
    $redis = MfaReset::Redis->start($directory, $socket);
    ok(!(run_shell('redis-cli NOSUCHCOMMAND'))[0], 'a wrong line fails');
    for my $page (@pages) {
        for my $line (map { split /\n/ } blocks($page, 'conf redis')) {
            is(reply($redis, 'CONFIG', 'SET', split ' ', $line), 'OK', "$page: Redis takes $line");
        }
        check_shell($page);
    }
    $redis->stop;
}

check_directives();
check_variables();
check_log_lines();
check_failures();
check_error_classes();
check_answers();
check_foundry_answers();
check_oaa_answers();
check_links();
check_nginx_examples();
check_names();
check_redis_examples();
done_testing();
