#!/usr/bin/perl
# The current code of an OATH device: TOTP (RFC 6238) with SHA-1, six digits, 30 seconds.
#   totp.pl SECRET [TIME]
# SECRET is in hex, as in a device's sharedSecret; TIME in seconds since 1970, now where it is left out.
use v5.36;
use Digest::SHA qw(hmac_sha1);

my ($secret, $time) = @ARGV;
die "usage: totp.pl SECRET [TIME]\n"
    unless (@ARGV == 1 || @ARGV == 2) && $secret =~ /^(?:[0-9A-Fa-f]{2})+\z/ && ($time //= time) =~ /^[0-9]+\z/;

# RFC 4226, 5.3: 31 bits from where the last four bits of the digest point to.
my $digest = hmac_sha1(pack('Q>', int($time / 30)), pack('H*', $secret));
my $binary = unpack('N', substr($digest, ord(substr $digest, -1) & 15, 4)) & 0x7fffffff;
printf "%06d\n", $binary % 1_000_000;
