// Whether the replicas of a server have what was written to it.
//
// WAIT blocks its connection until the given number of replicas have all that this connection
// wrote. So one connection is used for nothing else: it sends a probe, which is a SET of a small
// key and a WAIT. Replication is one ordered stream: a replica that has that key has everything
// that the server did before. One probe is valid for every command whose reply came before the
// probe was sent. While a probe is in flight, further commands wait for the next one.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "redis/connection/connection.hpp"

namespace mfa_reset::redis {

/// The connections of a command and of its probe. Both must have been ready before the command was
/// sent, and still be the same when the replicas have answered: only then did the command and the
/// probe go to the same server, which has lost nothing in between.
struct ConnectionIds {
    std::uint64_t command = 0;      ///< Outcome::connection_id
    std::uint64_t replication = 0;  ///< Replication::connection_id() before the command
};

/// Waits in a Replication until the replicas have what was written. It is completed with an empty
/// reply when they have it; else it fails.
class ReplicaWait : public Command {
public:
    /// `key`, in the slot of what was written, is the probe's: it is set, with a TTL of a minute.
    ReplicaWait(std::string_view key, ConnectionIds connections, Milliseconds deadline) noexcept
        : Command({}, {.writes = true, .deadline = deadline, .key = key}),
          connections_(connections) {}

    const ConnectionIds& connections() const noexcept { return connections_; }

private:
    ConnectionIds connections_;
};

/// The server whose replicas are waited for: a Node.
class ReplicationOwner : public ConnectionOwner {
public:
    /// Whether commands have a connection to the server.
    virtual bool is_up() const noexcept = 0;
    /// Whether one of the connections for commands has this id.
    virtual bool has_connection(std::uint64_t id) const noexcept = 0;
    /// The connection for probes was lost. Or an attempt to make it failed while commands have
    /// connections: called once until an attempt succeeds.
    virtual void replication_lost(const Loss& loss) noexcept = 0;

protected:
    ~ReplicationOwner() = default;
};

/// The replicas of one server, as one worker waits for them.
class Replication final : public ConnectionOwner, public CommandHolder, public AlarmOwner {
public:
    Replication(const Settings& settings, const Greeting& greeting, Network& network,
                ReplicationOwner& owner, Observer& observer);
    Replication(const Replication&) = delete;
    Replication& operator=(const Replication&) = delete;
    ~Replication();

    // For the node.
    void start() noexcept { connection_.start(); }
    void stop() noexcept;
    /// See Node::leave.
    void leave(Milliseconds age) noexcept;

    /// The id of the connection for probes; 0: it is not ready, or its server was demoted. Then do
    /// not send what must reach replicas.
    std::uint64_t connection_id() const noexcept;
    /// How many ReplicaWaits wait.
    std::size_t waiters() const noexcept { return under_way_.size() + next_.size(); }
    /// The waiters, and the commands of the connection.
    std::size_t pending() const noexcept { return waiters() + connection_.pending(); }

    /// Sends `command` on the connection for probes when it is ready: the reply brings its id.
    void send(Command& command) noexcept { connection_.submit(command); }
    /// Ends the unsent commands of the connection.
    void fail_unsent(std::string_view why) noexcept { connection_.fail_unsent(why); }
    /// Takes `waiting`, to be ended later.
    void join(ReplicaWait& waiting) noexcept;

    // ConnectionOwner
    const Address* address() const noexcept override;
    void connection_ready() noexcept override { reported_ = false; }
    void connection_lost(bool was_ready, const Loss& loss) noexcept override;
    void refused(Command& command, const Reply& error) noexcept override;
    std::string_view submit(Command& command) noexcept override;
    unsigned jitter() noexcept override;

    // CommandHolder
    void withdraw(Command& command) noexcept override;

    // AlarmOwner
    void alarm() noexcept override;

private:
    /// SET or WAIT.
    class ProbeCommand final : public Command {
    public:
        ProbeCommand(Replication& owner, std::span<const std::string_view> words,
                     CommandOptions options) noexcept
            : Command(words, options), owner_(owner) {}
        void complete(const Reply& reply) noexcept override { owner_.answered(*this, reply); }
        void fail(Outcome::Kind /*kind*/, std::string_view why) noexcept override {
            owner_.settle(why);
        }

    private:
        Replication& owner_;
    };
    struct Probe;

    void take(CommandList& list, ReplicaWait& waiting) noexcept;
    void end(Command& command, std::string_view why) noexcept;
    void begin() noexcept;
    void send_probe(std::string_view key);
    void answered(const ProbeCommand& command, const Reply& reply) noexcept;
    void settle(std::string_view why) noexcept;
    void end_under_way(std::string_view why) noexcept;
    void refuse_slot() noexcept;
    void expire(CommandList& list) noexcept;
    void arm(Milliseconds at) noexcept;
    std::string_view lost_connection(const ReplicaWait& waiting) const noexcept;

    const Settings& settings_;
    Network& network_;
    ReplicationOwner& owner_;
    std::unique_ptr<Alarm> alarm_;
    Milliseconds armed_ = Milliseconds::max();
    CommandList under_way_;      // wait for the current probe
    CommandList next_;           // wait for the next one
    bool sending_ = false;       // the probe has neither been answered nor failed
    std::uint64_t demoted_ = 0;  // the id of the connection whose server said that it is no master
    bool reported_ = false;      // a failed attempt while commands have connections
    Connection connection_;
    std::unique_ptr<Probe> probe_;  // destroyed before the connection
};

}  // namespace mfa_reset::redis
