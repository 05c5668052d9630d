// Where a Redis is and as whom to talk to it: the argument of mfa_reset_redis.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace mfa_reset::redis {

struct Endpoint {
    std::string
        host;  ///< a name, an IPv4 or an IPv6 address without brackets; empty for a unix socket
    std::uint16_t port = 6379;
    std::string unix_path;
    std::string user;      ///< ACL user; empty: Redis's `default`
    std::string password;  ///< empty: none
    unsigned database = 0;

    bool operator==(const Endpoint&) const = default;
};

/// What is wrong with a URL, as a sentence that says what to write instead. Quotes no password.
struct UrlError {
    std::string message;
};

/// `redis://[user[:password]@]host[:port][/db]` or `unix:/path[:/db]`. User and password are
/// percent-decoded; `redis://:password@host` is a password without a user.
std::variant<Endpoint, UrlError> parse_url(std::string_view url);

}  // namespace mfa_reset::redis
