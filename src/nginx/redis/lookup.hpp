// From the address of a Redis, which may be a name, to that of a socket: the first step of each
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

/// Who is asked for names while nginx runs.
struct Resolving {
    ngx_resolver_t* resolver = nullptr;  ///< has name servers; nullptr: nobody is asked
    ngx_msec_t timeout = 0;              ///< of one lookup; 0: it has no end of its own

    bool operator==(const Resolving&) const = default;
};

/// The lookups of one link, one at a time. IP addresses and unix sockets are known as they are,
/// names that were looked up when the configuration was loaded by what was found then; for any
/// other the resolver is asked, anew each time: nginx keeps its answers for as long as their TTL,
/// or `valid=`, says.
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

    /// All outlive the lookup.
    RedisLookup(RedisAddresses& known, const Resolving& resolving, Owner& owner,
                ngx_log_t* log) noexcept;
    RedisLookup(const RedisLookup&) = delete;
    RedisLookup& operator=(const RedisLookup&) = delete;
    ~RedisLookup() { cancel(); }

    /// What `address` stands for, where that is known, valid until the next lookup. Otherwise the
    /// owner is told later, from the event loop; until then `address` has to stay where it is, and
    /// its host becomes lower case. No lookup may be running.
    std::optional<ngx_addr_t> start(redis::Address& address) noexcept;
    /// Nothing is told any more.
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
    ngx_resolver_ctx_t* question_ = nullptr;  // while the resolver works on it, which owns it
    RedisLookup* next_asking_ = nullptr;
    ngx_event_t done_{};
    std::uint16_t port_ = 0;
    SocketAddress literal_;
    SocketAddress last_;             // of those that the resolver gave
    std::array<u_char, 384> why_{};  // nothing was found; holds any name
    std::size_t why_size_ = 0;       // 0: last_ was found
};

}  // namespace mfa_reset::nginx
