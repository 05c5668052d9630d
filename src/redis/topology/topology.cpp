// See topology.hpp.
#include "redis/topology/topology.hpp"

#include "redis/topology/cluster.hpp"
#include "redis/topology/one_server.hpp"
#include "redis/topology/sentinel.hpp"

namespace mfa_reset::redis {

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

GreetingOptions record_greeting(const Settings& settings) {
    return {.credentials = settings.url.credentials,
            .database = settings.url.database,
            .must_be_master = settings.url.kind == Url::Kind::sentinel,
            .keeps_records = settings.keeps_records};
}

}  // namespace mfa_reset::redis
