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

/// Who keeps nodes: a Topology.
class NodeOwner {
public:
    /// An established connection ended; whether the server is still there the next attempt will
    /// tell. Or it did not succeed while other connections serve: once until one is made again.
    virtual void node_lost(Node& node, const Loss& loss) noexcept = 0;
    /// The server went away, or came back: once per change.
    virtual void node_down(Node& node, std::string_view why) noexcept = 0;
    virtual void node_up(Node& node) noexcept = 0;
    /// The first connection of `node` is ready where none was; after node_up(), if it was down.
    virtual void node_ready(Node& /*node*/) noexcept {}
    /// A connection of `node` found the server's policy of eviction.
    virtual void node_evicts(Node& node, std::string_view policy) noexcept = 0;
    /// `node` does not take the name of a connection.
    virtual void node_unnamed(Node& node, std::string_view why) noexcept = 0;
    /// `command`, linked nowhere, was refused with `error`. True: the owner has submitted it again;
    /// false: it ends by this error.
    virtual bool try_again(Node& node, Command& command, const Reply& error) noexcept = 0;

protected:
    ~NodeOwner() = default;
};

class Node final : public ReplicationOwner {
public:
    enum class State : std::uint8_t {
        connecting,  ///< none is ready, and no attempt has failed since: commands wait
        up,
        down,  ///< the last attempt failed: commands are refused at once
    };

    struct Options {
        GreetingOptions greeting;
        std::size_t connections = 1;
    };

    /// `settings`, `network` and `owner` outlive the node. Without an `address` it waits for
    /// move_to(). Throws std::bad_alloc.
    Node(const Settings& settings, const Options& options, std::optional<Address> address,
         Network& network, NodeOwner& owner);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() = default;

    /// Makes the first attempts.
    void start() noexcept;
    /// The worker ends.
    void stop() noexcept;
    /// The server is elsewhere from now on, or, without an address, nobody knows where. Connections
    /// that are being made start there anew at once; those that serve leave() first. Commands that
    /// were not sent wait; who waits for replicas is told that it may have happened. Not from
    /// inside a callback of NodeOwner or a Command.
    void move_to(std::optional<Address> address) noexcept;
    /// The connections that have lasted for at least `age` are made anew, each once its replies are
    /// there.
    void leave(Milliseconds age) noexcept;

    State state() const noexcept { return state_; }
    /// Commands waiting for their turn, their reply or replicas.
    std::size_t pending() const noexcept;
    /// nullptr: replicas are not waited for.
    Replication* replication() noexcept { return replication_.get(); }
    /// Whether has_passage(), and that one is being left: what its server says of itself may be
    /// old.
    bool is_leaving(std::uint64_t passage) const noexcept;
    Connection& connection(std::size_t index) noexcept { return connections_[index]; }

    // ConnectionOwner
    const Address* address() const noexcept override { return address_ ? &*address_ : nullptr; }
    void connection_ready() noexcept override;
    void connection_lost(bool was_ready, const Loss& loss) noexcept override;
    void eviction_policy(std::string_view policy) noexcept override {
        owner_.node_evicts(*this, policy);
    }
    void unnamed(std::string_view why) noexcept override { owner_.node_unnamed(*this, why); }
    void refused(Command& command, const Reply& error) noexcept override;
    std::string_view submit(Command& command) noexcept override;
    unsigned jitter() noexcept override;

    // ReplicationOwner
    bool is_up() const noexcept override { return state_ == State::up; }
    bool has_passage(std::uint64_t passage) const noexcept override;
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
    bool told_ = false;  // that an attempt failed while others serve
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace mfa_reset::redis
