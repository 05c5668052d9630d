# The server root of a block: its directories, its user files and nginx.conf,
# in the places and with the defaults that Test::Nginx documents.
package Test::Nginx::Conf;

use v5.36;
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use Test::Nginx::Util qw(bail_out expand_env value);

# Only what a former run left is removed, and the root itself only when it is
# then empty: TEST_NGINX_SERVROOT may be anything.
sub prepare_root {
    my $root = $Test::Nginx::Util::ServRoot;
    remove_tree(map { "$root/$_" } qw(conf html logs cache));
    remove_tree(glob "$root/*_temp $root/*_cache");
    rmdir $root or bail_out("$root is not empty: $!") if -d $root;
    make_path(map { "$root/$_" } qw(conf html logs));
    write_file("$root/html/index.html",
        '<html><head><title>It works!</title></head><body>It works!</body></html>');
}

sub write_file ($path, $text) {
    make_path(dirname($path));
    open my $out, '>:raw', $path or bail_out("cannot write $path: $!");
    print {$out} $text;
    close $out or bail_out("cannot write $path: $!");
}

# Either a list of [name, text], or text in which a line `>>> name` starts a
# file.
sub user_files ($block) {
    my $files = value($block, 'user_files') // return;
    return map { [$_->[0], $_->[1] // ''] } @$files if ref $files eq 'ARRAY';

    my @files;
    for my $line (split /(?<=\n)/, $files) {
        if ($line =~ /^>>> (\S+)\s*$/) {
            push @files, [$1, ''];
        } elsif (@files) {
            $files[-1][1] .= $line;
        } else {
            bail_out($block->name, ' - user_files has text before the first ">>> name" line');
        }
    }
    return @files;
}

sub write_user_files ($block) {
    for my $file (user_files($block)) {
        my ($name, $text) = @$file;
        my $path = $name =~ m{^/} ? $name : "$Test::Nginx::Util::HtmlDir/$name";
        write_file($path, expand_env($text, $block->name));
    }
}

sub main_part ($block) {
    my $master  = $Test::Nginx::Util::Master;
    my $level   = value($block, 'log_level') || Test::Nginx::Util::setting('log_level');
    my $workers = Test::Nginx::Util::setting('workers');
    my @env     = (qw(LD_PRELOAD LD_LIBRARY_PATH ASAN_OPTIONS), @Test::Nginx::Util::EnvToNginx);
    my @load    = split ' ', $ENV{TEST_NGINX_LOAD_MODULES} // '';
    return join "\n",
        "daemon on;",
        "master_process $master;",
        "worker_processes $workers;",
        "pid $Test::Nginx::Util::PidFile;",
        "error_log $Test::Nginx::Util::ErrLogFile $level;",
        (map { /\s/ ? "env '$_';" : "env $_;" } @env),
        ($> == 0 ? 'user root;' : ()),
        (map {"load_module $_;"} @load),
        value($block, 'main_config') // '';
}

sub temp_paths ($http_config) {
    my $root = $Test::Nginx::Util::ServRoot;
    return map  {"    ${_}_temp_path $root/${_}_temp;"}
           grep { $http_config !~ /\b\Q$_\E_temp_path\b/ }
           qw(client_body proxy fastcgi scgi uwsgi);
}

sub http_part ($block) {
    my $http_config = value($block, 'http_config') // '';
    my $addr        = Test::Nginx::Util::setting('server_addr');
    my $root_location =
        $Test::Nginx::Util::NoRootLocation
        ? ''
        : "location / { root $Test::Nginx::Util::HtmlDir; index index.html index.htm; }";
    return join "\n",
        'http {',
        "    access_log $Test::Nginx::Util::AccLogFile;",
        '    default_type text/plain;',
        '    keepalive_timeout 68s;',
        temp_paths($http_config),
        $http_config,
        '    server {',
        "        listen $addr:$Test::Nginx::Util::ServerPort;",
        "        server_name '$Test::Nginx::Util::ServerName';",
        '        client_max_body_size 30m;',
        $Test::Nginx::Util::ConfigPreamble,
        value($block, 'config') // '',
        $root_location,
        '    }',
        '}';
}

sub events_part {
    my $connections = Test::Nginx::Util::setting('worker_connections');
    my $use         = $ENV{TEST_NGINX_EVENT_TYPE} ? "use $ENV{TEST_NGINX_EVENT_TYPE};" : '';
    return "events { accept_mutex off; worker_connections $connections; $use }";
}

sub write_conf ($block) {
    my $conf = join "\n", main_part($block), http_part($block),
        value($block, 'post_main_config') // '', events_part(), '';
    write_file($Test::Nginx::Util::ConfFile, expand_env($conf, $block->name));
}

1;
