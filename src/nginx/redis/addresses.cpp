#include "nginx/redis/addresses.hpp"

#include <algorithm>
#include <string>

namespace mfa_reset::nginx {

const char* RedisAddresses::add(ngx_conf_t* cf, const redis::Address& address) {
    const std::string text = address.text();
    ngx_url_t url{};
    url.url.len = text.size();
    url.url.data = static_cast<u_char*>(ngx_pnalloc(cf->pool, text.size() + 1));
    if (url.url.data == nullptr) {
        return "no memory";
    }
    std::copy_n(text.c_str(), text.size() + 1, url.url.data);
    if (ngx_parse_url(cf->pool, &url) != NGX_OK || url.naddrs == 0) {
        return url.err != nullptr ? url.err : "no address found";
    }
    entries_.push_back({address, url.addrs, url.naddrs, 0});
    return nullptr;
}

const ngx_addr_t* RedisAddresses::next(const redis::Address& address) noexcept {
    const auto found = std::ranges::find(entries_, address, &Entry::address);
    return found == entries_.end() ? nullptr : &found->found[found->next++ % found->count];
}

}  // namespace mfa_reset::nginx
