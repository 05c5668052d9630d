// Where commands go: to one server, to the master that sentinels name, to the node of a cluster
// that has the key's slot. What differs between these is here; a Client has one of them.
#pragma once

#include <cstddef>
#include <string_view>

#include "redis/topology/node.hpp"

namespace mfa_reset::redis {

/// Who wants to know how Redis is.
class Observer {
public:
    /// This server is the one that has the records from now on; the first time, too.
    virtual void redis_moved(const Address& /*master*/) noexcept {}
    /// An established connection ended; whether Redis is still there the next attempt will tell.
    virtual void redis_lost(const Loss& loss) noexcept = 0;
    /// Redis went away, or came back: once per change.
    virtual void redis_down(std::string_view why) noexcept = 0;
    virtual void redis_up() noexcept = 0;
    /// The same of one server of several, by its address: Redis as a whole may go on.
    virtual void redis_node_lost(std::string_view /*node*/, const Loss& /*loss*/) noexcept {}
    virtual void redis_node_down(std::string_view /*node*/, std::string_view /*why*/) noexcept {}
    virtual void redis_node_up(std::string_view /*node*/) noexcept {}
    /// A node of a cluster has slots and no address that can be connected to. `node` is what the
    /// cluster announces.
    virtual void redis_node_unreachable(std::string_view /*node*/) noexcept {}
    /// A server's policy of eviction, as each new connection finds it.
    virtual void redis_evicts(std::string_view policy) noexcept = 0;
    /// A server does not take the names of connections, as each new connection finds it.
    virtual void redis_unnamed(std::string_view /*why*/) noexcept {}
    /// A command was refused with this error, whatever is done about it. Its text may repeat what
    /// was sent.
    virtual void redis_refused(const Reply& error) noexcept = 0;
    /// A command did what it was to do; `wrote`: it has changed something.
    virtual void redis_worked(bool /*wrote*/) noexcept {}

protected:
    ~Observer() = default;
};

class Topology : public NodeOwner {
public:
    Topology() = default;
    Topology(const Topology&) = delete;
    Topology& operator=(const Topology&) = delete;
    virtual ~Topology() = default;

    /// Makes the first attempts to connect.
    virtual void start() noexcept = 0;
    /// The worker ends: no socket and no timer is left.
    virtual void stop() noexcept = 0;
    /// Finds `command` a connection. Empty, or why there is none (a literal).
    virtual std::string_view submit(Command& command) noexcept = 0;
    /// Where replicas are waited for, of the server that has `key`; nullptr: there is none, or they
    /// are not.
    virtual Replication* replication(std::string_view key) noexcept = 0;
    /// Of the whole: down where no command has a chance.
    virtual Node::State state() const noexcept = 0;
    /// Commands waiting for their turn, their reply or replicas.
    virtual std::size_t pending() const noexcept = 0;
};

/// How the nodes that hold the records are greeted.
GreetingOptions record_greeting(const Settings& settings);

}  // namespace mfa_reset::redis
