// Looks up the socket address of a Redis, which may be given by a name: the first step of each
// attempt to connect.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "nginx/ngx.hpp"
#include "nginx/redis/addresses.hpp"
#include "nginx/redis/socket_address.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

/// How names are looked up while nginx runs.
struct Resolving {
    ngx_resolver_t* resolver = nullptr;  ///< has name servers; nullptr: no lookups
    ngx_msec_t timeout = 0;              ///< of one lookup; 0: no limit of its own

    bool operator==(const Resolving&) const = default;
};

/// The lookups of one link, one at a time. IP addresses and unix sockets need no lookup; names that
/// were looked up when the configuration was loaded keep those addresses. For other names the
/// resolver is asked each time: nginx caches its answers for their TTL or for `valid=`.
class RedisLookup {
public:
    class Owner {
    public:
        /// `address` is valid until the next lookup.
        virtual void found(const ngx_addr_t& address) noexcept = 0;
        virtual void not_found(std::string_view why) noexcept = 0;

    protected:
        ~Owner() = default;
    };

    RedisLookup(RedisAddresses& known, const Resolving& resolving, Owner& owner,
                ngx_log_t* log) noexcept;
    RedisLookup(const RedisLookup&) = delete;
    RedisLookup& operator=(const RedisLookup&) = delete;
    ~RedisLookup() { cancel(); }

    /// Returns the socket address if no resolver is needed, valid until the next lookup. Otherwise
    /// calls the owner later, from the event loop; until then `address` must stay in its place, and
    /// its host becomes lower case. No other lookup may be running.
    std::optional<ngx_addr_t> start(redis::Address& address) noexcept;
    /// The owner is not called.
    void cancel() noexcept;

private:
    static void on_resolved(ngx_resolver_ctx_t* question) noexcept;
    static void on_done(ngx_event_t* event) noexcept;
    static void expire_alike(const ngx_resolver_ctx_t& question) noexcept;

    void ask(redis::Address& address) noexcept;
    ngx_resolver_ctx_t* take_question() noexcept;
    void fail_as(const ngx_resolver_ctx_t& question) noexcept;
    const sockaddr& next_of(const ngx_resolver_ctx_t& answer) const noexcept;
    template <class... Args>
    void fail(const char* format, Args... args) noexcept;

    RedisAddresses& known_;
    const Resolving& resolving_;
    Owner& owner_;
    ngx_resolver_ctx_t* question_ = nullptr;  // in flight; the resolver owns it
    RedisLookup* next_asking_ = nullptr;
    ngx_event_t done_{};
    std::uint16_t port_ = 0;
    SocketAddress literal_;
    SocketAddress last_;             // from the resolver
    std::array<u_char, 384> why_{};  // the failure; large enough for any name
    std::size_t why_size_ = 0;       // 0: last_ was found
};

}  // namespace mfa_reset::nginx
