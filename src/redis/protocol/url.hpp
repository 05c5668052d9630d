// The addresses and the credentials of a Redis: the argument of mfa_reset_redis.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mfa_reset::redis {

/// Where one server listens.
struct Address {
    std::string host;  ///< see is_host(); empty for a unix socket
    std::uint16_t port = 6379;
    std::string unix_path;

    bool operator==(const Address&) const = default;

    /// `host:port`, `[::1]:port` or `unix:/path`, as nginx writes it, too.
    std::string text() const;
};

struct Credentials {
    std::string user;      ///< ACL user; empty: Redis's `default`
    std::string password;  ///< empty: none

    bool operator==(const Credentials&) const = default;
};

struct Url {
    enum class Kind : std::uint8_t {
        server,    ///< one, at `addresses.front()`
        sentinel,  ///< the master that the sentinels at `addresses` call `master`
        cluster,   ///< Redis Cluster, of which `addresses` are some nodes
    };
    Kind kind = Kind::server;
    bool tls = false;  ///< of every connection, those to sentinels included
    std::vector<Address> addresses;
    std::string master;
    Credentials credentials;
    unsigned database = 0;

    bool operator==(const Url&) const = default;

    /// As it was written, without user and password: for the log.
    std::string public_text() const;
};

/// What is wrong with a URL, and what to write instead. Quotes no password.
struct UrlError {
    std::string message;
};

/// One of
///
///     redis[s]://[user[:password]@]host[:port][/db]
///     unix:/path[:/db]
///     redis[s]+sentinel://[user[:password]@]host[:port],…/name[/db]      port 26379 by default
///     redis[s]+cluster://[user[:password]@]host[:port],…
///
/// User and password are percent-decoded; `redis://:password@host` is a password without a user.
std::variant<Url, UrlError> parse_url(std::string_view url);

}  // namespace mfa_reset::redis
