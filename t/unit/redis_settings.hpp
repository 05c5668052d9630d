// How to talk to a Redis whose location has no directives of its own but the URL.
#pragma once

#include "redis/connection/settings.hpp"

namespace mfa_reset::test {

inline redis::Settings redis_settings() {
    redis::Settings settings;
    settings.connections = 2;
    settings.connect_timeout = redis::Milliseconds{1000};
    settings.timeout = redis::Milliseconds{250};
    settings.max_pending = 1024;
    return settings;
}

}  // namespace mfa_reset::test
