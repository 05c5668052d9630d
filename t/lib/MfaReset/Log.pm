# The error log of a whole test file: nginx is stopped and its log put aside
# before the next start wipes it, and at the end all of it is judged.
package MfaReset::Log;

use v5.36;
use Test::More ();
use MfaReset::Process qw(is_alive wait_until);

# How many seconds nginx may take to quit.
our $patience = 10;

my (@chunks, @lost, %secret, %token);

# Must not be in any line, nginx's own at debug level included.
sub secret (@secrets) { @secret{@secrets} = () }

# Must not be in any line of the module; nginx logs request headers itself.
sub token (@tokens) { @token{@tokens} = () }

sub slurp ($path) {
    open my $in, '<:raw', $path or return;
    local $/;
    return scalar <$in>;
}

sub pid ($root) {
    my ($pid) = (slurp("$root/logs/nginx.pid") // '') =~ /^(\d+)/;
    return $pid && is_alive($pid) ? $pid : undef;
}

# Stops the nginx of $root, if it runs, and takes its log. One that has refused
# its configuration may say [emerg], and is not there to be stopped.
sub collect ($root, $name, $must_die) {
    my $log = "$root/logs/error.log";
    return if !-f $log;

    if (!$must_die) {
        my $pid;

        # The daemon writes its pid file after its parent has exited.
        if (!wait_until(0.5, sub { $pid = pid($root) })) {
            push @lost, "$name: nginx was gone before it was told to quit";
        } elsif (!quit($pid)) {
            push @lost, "$name: nginx was told to quit and did not";
        }
    }
    push @chunks, { name => $name, must_die => $must_die, text => slurp($log) // '' };
    unlink $log;
}

sub quit ($pid) {
    kill QUIT => $pid;
    return 1 if wait_until($patience, sub { !is_alive($pid) });

    # A daemon leads a process group of its own, with its workers in it.
    kill KILL => getpgrp $pid == $pid ? -$pid : $pid;
    wait_until(5, sub { !is_alive($pid) });
    return 0;
}

sub any_of (@words) {
    my $pattern = join '|', map {quotemeta} sort { length $b <=> length $a } @words;
    return qr/$pattern/;
}

# Names of the rules, and what breaks them.
sub rules {
    my @rules = (
        ['no [alert]' => sub ($line, $chunk) { $line =~ /\[alert\]/ }],
        ['no [emerg]' => sub ($line, $chunk) { $line =~ /\[emerg\]/ && !$chunk->{must_die} }],
        ['no word of a sanitizer' => sub ($line, $) { $line =~ /\w+Sanitizer\b|runtime error:/ }],
    );
    if (%secret) {
        my $secret = any_of(keys %secret);
        push @rules, ['no secret' => sub ($line, $) { $line =~ $secret }];
    }
    if (%token) {
        my $token = any_of(keys %token);
        push @rules, [
            'no token in a line of the module' => sub ($line, $) {
                $line =~ $token && $line =~ /mfa_reset/ && $line !~ /: \*\d+ http header: "/;
            }
        ];
    }
    return @rules;
}

# What a rule found, without repeating what must not be logged.
sub shown ($line) {
    my @hidden = (keys %secret, keys %token) or return $line;
    my $hidden = any_of(@hidden);
    return $line =~ s/$hidden/<hidden>/gr;
}

# One assertion for each rule over everything collected, and over what nginx
# said on stderr before it had a log.
sub judge ($stderr_path) {
    my @all = (@chunks, { name => 'stderr', must_die => 1, text => slurp($stderr_path) // '' });
    Test::More::ok(!@lost, 'error log: nginx ran until it was told to quit')
        or Test::More::diag(join "\n", @lost);

    for my $rule (rules()) {
        my ($name, $breaks) = @$rule;
        my @found;
        for my $chunk (@all) {
            push @found, map {"$chunk->{name}: " . shown($_)}
                grep { $breaks->($_, $chunk) } split /\n/, $chunk->{text};
        }
        Test::More::ok(!@found, "error log: $name") or complain(@found);
    }
}

sub complain (@found) {
    my $more = @found > 10 ? @found - 10 : 0;
    Test::More::diag(join "\n", @found > 10 ? @found[0 .. 9] : @found);
    Test::More::diag("and $more more") if $more;
}

1;
