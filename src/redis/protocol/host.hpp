// What a host is, for every place where one is written or announced: mfa_reset_redis and
// mfa_reset_redis_ssl_name, the replies of sentinels, the map and the redirections of a cluster.
#pragma once

#include <cstddef>
#include <string_view>

namespace mfa_reset::redis {

/// The most characters of a DNS name, without a dot at the end: RFC 1035, section 2.3.4, allows 255
/// octets with their lengths.
inline constexpr std::size_t kLongestName = 253;

/// Whether `text` may be a name or an IP address without brackets: letters, digits and `.-_:%`, at
/// least one. Names in containers have underscores, IPv6 addresses have colons and may have a scope
/// (`fe80::1%eth0`, RFC 4007, section 11).
///
/// The rule keeps out what cannot be a host: blanks, quotes, slashes, control characters, and `?`,
/// which a cluster announces for an unknown one. It does not check the form of an address, nor
/// whether a name exists or is too long: the lookup does, and says so.
bool is_host(std::string_view text) noexcept;

/// The same for a host in a server's reply, which is kept and logged: at most 255 characters.
bool is_announced_host(std::string_view text) noexcept;

}  // namespace mfa_reset::redis
