// One Redis as one worker talks to it, however many servers it is made of.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

class Client {
public:
    using State = Node::State;

    /// `settings`, `network` and `observer` outlive the client. Throws std::bad_alloc.
    Client(const Settings& settings, Network& network, Observer& observer);

    /// Makes the first attempts to connect.
    void start() noexcept { topology_->start(); }
    /// The worker ends: no socket and no timer is left.
    void stop() noexcept { topology_->stop(); }

    State state() const noexcept { return topology_->state(); }
    /// Commands waiting for their turn, their reply or replicas.
    std::size_t pending() const noexcept { return topology_->pending(); }
    const Settings& settings() const noexcept { return settings_; }
    /// Whether keys of different slots may lie on different servers, so that no command has both.
    bool one_slot_per_call() const noexcept { return settings_.url.kind == Url::Kind::cluster; }
    /// The network's clock.
    Milliseconds now() const noexcept { return network_.now(); }

    /// Takes `command`, to be ended later. Empty, or why that cannot be (a literal): then it is
    /// not taken.
    std::string_view submit(Command& command) noexcept;

    /// See Topology::replication.
    Replication* replication(std::string_view key) noexcept { return topology_->replication(key); }

    /// For who reads the replies: a command did what it was to do, see Observer::redis_worked().
    void worked(bool wrote) noexcept { observer_.redis_worked(wrote); }

private:
    const Settings& settings_;
    Network& network_;
    Observer& observer_;
    std::unique_ptr<Topology> topology_;
};

}  // namespace mfa_reset::redis
