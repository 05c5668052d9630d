# What `nginx -t` warns of: directives that cannot do what they say, each with file, line and what to write; and their
# neighbours, of which it must not warn. The configuration is taken all the same.
use v5.36;
use Cwd        qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;
use lib "$FindBin::Bin/lib";
use MfaReset::Docs qw($root spill);

my $module    = abs_path($ENV{MFA_RESET_MODULE} // "$root/build/ngx_http_mfa_reset_module.so");
my $directory = tempdir('mfa-reset-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
$ENV{PATH} .= ':/usr/sbin:/sbin';

my $temp = join ' ', map {"${_}_temp_path $directory/$_;"} qw(client_body proxy fastcgi uwsgi scgi);

# What nginx -t says of `http`, the inside of http{}: its lines about us, each after the line of `http` it names.
sub said ($http, $events) {
    spill("$directory/http.conf", $http);
    spill("$directory/nginx.conf", "load_module $module; pid $directory/pid; error_log $directory/log;"
            . " http { access_log off; $temp include http.conf; } events { $events }");
    my $nginx   = $ENV{TEST_NGINX_BINARY}     || 'nginx';
    my $preload = $ENV{TEST_NGINX_LD_PRELOAD} // '';
    my $said    = qx{timeout 60 env LD_PRELOAD='$preload' $nginx -t -p $directory/ -e $directory/error.log -c $directory/nginx.conf 2>&1};
    ok($? == 0, 'the configuration is taken') or diag($said);
    return by_line(map {m{\[(?:warn|emerg)\] mfa_reset: (.*) in \S+/http\.conf:(\d+)$} ? "$2 $1" : $_} grep {/mfa_reset/} split /\n/, $said);
}

sub by_line (@lines) {
    return sort { ($a =~ /^(\d*)/)[0] <=> ($b =~ /^(\d*)/)[0] } @lines;
}

# A row: the inside of http{}, and what nginx -t warns of: the number of a line and a sentence.
sub row ($name, $http, @warnings) {
    subtest $name => sub { is_deeply([said($http, '')], [by_line(@warnings)], 'it warns of that') };
}

# The same inside of a server.
sub server_row ($name, $server, @warnings) {
    row($name, "mfa_reset_redis redis://127.0.0.1:1; server { listen 127.0.0.1:1;\n$server\n}\n",
        map {s/^(\d+)/$1 + 1/er} @warnings);
}

spill("$directory/password", "s3cret\n");
spill("$directory/jwt.key", 'x' x 32);
spill("$directory/users", "portal:{PLAIN}s3cret\n");
system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -keyout $directory/tls.key -out $directory/tls.crt 2>/dev/null") == 0
    or die "openssl makes no certificate\n";

# ---- TLS and sentinels

sub unused_tls ($name) { return qq{"$name" is not used: no Redis here is at rediss://, and others are not encrypted} }

my %tls = (trusted_certificate => 'tls.crt', certificate => 'tls.crt', certificate_key => 'tls.key', name => 'x', protocols => 'TLSv1.3', verify => 'on');
for my $url ('redis://127.0.0.1:1', 'unix:/run/redis.sock', 'redis+sentinel://127.0.0.1/main', 'redis+cluster://127.0.0.1:1') {
    row("TLS for $url", join("\n", (map {"mfa_reset_redis_ssl_$_ $tls{$_};"} sort keys %tls),
            "mfa_reset_redis $url;", 'server { location /json/ { mfa_reset am; } location /am/json/ { mfa_reset am; } }'),
        do { my $line = 0; map { ++$line . ' ' . unused_tls("mfa_reset_redis_ssl_$_") } sort keys %tls });
}
row('TLS for rediss://', <<'CONF');
mfa_reset_redis rediss://127.0.0.1:1;
mfa_reset_redis_ssl_trusted_certificate tls.crt;
mfa_reset_redis_ssl_verify on;
server { location /json/ { mfa_reset am; } }
CONF
row('TLS for one of two', <<'CONF');
mfa_reset_redis_ssl_trusted_certificate tls.crt;
mfa_reset_redis redis://127.0.0.1:1;
server {
    location /json/ { mfa_reset am; }
    location /am/json/ { mfa_reset am; mfa_reset_redis rediss://127.0.0.1:1; }
}
CONF
row("TLS for Foundry's sessions alone", <<'CONF');
mfa_reset_redis_ssl_trusted_certificate tls.crt;
mfa_reset_redis redis://127.0.0.1:1;
server { location /users { mfa_reset foundry; mfa_reset_foundry_session_redis rediss://127.0.0.1:1; } }
CONF
row('TLS where nothing serves', "mfa_reset_redis_ssl_name x;\nserver { mfa_reset_redis redis://127.0.0.1:1; }\n");
row('TLS of one location, for the other', <<'CONF', '3 ' . unused_tls('mfa_reset_redis_ssl_verify'));
mfa_reset_redis redis://127.0.0.1:1;
server {
    location /json/ { mfa_reset am; mfa_reset_redis_ssl_verify off; }
    location /am/json/ { mfa_reset am; mfa_reset_redis rediss://127.0.0.1:1; mfa_reset_redis_ssl_verify off; }
}
CONF
row('the user and password of sentinels', <<'CONF',
mfa_reset_redis_sentinel_user x;
mfa_reset_redis_sentinel_password_file password;
mfa_reset_redis redis://127.0.0.1:1;
server { location /json/ { mfa_reset am; } }
CONF
    map { my $name = "mfa_reset_redis_sentinel_$_->[1]"; qq{$_->[0] "$name" is not used: no Redis here is at redis+sentinel:// or rediss+sentinel://} }
        [1, 'user'], [2, 'password_file']);
row('with sentinels', <<'CONF');
mfa_reset_redis_sentinel_user x;
mfa_reset_redis_sentinel_password_file password;
mfa_reset_redis redis+sentinel://127.0.0.1/main;
server { location /json/ { mfa_reset am; } }
CONF

# ---- who may reset, and where

my $am     = 'mfa_reset am; mfa_reset_am_session subrequest=/am-session;';
my $behind = 'location = /am-session { internal; return 200; }';
my $nobody = 'with "mfa_reset_am_self off" and sessions from AM no caller may reset: add "mfa_reset_am_admin NAME;"';
server_row('nobody may reset', "location /json/ { $am\nmfa_reset_am_self off; } $behind", "2 $nobody");
server_row('nobody may reset in one of two locations', <<"CONF", "1 $nobody");
mfa_reset_am_self off;
location /a/json/ { $am }
location /b/json/ { $am mfa_reset_am_admin amAdmin; }
$behind
CONF
server_row('administrators may', "location /json/ { $am mfa_reset_am_self off; mfa_reset_am_admin amAdmin; } $behind");
server_row('users may', "location /json/ { $am } $behind");
server_row('administrators in Redis may', 'location /json/ { mfa_reset am; mfa_reset_am_self off; }');

sub no_realm ($realm) {
    return qq{"mfa_reset_am_admin" administers "$realm", which is none of the realms here: }
        . qq{list it by "mfa_reset_am_realm $realm;", or write realm= and one that is listed};
}
my $realms = 'mfa_reset_am_realm /alpha; mfa_reset_am_realm /beta/eu;';
server_row('a realm that is not there', <<"CONF", '3 ' . no_realm('/gamma'), '4 ' . no_realm('/alphabet'), '5 ' . no_realm('/beta/us'), '6 ' . no_realm('/alpha/eu'));
$realms
mfa_reset_am_admin root;
mfa_reset_am_admin a realm=/gamma;
mfa_reset_am_admin b realm=/alphabet;
mfa_reset_am_admin c realm=/beta/us;
mfa_reset_am_admin d realm=/alpha/eu;
location /json/ { mfa_reset am; }
CONF
server_row('realms that are, or are above one', <<"CONF");
$realms
mfa_reset_am_admin a realm=/alpha;
mfa_reset_am_admin b realm=/ALPHA;
mfa_reset_am_admin c realm=/beta;
mfa_reset_am_admin d realm=/beta/eu;
mfa_reset_am_admin e realm=/;
mfa_reset_am_admin f in=/elsewhere;
location /json/ { mfa_reset am; }
CONF
server_row('a realm of one location and not of the other', <<'CONF');
mfa_reset_am_admin a realm=/alpha;
location /a/json/ { mfa_reset am; mfa_reset_am_realm /alpha; }
location /b/json/ { mfa_reset am; mfa_reset_am_realm /beta; }
CONF
server_row('a realm of none of them, once', <<'CONF', '1 ' . no_realm('/gamma'));
mfa_reset_am_admin a realm=/gamma;
location /a/json/ { mfa_reset am; mfa_reset_am_realm /alpha; }
location /b/json/ { mfa_reset am; mfa_reset_am_realm /alpha; }
CONF
server_row('any realm, without a list', "mfa_reset_am_admin a realm=/gamma;\nlocation /json/ { mfa_reset am; }");

sub no_base ($realm) {
    return '"mfa_reset_am_base_realm" is none of the realms here, and relative paths find no realm: '
        . qq{list it by "mfa_reset_am_realm $realm;", or write one that is listed};
}
server_row("a base realm that is not there: $_", "$realms\nmfa_reset_am_base_realm $_;\nlocation /json/ { mfa_reset am; }", '2 ' . no_base($_))
    for '/gamma', '/alpha/eu';
server_row("a base realm that is, or is above one: $_", "$realms mfa_reset_am_base_realm $_; location /json/ { mfa_reset am; }")
    for '/alpha', '/ALPHA', '/beta', '/';
server_row('any base realm, without a list', 'mfa_reset_am_base_realm /gamma; location /json/ { mfa_reset am; }');

# ---- whom AM's API asks

sub no_location ($uri) {
    my $path = $uri =~ s/\?.*//r;
    return qq{"mfa_reset_am_session" asks "$uri", for which this server has no location: write "location = $path { internal; proxy_pass ...; }"};
}
my $nope   = "location /json/ { mfa_reset am;\nmfa_reset_am_session subrequest=/nope; }";
my $proxy  = 'proxy_pass http://127.0.0.1:1; proxy_connect_timeout 200ms; proxy_send_timeout 200ms; proxy_read_timeout 500ms;';
server_row('no location', $nope, '2 ' . no_location('/nope'));
server_row('no location, and arguments', $nope =~ s{/nope}{/nope?x=/y}r, '2 ' . no_location('/nope?x=/y'));
server_row("no location but the rest's ($_)", "$nope\nlocation $_", '2 ' . no_location('/nope'))
    for '/ { return 404; }', '/n { return 404; }', '/nopeandmore { return 200; }', '= /nop { return 200; }', '~ ^/nope/ { return 200; }',
    '/nop { location ~ other { return 200; } }', '@nope { return 200; }', '~* ^/other { location ~ nope { return 200; } }';
server_row("a location of its own ($_)", "$nope\nlocation / { return 404; }\nlocation $_")
    for '= /nope { return 200; }', '/nope { return 200; }', '^~ /nope { return 200; }', '~ ^/nope$ { return 200; }', '~* ^/NOPE { return 200; }',
    "/n { $proxy }", '/n { internal; return 200; }', '/n { location /nope { return 200; } }', '/n { location ~ ope$ { return 200; } }',
    '~ ^/n { location ~ ope$ { return 200; } }', '/a/ { return 404; } location = /nope { return 200; } location /z/ { return 404; }';
server_row('a regular expression that is passed over', "$nope\nlocation ^~ /n { return 404; } location ~ ^/nope { return 200; }", '2 ' . no_location('/nope'));
row('a location of another server', <<"CONF", '5 ' . no_location('/nope'));
mfa_reset_redis redis://127.0.0.1:1;
server { listen 127.0.0.1:1; location = /nope { return 200; } }
server { listen 127.0.0.1:2;
$nope }
CONF
my $own = 'is in a location with mfa_reset, and that answers no subrequests: write "location = URI { internal; proxy_pass ...; }"';
server_row('a location of ours', "location /json/ { mfa_reset am;\nmfa_reset_am_session subrequest=/json/sessions; }", qq{2 "mfa_reset_am_session" asks "/json/sessions", which $own});

sub slow ($timeouts, $limit) {
    return qq{"mfa_reset_am_session" asks "/nope", which may take longer than mfa_reset_timeout, ${limit}ms: }
        . "lower proxy_connect_timeout, proxy_send_timeout and proxy_read_timeout there, which are ${timeouts}ms together";
}
server_row('AM may take too long', "$nope\nlocation = /nope { proxy_pass http://127.0.0.1:1; }", '2 ' . slow(180000, 1000));
server_row('AM may take just too long', "$nope\nlocation = /nope { $proxy proxy_next_upstream off; }\nmfa_reset_timeout 900ms;", '2 ' . slow(900, 900));
server_row('AM may take long enough', "$nope\nlocation = /nope { $proxy }\nmfa_reset_timeout 901ms;");
server_row('AM at an address that nginx learns later', "$nope\nlocation = /nope { set \$am 127.0.0.1:1; proxy_pass http://\$am; }");

my $kept  = '"mfa_reset_am_session" asks "/nope", whose location keeps answers to POST and may give one caller the answer about another: '
    . 'add "proxy_cache off;" there';
my $cache = 'proxy_cache_path cache keys_zone=all:1m; mfa_reset_redis redis://127.0.0.1:1;';
row("a cache of AM's answers", "$cache server { proxy_cache all; proxy_cache_methods POST;\n$nope\nlocation = /nope { $proxy } }", "3 $kept");
row("a cache of AM's answers, $_->[0]", "$cache server { proxy_cache all; $nope\nlocation = /nope { $proxy $_->[1] } }")
    for ['not of those to POST', ''], ['but not there', 'proxy_cache_methods POST; proxy_cache off;'];

my $not_kept = '"mfa_reset_am_session_cache" is not used: sessions are in Redis; it is for "mfa_reset_am_session subrequest=/uri"';
server_row('a cache of sessions that are in Redis', "location /json/ { mfa_reset am;\nmfa_reset_am_session_cache 1s; }", "2 $not_kept");
server_row('no cache', 'location /json/ { mfa_reset am; mfa_reset_am_session_cache 0ms; }');
server_row('a cache of one location', "mfa_reset_am_session_cache 1s; location /a/json/ { mfa_reset am; } location /json/ { $am } $behind");

# ---- times, connections, and what stands alone

sub short ($time, $factor, $command, $api, $commands = $factor) {
    return "mfa_reset_timeout, ${time}ms, is too short for the up to $commands commands to Redis of a request of "
        . qq{"mfa_reset $api": write $factor times mfa_reset_redis_timeout or more, which is ${command}ms};
}
my %api = (am => 2, foundry => 4, oaa => 2);
for my $api (sort keys %api) {
    my $location = "location /json/ { mfa_reset $api; }" . ($api eq 'oaa' ? ' mfa_reset_oaa_user_file users;' : '');
    my $least    = $api{$api} * 300;
    server_row("$api: a time for the request that is too short", join("\n", 'mfa_reset_redis_timeout 300ms;', 'mfa_reset_timeout ' . ($least - 1) . 'ms;', $location),
        '2 ' . short($least - 1, $api{$api}, 300, $api));
    server_row("$api: and long enough", "mfa_reset_redis_timeout 300ms; mfa_reset_timeout ${least}ms; $location");
    server_row("$api: one for a command that is too long", "$location\nmfa_reset_redis_timeout 501ms;", '2 ' . short(1000, $api{$api}, 501, $api));
    server_row("$api: the defaults", $location);
}
server_row('a cache of sessions takes more commands', "location /json/ { $am mfa_reset_am_session_cache 1s;\nmfa_reset_redis_timeout 251ms; } $behind", '2 ' . short(1000, 4, 251, 'am'));
server_row('only what serves takes time', 'mfa_reset_redis_timeout 20s; location / { return 404; }');

my $few = 'worker_connections are too few for the connections to Redis and one client: raise them in events{}, or lower mfa_reset_redis_connections';
my @connections = (    # the inside of http{}, how many connections a worker needs, the line that is to blame
    ['two, and a listening socket', "mfa_reset_redis redis://127.0.0.1:1;\nserver { listen 127.0.0.1:1; location / { mfa_reset am; } }", 1 + 2 + 2, 1],
    ['as many as are asked for', "mfa_reset_redis redis://127.0.0.1:1;\nmfa_reset_redis_connections 20;\nserver { listen 127.0.0.1:1; listen 127.0.0.1:2; location / { mfa_reset am; } }", 2 + 20 + 2, 2],
    ['one Redis of two', "mfa_reset_redis redis://127.0.0.1:1;\nserver { listen 127.0.0.1:1;\nlocation /a { mfa_reset am; } location /c { mfa_reset am; }\nlocation /b { mfa_reset am; mfa_reset_redis redis://127.0.0.1:2; } }", 1 + 4 + 2, 4],
    ['and one for each sentinel', "mfa_reset_redis redis+sentinel://127.0.0.1,127.0.0.2,127.0.0.3/x;\nserver { listen 127.0.0.1:1; location / { mfa_reset am; } }", 1 + 2 + 3 + 2, 1],
);
for my $row (@connections) {
    my ($name, $http, $needed, $line) = @$row;
    subtest "connections: $name" => sub {
        is_deeply([said($http, "worker_connections $needed;")], [], "$needed are enough");
        my $less = $needed - 1;
        is_deeply([said($http, "worker_connections $less;")], ["$line $few"], "$less are not");
    };
}

my $alone = '"mfa_reset_fallback" does nothing without "mfa_reset": add "mfa_reset am" to this location, or leave it out';
server_row('a fallback alone', "location /json/ {\nmfa_reset_fallback \@am; } location \@am { return 200; }", "2 $alone");
server_row('a fallback beside another handler', "location /json/ { proxy_pass http://127.0.0.1:1;\nmfa_reset_fallback \@am; } location \@am { return 200; }", "2 $alone");
server_row('a fallback that is switched off', "location /json/ { mfa_reset off;\nmfa_reset_fallback \@am; } location \@am { return 200; }", "2 $alone");
server_row('a fallback with its API, and an if block', 'location /json/ { mfa_reset am; mfa_reset_am_profiles redis; mfa_reset_fallback @am; if ($arg_x) { set $y 1; } if ($arg_z) { proxy_pass http://127.0.0.1:1; } location /json/static { return 404; } } location @am { return 200; }');

sub needs ($name, $other) { return qq{"mfa_reset_foundry_$name" is not used: add "mfa_reset_foundry_$other;", or leave it out} }
server_row("what Foundry's tokens must say, without a key", <<'CONF', '2 ' . needs('jwt_audience', 'jwt_key FILE'), '3 ' . needs('jwt_issuer', 'jwt_key FILE'), '4 ' . needs('session_redis_password_file', 'session_redis URL'));
location /users { mfa_reset foundry;
    mfa_reset_foundry_jwt_audience x;
    mfa_reset_foundry_jwt_issuer x;
    mfa_reset_foundry_session_redis_password_file password; }
CONF
server_row('and with it', <<'CONF');
mfa_reset_foundry_jwt_audience x;
mfa_reset_foundry_jwt_issuer x;
mfa_reset_foundry_session_redis_password_file password;
location /users { mfa_reset foundry; mfa_reset_foundry_jwt_key jwt.key; mfa_reset_foundry_session_redis redis://127.0.0.1:2; }
location /json/ { mfa_reset am; }
CONF

done_testing();
