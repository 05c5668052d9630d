// How to talk to one Redis: the mfa_reset_redis* directives.
#pragma once

#include <chrono>
#include <cstddef>

#include "redis/protocol/codec.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::redis {

using Milliseconds = std::chrono::milliseconds;

/// A reset is answered only after `replicas` replicas have it.
struct WaitForReplicas {
    unsigned replicas = 0;  ///< 0: at once
    Milliseconds timeout{100};

    bool operator==(const WaitForReplicas&) const = default;
};

/// The defaults are those of the directives.
struct Settings {
    Url url;
    Credentials sentinel;            ///< the sentinels' own
    std::size_t connections = 0;     ///< per worker and server; 1 at least
    Milliseconds connect_timeout{};  ///< connecting and greeting together
    Milliseconds timeout{};          ///< of one command
    Milliseconds heartbeat{};        ///< an idle connection is probed after this; 0: never
    std::size_t max_pending = 0;     ///< commands waiting in this worker
    ReplyLimits reply_limits;
    WaitForReplicas wait;
    bool keeps_records = true;  ///< it has the records, which must not be evicted

    bool operator==(const Settings&) const = default;
};

}  // namespace mfa_reset::redis
