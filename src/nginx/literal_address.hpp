// An IPv4 or IPv6 address that a server has named: there is nothing to look up.
#pragma once

#include <arpa/inet.h>

#include "nginx/ngx.hpp"
#include "redis/url.hpp"

namespace mfa_reset::nginx {

/// What get() returns points into the object.
class LiteralAddress {
public:
    LiteralAddress() noexcept = default;
    LiteralAddress(const LiteralAddress&) = delete;
    LiteralAddress& operator=(const LiteralAddress&) = delete;
    ~LiteralAddress() = default;

    /// False where the host is no address.
    bool set(const redis::Address& address) noexcept {
        name_ = str(address.host);
        const char* host = address.host.c_str();
        if (inet_pton(AF_INET, host, &v4_.sin_addr) == 1) {
            v4_.sin_family = AF_INET;
            v4_.sin_port = htons(address.port);
            address_ = {reinterpret_cast<sockaddr*>(&v4_), sizeof(v4_), name_};
            return true;
        }
        if (inet_pton(AF_INET6, host, &v6_.sin6_addr) == 1) {
            v6_.sin6_family = AF_INET6;
            v6_.sin6_port = htons(address.port);
            address_ = {reinterpret_cast<sockaddr*>(&v6_), sizeof(v6_), name_};
            return true;
        }
        return false;
    }
    const ngx_addr_t& get() const noexcept { return address_; }

private:
    sockaddr_in v4_{};
    sockaddr_in6 v6_{};
    ngx_str_t name_{};
    ngx_addr_t address_{};
};

}  // namespace mfa_reset::nginx
