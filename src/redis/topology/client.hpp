// One Redis as one worker talks to it: one server or several.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

class Client {
public:
    using State = Node::State;

    Client(const Settings& settings, Network& network, Observer& observer);

    /// Makes the first attempts to connect.
    void start() noexcept { topology_->start(); }
    /// The worker ends: closes all sockets and clears all timers.
    void stop() noexcept { topology_->stop(); }

    State state() const noexcept { return topology_->state(); }
    /// Commands waiting for their turn, their reply or replicas.
    std::size_t pending() const noexcept { return topology_->pending(); }
    const Settings& settings() const noexcept { return settings_; }
    /// Whether the keys of one command must be in one slot: other slots may be on other servers.
    bool one_slot_per_call() const noexcept { return settings_.url.kind == Url::Kind::cluster; }
    /// The network's clock.
    Milliseconds now() const noexcept { return network_.now(); }

    /// Takes `command`, to be ended later. Returns an empty text, or why it was not taken (a
    /// literal).
    std::string_view submit(Command& command) noexcept;

    /// See Topology::replication.
    Replication* replication(std::string_view key) noexcept { return topology_->replication(key); }

    /// See Observer::command_worked(): only the caller can read the reply.
    void worked(bool wrote) noexcept { observer_.command_worked(wrote); }

private:
    const Settings& settings_;
    Network& network_;
    Observer& observer_;
    std::unique_ptr<Topology> topology_;
};

}  // namespace mfa_reset::redis
