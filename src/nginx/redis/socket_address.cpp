#include "nginx/redis/socket_address.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace mfa_reset::nginx {

namespace {

/// The address without its port.
std::string_view bytes(const sockaddr& address) noexcept {
    const char* start = nullptr;
    std::size_t size = 0;
    if (address.sa_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        start = reinterpret_cast<const char*>(&v6.sin6_addr);
        size = sizeof(v6.sin6_addr);
    } else {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        start = reinterpret_cast<const char*>(&v4.sin_addr);
        size = sizeof(v4.sin_addr);
    }
    return {start, size};
}

}  // namespace

bool SocketAddress::parse(const redis::Address& address) noexcept {
    if (!address.unix_path.empty()) {
        sockaddr_un& un = socket_.sockaddr_un;
        if (address.unix_path.size() >= sizeof(un.sun_path)) {
            return false;
        }
        un = {};
        un.sun_family = AF_UNIX;
        std::ranges::copy(address.unix_path, un.sun_path);
        size_ = sizeof(un);
        return true;
    }
    const ngx_str_t host = str(address.host);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = ngx_inet_addr(host.data, host.len);
    if (v4.sin_addr.s_addr != INADDR_NONE) {
        assign(reinterpret_cast<const sockaddr&>(v4), address.port);
        return true;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    if (ngx_inet6_addr(host.data, host.len, v6.sin6_addr.s6_addr) == NGX_OK) {
        assign(reinterpret_cast<const sockaddr&>(v6), address.port);
        return true;
    }
    return false;
}

void SocketAddress::assign(const sockaddr& ip, std::uint16_t port) noexcept {
    size_ = ip.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    std::memcpy(&socket_, &ip, size_);
    ngx_inet_set_port(&socket_.sockaddr, port);
}

ngx_addr_t SocketAddress::get() noexcept {
    const std::size_t length =
        ngx_sock_ntop(&socket_.sockaddr, size_, text_.data(), text_.size(), 1);
    return {&socket_.sockaddr, size_, {length, text_.data()}};
}

bool is_before(const sockaddr& a, const sockaddr& b) noexcept {
    return a.sa_family != b.sa_family ? a.sa_family == AF_INET : bytes(a) < bytes(b);
}

}  // namespace mfa_reset::nginx
