# The module with one API more is built from the folder of that API and from one line in the table of APIs: no other file is
# compiled, and none outside the folder knows the API.
use v5.36;
use FindBin;
use Test::More;

my $root   = "$FindBin::Bin/../..";
my $build  = "$root/build";
my $module = "$build/t/fourth-api/ngx_http_mfa_reset_module.so";

sub builds ($target) { return system("$root/scripts/build --target $target >/dev/null") == 0 }

ok(builds('ngx_http_mfa_reset_module'), 'the module without it is built');
unlink glob "$build/t/fourth-api/CMakeFiles/fourth_api.dir/{whose,__/__/src/nginx}/*.o";
ok(builds('fourth_api'), 'the module with it is built') or BAIL_OUT('there is nothing to call');

open my $log, '<', "$build/last.log" or die "last.log: $!\n";
my @compiled = map { m{Building CXX object \S*/fourth_api\.dir/(\S+)\.o$} ? $1 =~ s{__/}{}gr : m{(Building CXX .*)} ? $1 : () } <$log>;
my @sources  = map {s{^\Q$FindBin::Bin/\E}{}r} glob "$FindBin::Bin/whose/*.cpp";
is_deeply([sort @compiled], ['src/nginx/apis.cpp', @sources], 'its folder and the table are compiled, and nothing else');

my %printed = map { /^(\S+)\t(.*)/ ? ($1 eq 'api' ? $2 : $1, $_) : () } split /^/, qx{'$root/scripts/directives' '$module'};
is($printed{mfa_reset_whose_header}, "mfa_reset_whose_header\thttp, server, location\t\tsession-token\n", 'its directive is printed');
is($printed{$_}, "api\t$_\n", "there is the API $_") for "whose\texact", "am\tascii";

my @naming = split /\n/, qx{grep -rlE 'whose::|mfa_reset_whose|whose/' '$root/src' '$root/include' '$root/cmake'};
is_deeply(\@naming, [], 'no file of the module names it');

done_testing();
