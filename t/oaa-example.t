# conf-examples/challenges.conf at work, from the credential to the reset: a user fails until the
# challenge is locked, and a service resets it. Only scripts that ship with the project write to
# Redis here.
use v5.36;
use Cwd        qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use IO::Socket::UNIX;
use MIME::Base64 qw(encode_base64);
use POSIX        qw(WNOHANG);
use Test::More;
use lib "$FindBin::Bin/lib";
use MfaReset::Docs    qw($root slurp spill);
use MfaReset::Process qw(wait_until);
use MfaReset::Redis;
use MfaReset::Resp;

$ENV{PATH} .= ':/usr/sbin:/sbin';
my $module = abs_path($ENV{MFA_RESET_MODULE} // "$root/build/ngx_http_mfa_reset_module.so");
plan skip_all => 'no module is built' if !$module || !-f $module;

# The workers of nginx read it, as any user.
my $directory = tempdir('mfa-reset-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
chmod 0711, $directory;
my $redis   = MfaReset::Redis->start($directory, "$directory/redis.sock");
my $context = 'edbe55c6-438f-448f-a742-9925b6471fe1';
my $user    = 'mfa:{/mysubrealm/myuser}';
my $nginx   = 0;

sub reply (@words) { return MfaReset::Resp::show_reply_to($words[0], $redis->call(@words)) }

sub run_script ($name, $key, @arguments) {
    return reply('EVAL', slurp("scripts/challenge/$name.lua"), 1, $key, @arguments);
}

# A new credential: its line is in the user file, the key is returned.
sub make_credential ($name) {
    my $said = qx{'$root/scripts/oaa-user' $name 2>&1 >>$directory/oaa.users};
    return $said =~ /: ([0-9a-f]{64})$/ ? $1 : die "no key: $said\n";
}

# The example with paths, sockets and a user of our own.
sub write_conf {
    my $temp = join ' ', "client_max_body_size 1m;", map {"${_}_temp_path $directory/temp-$_;"} qw(client_body proxy fastcgi uwsgi scgi);
    my $conf = slurp('conf-examples/challenges.conf');
    $conf =~ s{redis://127\.0\.0\.1:6379/0}{unix:$directory/redis.sock:/0} or die "no Redis in the example\n";
    $conf =~ s{listen 127\.0\.0\.1:8080}{listen unix:$directory/http.sock} or die "no address in the example\n";
    $conf =~ s{/run/nginx\.pid}{$directory/nginx.pid};
    $conf =~ s{/var/log/nginx/}{$directory/}g;
    $conf =~ s{^user .*}{$> == 0 ? 'user root;' : ''}me;
    $conf =~ s{^http \{}{http \{ $temp}m;
    spill("$directory/nginx.conf", $conf);
    mkdir "$directory/modules";
    symlink $module, "$directory/modules/ngx_http_mfa_reset_module.so";
}

sub start_nginx {
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    $ENV{LD_PRELOAD} = $ENV{TEST_NGINX_LD_PRELOAD} // '';
    open STDIN,  '<', '/dev/null';
    open STDOUT, '>', "$directory/stderr";
    open STDERR, '>&', \*STDOUT;
    no warnings 'exec';
    exec $ENV{TEST_NGINX_BINARY} || 'nginx', '-p', "$directory/", '-e', "$directory/error.log", '-c', "$directory/nginx.conf",
        '-g', 'daemon off;';
    kill KILL => $$;    # not exit: the END blocks are the parent's
}

# Its master takes the workers with it; one that does not go is killed.
sub end_nginx ($signal) {
    kill $signal => $nginx;
    my $gone = wait_until(20, sub { waitpid($nginx, WNOHANG) != 0 });
    kill KILL => $nginx if !$gone;
    $nginx = 0;
    return $gone ? $? : -1;
}

# The whole answer to a call with these headers.
sub call ($target, @headers) {
    my $socket = IO::Socket::UNIX->new(Peer => "$directory/http.sock") or return '';
    print $socket join "\r\n", "DELETE $target HTTP/1.1", 'Host: localhost', 'Connection: close', @headers, '', '';
    $socket->flush;
    local $/;
    local $SIG{ALRM} = sub { die "no answer\n" };
    alarm 20;
    my $answer = <$socket>;
    alarm 0;
    return $answer // '';
}

my $key = make_credential('portal');
make_credential('other');
write_conf();
$nginx = start_nginx();
END {
    local $?;
    end_nginx('TERM') if $nginx;
    $redis->stop if $redis;
}
ok(wait_until(20, sub { -S "$directory/http.sock" && call('/', 'X: y') =~ /^HTTP/ }), 'nginx runs with the example')
    or diag(do { local (@ARGV, $/) = "$directory/stderr"; <> });

my $query    = "challengeType=ChallengeSMS&contextId=$context";
my @sends    = ('Authorization: Basic ' . encode_base64("portal:$key", ''));
my $ok       = qr/^HTTP\/1\.1 200 .*\r\n\r\n\{"responseCode":"200","responseMessage":"Challenge Counter is reseted\."\}\z/s;
my $notfound = qr/^HTTP\/1\.1 404 .*\r\n\r\n\{"responseCode":"404","responseMessage":"Invalid input\. ContextId or/s;

like(call("/oaa/runtime/challengecounter/v1?$query", @sends), $notfound, 'no context yet');
is(run_script('create-context', "mfa:context:$context", '/mysubrealm/myuser', 600), 1, 'the user logs in: a context');
run_script('failed-answer', $user, 'ChallengeSMS', 10, 1800) for 1 .. 9;
is(run_script('locked', $user, 'ChallengeSMS'), 0, 'nine failed answers');
is(run_script('failed-answer', $user, 'ChallengeSMS', 10, 1800), '[10,1800000]', 'the tenth locks');
like(run_script('locked', $user, 'ChallengeSMS'), qr/^1[78]\d{5}$/, 'it is locked');

like(call("/oaa/runtime/challengecounter/v1?$query"), qr/^HTTP\/1\.1 401 .*WWW-Authenticate: Basic realm="oaa"/s, 'nobody resets it');
like(call("/oaa/runtime/challengecounter/v1?$query", 'Authorization: Basic ' . encode_base64("other:$key", '')),
    qr/^HTTP\/1\.1 401 /, "nor another service with portal's key");
like(run_script('locked', $user, 'ChallengeSMS'), qr/^1[78]\d{5}$/, 'it is still locked');
like(call("/oaa/runtime/challengecounter/v1?$query", @sends), $ok, 'portal resets it');
is(run_script('locked', $user, 'ChallengeSMS'), 0, 'it is not locked');
is(run_script('failed-answer', $user, 'ChallengeSMS', 10, 1800), '[1,0]', 'counting begins anew');
like(call("$_?$query", @sends), $ok, "the path $_")
    for '/oaa/runtime/challengecounter/v1/', '/challengecounter/v1', '/challengecounter/v1/';
like(call("/oaa/challengecounter/v1?$query", @sends), qr/^HTTP\/1\.1 404 .*<center>nginx/s, 'another path is not served');

my $log = do { local (@ARGV, $/) = "$directory/mfa-reset.json"; <> };
like($log, qr/"status":"200","api":"oaa","action":"reset-ChallengeSMS","caller":"portal","realm":"\/mysubrealm","target":"myuser","result":"ok"/,
    'the access log of the example tells');
my $errors = do { local (@ARGV, $/) = "$directory/error.log"; <> };
unlike($errors, qr/\Q$key\E/, 'the key is in no log');
unlike($errors, qr/\[(?:emerg|alert|crit|error)\]/, 'and nothing went wrong');

is(end_nginx('QUIT'), 0, 'nginx ends');
done_testing();
