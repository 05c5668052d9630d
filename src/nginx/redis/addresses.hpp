// The addresses of Redis servers' names, looked up when the configuration is loaded.
#pragma once

#include <vector>

#include "nginx/ngx.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::nginx {

/// The addresses of names for which no resolver is asked. In the configuration's pool.
class RedisAddresses {
public:
    /// Looks `address` up. Returns what is wrong with it, or nullptr.
    const char* add(ngx_conf_t* cf, const redis::Address& address);

    /// The next of the addresses of `address`, in turn; nullptr: it was not added.
    const ngx_addr_t* next(const redis::Address& address) noexcept;

private:
    struct Entry {
        redis::Address address;
        ngx_addr_t* found = nullptr;
        ngx_uint_t count = 0;
        ngx_uint_t next = 0;
    };
    std::vector<Entry> entries_;
};

}  // namespace mfa_reset::nginx
