#include "redis/topology/client.hpp"

#include "redis/topology/cluster.hpp"
#include "redis/topology/one_server.hpp"
#include "redis/topology/sentinel.hpp"

namespace mfa_reset::redis {

namespace {

/// The one that the URL asks for.
std::unique_ptr<Topology> make_topology(const Settings& settings, Network& network,
                                        Observer& observer) {
    if (settings.url.kind == Url::Kind::cluster) {
        return std::make_unique<Cluster>(settings, network, observer);
    }
    if (settings.url.kind == Url::Kind::sentinel) {
        return std::make_unique<SentinelTopology>(settings, network, observer);
    }
    return std::make_unique<OneServer>(settings, network, observer);
}

}  // namespace

Client::Client(const Settings& settings, Network& network, Observer& observer)
    : settings_(settings),
      network_(network),
      observer_(observer),
      topology_(make_topology(settings, network, observer)) {}

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
