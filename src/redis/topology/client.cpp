// See client.hpp.
#include "redis/topology/client.hpp"

namespace mfa_reset::redis {

std::string_view Client::submit(Command& command) noexcept {
    if (state() == State::down) {
        return "Redis is down";
    }
    if (pending() >= settings_.max_pending) {
        return "too many commands wait for Redis";
    }
    return topology_->submit(command);
}

}  // namespace mfa_reset::redis
