#include "nginx/redis/keepalive.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mfa_reset::nginx {

namespace {

void set(ngx_connection_t* socket, int level, int option, const char* name,
         std::int64_t value) noexcept {
    const int number = static_cast<int>(value);
    if (setsockopt(socket->fd, level, option, &number, sizeof(number)) == -1) {
        ngx_log_error(NGX_LOG_WARN, socket->log, ngx_socket_errno,
                      "mfa_reset: setsockopt(%s) on a connection to Redis failed", name);
    }
}

#if (NGX_HAVE_KEEPALIVE_TUNABLE)

/// The kernel counts in seconds, up to 32767 (tcp(7)).
std::int64_t seconds(redis::Milliseconds time) noexcept {
    return std::clamp<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(time).count(), 1,
                                    32767);
}

#endif

}  // namespace

void keep_alive(ngx_connection_t* socket, const Keepalive& times) noexcept {
    if (times.interval == redis::Milliseconds{0}) {
        return;
    }
    set(socket, SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE", 1);
#if (NGX_HAVE_KEEPALIVE_TUNABLE)
    constexpr std::int64_t kProbes = 3;
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, "TCP_KEEPIDLE", seconds(times.interval));
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL", seconds(times.timeout));
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT", kProbes);
#endif
#ifdef TCP_USER_TIMEOUT
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT",
        (times.interval + times.timeout).count());
#endif
}

}  // namespace mfa_reset::nginx
