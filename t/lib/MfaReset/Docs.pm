# Reads what docs.t compares: the C++ sources, as far as their literals and tables go, and the pages
# of the documentation, by headings, tables and blocks.
package MfaReset::Docs;

use v5.36;
use utf8;
use Cwd            qw(abs_path);
use Exporter       'import';
use File::Basename qw(dirname);

our @EXPORT_OK = qw($root slurp spill found source literals sections blocks without_blocks rows anchors);

our $root = abs_path(dirname(__FILE__) . '/../../..');

# A file of the repository.
sub slurp ($path) {
    open my $in, '<:encoding(UTF-8)', "$root/$path" or die "$path: $!\n";
    local $/;
    return scalar <$in>;
}

# A file anywhere.
sub spill ($path, $text) {
    open my $out, '>:encoding(UTF-8)', $path or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
}

# Paths in the repository that match.
sub found ($pattern) {
    return map {s{^\Q$root/\E}{}r} sort glob "$root/$pattern";
}

# C++ without comments and quoted characters, and with adjacent literals joined to one.
sub source ($path) {
    my $text = slurp($path);
    $text =~ s{("(?:[^"\\]|\\.)*")|'(?:[^'\\]|\\.)'|//[^\n]*}{$1 // ''}ge;
    $text =~ s/(?<!\\)"\s+"//g;
    return $text;
}

sub literals ($text) {
    return map {s/\\(.)/$1/gr} $text =~ /"((?:[^"\\]|\\.)*)"/g;
}

# title => text of each heading of that level. Two of one title are an error.
sub sections ($page, $level) {
    my @parts = split /^#{$level} (.+)\n/m, slurp($page);
    shift @parts;
    my %sections;
    while (my ($title, $text) = splice @parts, 0, 2) {
        die "$page: two sections are called $title\n" if exists $sections{$title};
        $sections{$title} = $text =~ s/^#{1,$level} .*//msr;
    }
    return %sections;
}

# What is in the blocks that begin with ```WORDS, in order.
sub blocks ($page, $words) {
    return slurp($page) =~ /^```\Q$words\E\n(.*?)^```$/gms;
}

sub without_blocks ($text) { return $text =~ s/^```.*?^```$//gmsr }

# The names in the first cells of the rows of a table.
sub rows ($text) {
    return map {s/`//gr} map { split /, (?=`)/ } $text =~ /^\| (`[^|]+`) \|/gm;
}

# The anchors of a page's headings, as keys.
sub anchors ($page) {
    my %anchor;
    for (without_blocks(slurp($page)) =~ /^#+ (.+)$/gm) {
        $anchor{ lc(s/[^\w\s-]//gr) =~ s/ /-/gr } = 1;
    }
    return \%anchor;
}

1;
