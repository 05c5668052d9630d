# The text of the sections `seed`, `session` and `redis`: lines of Redis
# commands, quoted as redis-cli has it, and what their replies should be.
package MfaReset::Commands;

use v5.36;
use Digest::SHA qw(sha256_hex);
use Exporter 'import';

our @EXPORT_OK = qw(commands sessions expectations session_key);

my %escape = (n => "\n", r => "\r", t => "\t", b => "\b", a => "\a");

sub session_key ($token) {
    return 'mfa:session:' . sha256_hex($token);
}

sub unescape ($text) {
    $text =~ s{\\(?:x([0-9A-Fa-f]{2})|(.))}{defined $1 ? chr hex $1 : $escape{$2} // $2}gse;
    return $text;
}

# The words of a line up to its end or to an unquoted =>, and the rest after that.
sub words ($line) {
    my @words;
    for ($line) {
        while (1) {
            /\G\s+/gc;
            return (\@words, undef) if /\G\z/gc;
            return (\@words, $1)    if /\G=>\s*(.*?)\s*\z/gc;
            if (/\G"((?:[^"\\]|\\.)*)"(?=\s|\z)/gcs) {
                push @words, unescape($1);
            } elsif (/\G'((?:[^'\\]|\\.)*)'(?=\s|\z)/gcs) {
                push @words, $1 =~ s/\\'/'/gr;
            } elsif (/\G([^\s"']\S*)/gc) {
                push @words, $1 =~ s/sha256\(([^()]+)\)/sha256_hex($1)/ger;
            } else {
                die "quotes do not match in: $line\n";
            }
        }
    }
}

sub lines ($text) {
    return grep { /\S/ && !/^\s*#/ } split /\n/, $text;
}

# Each command as a list of words.
sub commands ($text) {
    my @commands;
    for my $line (lines($text)) {
        my ($words, $expected) = words($line);
        die "\"=>\" has no meaning in: $line\n" if defined $expected;
        push @commands, $words;
    }
    return @commands;
}

# "token field value …" as [token, commands]; the field ttl is the time to live
# of the key, in seconds.
sub sessions ($text) {
    my @sessions;
    for my $words (commands($text)) {
        my ($token, @pairs) = @$words;
        die "fields and values do not pair in the session of \"$token\"\n"
            if !@pairs || @pairs % 2;
        my ($ttl, @fields);
        while (my ($field, $value) = splice @pairs, 0, 2) {
            $field eq 'ttl' ? ($ttl = $value) : push @fields, $field, $value;
        }
        my $key      = session_key($token);
        my @commands = ['HSET', $key, @fields];
        push @commands, ['EXPIRE', $key, $ttl] if defined $ttl;
        push @sessions, [$token, @commands];
    }
    return @sessions;
}

# "command => reply" as { line, words, kind, expected }; kind is how the reply
# is compared: `is`, `like` for "=> ~ pattern", `unlike` for "=> !~ pattern".
sub expectations ($text) {
    my %kind = ('' => 'is', '~' => 'like', '!~' => 'unlike');
    my @expectations;
    for my $line (lines($text)) {
        my ($words, $expected) = words($line);
        die "\"command => reply\" is expected, not: $line\n"
            if !@$words || !length($expected // '');
        my ($operator, $reply) = $expected =~ /^(!?~)\s+(.*)/ ? ($1, $2) : ('', $expected);
        push @expectations,
            { line => $line, words => $words, kind => $kind{$operator}, expected => $reply };
    }
    return @expectations;
}

1;
