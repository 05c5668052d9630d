// One server as one worker talks to it: a few connections, shared by all requests of the worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <string_view>

#include "redis/connection/connection.hpp"
#include "redis/topology/replication.hpp"

namespace mfa_reset::redis {

class Node;

/// What has nodes: a Topology.
class NodeOwner {
public:
    /// An established connection ended; the next attempt shows whether the server is still there.
    /// Or an attempt failed while other connections serve: reported once until one succeeds.
    virtual void node_lost(Node& node, const Loss& loss) noexcept = 0;
    /// The server went away, or came back: once per change.
    virtual void node_down(Node& node, std::string_view why) noexcept = 0;
    virtual void node_up(Node& node) noexcept = 0;
    /// The first connection of `node` is ready. If the node was down, node_up() comes before.
    virtual void node_ready(Node& /*node*/) noexcept {}
    /// `command`, linked nowhere, was refused with `error`. True: the owner has submitted it again;
    /// false: it ends by this error.
    virtual bool try_again(Node& node, Command& command, const Reply& error) noexcept = 0;

protected:
    ~NodeOwner() = default;
};

class Node final : public ReplicationOwner {
public:
    enum class State : std::uint8_t {
        connecting,  ///< no connection is ready, and no attempt has failed: commands wait
        up,          ///< a connection is ready
        down,        ///< the last attempt failed: commands are refused at once
    };

    struct Options {
        GreetingOptions greeting;
        std::size_t connections = 1;
    };

    /// Without an `address` it waits for move_to().
    Node(const Settings& settings, const Options& options, std::optional<Address> address,
         Network& network, NodeOwner& owner, Observer& observer);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() = default;

    /// Makes the first attempts.
    void start() noexcept;
    /// The worker ends.
    void stop() noexcept;
    /// Changes the server's address; without one it is not known. Connections that are being made
    /// start again with the new address at once; those that serve leave() first. Unsent commands
    /// wait; what waits for replicas ends as uncertain. Not from inside a callback of NodeOwner or
    /// a Command.
    void move_to(std::optional<Address> address) noexcept;
    /// Replaces the connections that have been ready for at least `age`, each when its expected
    /// replies have come.
    void leave(Milliseconds age) noexcept;

    State state() const noexcept { return state_; }
    /// Commands waiting for their turn, their reply or replicas.
    std::size_t pending() const noexcept;
    /// nullptr: the settings do not say to wait for replicas.
    Replication* replication() noexcept { return replication_.get(); }
    /// Whether connection `id` is leaving: what its server says of itself may be out of date.
    bool is_leaving(std::uint64_t id) const noexcept;
    Connection& connection(std::size_t index) noexcept { return connections_[index]; }

    // ConnectionOwner
    const Address* address() const noexcept override { return address_ ? &*address_ : nullptr; }
    void connection_ready() noexcept override;
    void connection_lost(bool was_ready, const Loss& loss) noexcept override;
    void refused(Command& command, const Reply& error) noexcept override;
    std::string_view submit(Command& command) noexcept override;
    unsigned jitter() noexcept override;

    // ReplicationOwner
    bool is_up() const noexcept override { return state_ == State::up; }
    bool has_connection(std::uint64_t id) const noexcept override;
    void replication_lost(const Loss& loss) noexcept override { owner_.node_lost(*this, loss); }

private:
    bool any_serves() const noexcept;
    Connection& choose() noexcept;

    const Greeting greeting_;
    std::optional<Address> address_;
    NodeOwner& owner_;
    std::deque<Connection> connections_;  // a deque never moves its elements
    std::unique_ptr<Replication> replication_;
    State state_ = State::connecting;
    bool reported_ = false;  // a failed attempt while other connections serve
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace mfa_reset::redis
