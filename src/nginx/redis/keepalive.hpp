// TCP's own watch over a connection to Redis, beside the heartbeat that the client sends.
#pragma once

#include "nginx/ngx.hpp"
#include "redis/connection/settings.hpp"

namespace mfa_reset::nginx {

/// The times of the heartbeat, of which those of TCP are made.
struct Keepalive {
    redis::Milliseconds interval{0};  ///< 0: no heartbeat, and the system's settings are left alone
    redis::Milliseconds timeout{0};   ///< for the answer
};

/// On a connected TCP socket: probes it when it is idle, and ends it when what was sent is not
/// acknowledged. A system that cannot do that, or an option that it refuses, costs the second net
/// and nothing else; the latter is logged by `socket`'s log.
void keep_alive(ngx_connection_t* socket, const Keepalive& times) noexcept;

}  // namespace mfa_reset::nginx
