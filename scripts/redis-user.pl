#!/usr/bin/perl
# Prints the lines of docs/how-to/redis.md that make the user of Redis for nginx, so that tests and demo run with just
# these rights: of each line what in nginx.conf needs it, and the words behind `redis-cli`, tabs between.
# redis-user.pl [NAME], where NAME is another user of that page than mfa-reset.
use v5.36;
use File::Basename      qw(dirname);
use Text::ParseWords    qw(shellwords);

my $name = shift // 'mfa-reset';
my $page = dirname(__FILE__) . '/../docs/how-to/redis.md';

open my $in, '<:encoding(UTF-8)', $page or die "$page: $!\n";
my $text = do { local $/; <$in> };
my ($need, $found);
for my $line (map { split /\n/, s/\\\n\s*//gr } $text =~ /^```sh run\n(.*?)^```$/gms) {
    my @words = $line =~ /^redis-cli ACL SETUSER / ? shellwords($line) : ();
    if (@words && $words[3] eq $name) {
        die "$page: no comment says what needs: $line\n" if !defined $need;
        say join "\t", $need, @words[1 .. $#words];
        $found = 1;
    }
    ($need) = $line =~ /^# ([^:]+):/;
}
$found or die "$page makes no user $name\n";
