// TCP keepalive for connections to Redis, in addition to the client's heartbeat.
#pragma once

#include "nginx/ngx.hpp"
#include "redis/connection/settings.hpp"

namespace mfa_reset::nginx {

/// The times of the heartbeat, from which those of TCP are computed.
struct Keepalive {
    redis::Milliseconds interval{0};  ///< 0: no heartbeat, and the system's settings stay
    redis::Milliseconds timeout{0};   ///< for the answer
};

/// Has the system probe a connected TCP socket when it is idle, and end it if sent bytes are not
/// acknowledged. A failure is logged by `socket`'s log and has no other effect: the heartbeat works
/// without it.
void keep_alive(ngx_connection_t* socket, const Keepalive& times) noexcept;

}  // namespace mfa_reset::nginx
