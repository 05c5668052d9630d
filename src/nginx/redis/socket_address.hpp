// An address as sockets take it.
#pragma once

#include <array>
#include <cstdint>

#include "nginx/ngx.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

/// Empty, or one IPv4, IPv6 or unix socket address, with its text for nginx's log.
class SocketAddress {
public:
    /// Becomes `address` where that is a unix socket or an IP address with a port. False: it is
    /// neither, and this is what it was.
    bool parse(const redis::Address& address) noexcept;
    /// Becomes the IP address `ip` with `port`.
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

/// An order of IP addresses: IPv4 first, each by its bytes; ports do not count.
bool is_before(const sockaddr& a, const sockaddr& b) noexcept;

}  // namespace mfa_reset::nginx
