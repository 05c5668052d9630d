// Where commands go: to one server, to the master that sentinels name, or to the node of a cluster
// that has the key's slot. A Client has one Topology.
#pragma once

#include <cstddef>
#include <string_view>

#include "redis/topology/node.hpp"

namespace mfa_reset::redis {

class Topology : public NodeOwner {
public:
    Topology() = default;
    Topology(const Topology&) = delete;
    Topology& operator=(const Topology&) = delete;
    virtual ~Topology() = default;

    /// Makes the first attempts to connect.
    virtual void start() noexcept = 0;
    /// The worker ends: closes all sockets and clears all timers.
    virtual void stop() noexcept = 0;
    /// Finds a connection for `command`. Empty, or why there is no connection (a literal).
    virtual std::string_view submit(Command& command) noexcept = 0;
    /// Of the server that has `key`; nullptr: there is no such server, or replicas are not waited
    /// for.
    virtual Replication* replication(std::string_view key) noexcept = 0;
    /// Of Redis as a whole: `down` if every command would fail.
    virtual Node::State state() const noexcept = 0;
    /// Commands waiting for their turn, their reply or replicas.
    virtual std::size_t pending() const noexcept = 0;
};

/// The greeting of nodes that hold the records.
GreetingOptions record_greeting(const Settings& settings);

}  // namespace mfa_reset::redis
