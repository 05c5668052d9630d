#!/usr/bin/perl
# Reads a profile of callgrind, which callgrind_annotate would list a function in once for each file
# that was inlined into it.
#   profile.pl FILE total            instructions, misses of the cache for code, system calls
#   profile.pl FILE with REQUESTS    instructions a request of each function, with all that it calls
#   profile.pl FILE alone REQUESTS   the same without
use strict;
use warnings;

my ($file, $what, $requests) = @ARGV;
my (%names, %alone, %called);    # instructions, by function
my %place;                       # of an event's count in a line of counts
my ($instructions, $misses, $system_calls) = (0, 0, 0);
my ($object, $function, $callee, $is_call) = ('', '', '', 0);

# A name is written out once, as `(id) name`, and is `(id)` after that.
sub name_of {
    my ($kind, $text) = @_;
    my ($id, $name) = $text =~ /^\((\d+)\)(?: (.*))?$/ or return $text;
    $names{$kind}{$id} = $name if defined $name;
    return $names{$kind}{$id};
}

# What can be read in a line.
sub in_short {
    my ($name, $where) = @_;
    $where =~ s{.*/}{};
    $name =~ s/std::basic_string_view<char, std::char_traits<char> >/std::string_view/g;
    $name =~ s/std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >/std::string/g;
    $name =~ s/\(.*::_Z\S*(?:\.\w+)*\)(?= |$)/ (coroutine)/;
    return "$name  [$where]";
}

# Under valgrind reading the clock is a system call, which it is nowhere else.
sub is_clock { return $_[0] =~ /^(?:clock_gettime|__gettimeofday|gettimeofday|time)(?:\b|_)/ }

sub take_counts {
    my %count = map { $_ => $_[$place{$_}] // 0 } qw(Ir I1mr sysCount);    # zeroes at the end are left out
    my $cost  = $count{Ir};
    if ($is_call) {
        $called{$function} += $cost if index $function, "$callee  ";
    } else {
        $alone{$function} += $cost;
        $instructions += $cost;
        $misses       += $count{I1mr};
        $system_calls += $count{sysCount} unless is_clock($function);
    }
    $is_call = 0;
}

open my $profile, '<', $file or die "$file: $!\n";
while (<$profile>) {
    chomp;
    if (/^ob=(.*)/) { $object = name_of('object', $1) }
    elsif (/^cob=(.*)/) { name_of('object', $1) }
    elsif (/^fn=(.*)/) { $function = in_short(name_of('function', $1), $object) }
    elsif (/^cfn=(.*)/) { $callee = name_of('function', $1) }
    elsif (/^calls=/) { $is_call = 1 }
    elsif (/^events: (.*)/) { my @events = split ' ', $1; @place{@events} = 0 .. $#events }
    elsif (/^[-+*\d]\S* (\d[\d ]*)$/) { take_counts(split ' ', $1) }
}

if ($what eq 'total') {
    print "$instructions $misses $system_calls\n";
    exit;
}
if ($what eq 'with') { $alone{$_} += $called{$_} for keys %called }
for (sort { $alone{$b} <=> $alone{$a} || $a cmp $b } keys %alone) {
    printf "%9.0f  %s\n", $alone{$_} / $requests, $_;
}
