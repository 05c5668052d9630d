// A socket address.
#pragma once

#include <array>
#include <cstdint>

#include "nginx/ngx.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

/// Empty, or one IPv4, IPv6 or unix socket address, with its text for nginx's log.
class SocketAddress {
public:
    /// Takes `address` if it is a unix socket or an IP address with a port. False: it is neither,
    /// and this object is unchanged.
    bool parse(const redis::Address& address) noexcept;
    /// Takes the IP address `ip` with `port`.
    void assign(const sockaddr& ip, std::uint16_t port) noexcept;

    bool empty() const noexcept { return size_ == 0; }
    /// Points into this.
    ngx_addr_t get() noexcept;
    const sockaddr& socket() const noexcept { return socket_.sockaddr; }

private:
    ngx_sockaddr_t socket_{};
    socklen_t size_ = 0;
    std::array<u_char, NGX_SOCKADDR_STRLEN> text_{};
};

/// Orders IP addresses: IPv4 first, then by their bytes, without ports.
bool is_before(const sockaddr& a, const sockaddr& b) noexcept;

}  // namespace mfa_reset::nginx
