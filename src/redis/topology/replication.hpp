// Whether the replicas of a server have what it said that it did.
//
// WAIT blocks the connection that says it until so many replicas have all that this connection
// wrote. So there is one connection for nothing else, which writes a small key and then waits:
// replication is one ordered stream, and whoever has that key has all that the server did before.
// One such pair vouches for every command whose reply came before the pair was sent; who comes
// while one is under way waits for the next.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "redis/connection/connection.hpp"

namespace mfa_reset::redis {

/// By which connections a command went and is vouched for. Both must have been there before it was
/// sent, and be there still when the replicas have answered: only then have all three spoken to the
/// same server, which has lost nothing in between.
struct Passages {
    std::uint64_t command = 0;      ///< Outcome::passage
    std::uint64_t replication = 0;  ///< Replication::passage() before the command was submitted
};

/// What waits in a Replication until the replicas have what was written. Completed by an empty
/// reply once they have it; else it fails.
class ReplicaWait : public Command {
public:
    /// `key` is one of the slot of what was written; it is written to, and ends after a minute. It
    /// outlives this.
    ReplicaWait(std::string_view key, Passages passages, Milliseconds deadline) noexcept
        : Command({}, {.writes = true, .deadline = deadline, .key = key}), passages_(passages) {}

    const Passages& passages() const noexcept { return passages_; }

private:
    Passages passages_;
};

/// The server whose replicas are waited for: a Node.
class ReplicationOwner : public ConnectionOwner {
public:
    /// Whether commands have a connection to the server.
    virtual bool is_up() const noexcept = 0;
    /// Whether one of the connections for commands is there which Connection::passage calls so.
    virtual bool has_passage(std::uint64_t passage) const noexcept = 0;
    /// The connection for waiting was lost, or an attempt to make it failed while commands have
    /// theirs: once until it is made again.
    virtual void replication_lost(const Loss& loss) noexcept = 0;

protected:
    ~ReplicationOwner() = default;
};

/// The replicas of one server, as one worker waits for them.
class Replication final : public ConnectionOwner, public CommandHolder, public AlarmOwner {
public:
    /// All outlive it. Throws std::bad_alloc.
    Replication(const Settings& settings, const Greeting& greeting, Network& network,
                ReplicationOwner& owner);
    Replication(const Replication&) = delete;
    Replication& operator=(const Replication&) = delete;
    ~Replication();

    // For the node.
    void start() noexcept { connection_.start(); }
    void stop() noexcept;
    /// See Node::leave.
    void leave(Milliseconds age) noexcept;

    /// Which connection to the server this is; 0: there is none that can vouch for anything, so
    /// that nothing should be done that is to be vouched for.
    std::uint64_t passage() const noexcept;
    /// How many wait here.
    std::size_t waiters() const noexcept { return under_way_.size() + next_.size(); }
    /// They, and what was given to the connection.
    std::size_t pending() const noexcept { return waiters() + connection_.pending(); }

    /// Takes a command that is to go by this very connection, once it is made: to learn its
    /// passage.
    void send(Command& command) noexcept { connection_.submit(command); }
    /// Those that were not sent end.
    void fail_unsent(std::string_view why) noexcept { connection_.fail_unsent(why); }
    /// Takes `waiting`, to be ended later.
    void join(ReplicaWait& waiting) noexcept;

    // ConnectionOwner
    const Address* address() const noexcept override;
    void connection_ready() noexcept override { told_ = false; }
    void connection_lost(bool was_ready, const Loss& loss) noexcept override;
    void eviction_policy(std::string_view /*policy*/) noexcept override {}
    void refused(Command& command, const Reply& error) noexcept override;
    std::string_view submit(Command& command) noexcept override;
    unsigned jitter() noexcept override;

    // CommandHolder
    void withdraw(Command& command) noexcept override;

    // AlarmOwner
    void alarm() noexcept override;

private:
    /// One half of a pair.
    class Half final : public Command {
    public:
        Half(Replication& owner, std::span<const std::string_view> words,
             CommandOptions options) noexcept
            : Command(words, options), owner_(owner) {}
        void complete(const Reply& reply) noexcept override { owner_.answered(*this, reply); }
        void fail(Outcome::Kind /*kind*/, std::string_view why) noexcept override {
            owner_.settle(why);
        }

    private:
        Replication& owner_;
    };
    struct Pair;

    void take(CommandList& list, ReplicaWait& waiting) noexcept;
    void end(Command& command, std::string_view why) noexcept;
    void begin() noexcept;
    void send_pair(std::string_view key);
    void answered(const Half& half, const Reply& reply) noexcept;
    void settle(std::string_view why) noexcept;
    void end_under_way(std::string_view why) noexcept;
    void refuse_slot() noexcept;
    void expire(CommandList& list) noexcept;
    void arm(Milliseconds at) noexcept;
    std::string_view broken_passage(const ReplicaWait& waiting) const noexcept;

    const Settings& settings_;
    Network& network_;
    ReplicationOwner& owner_;
    std::unique_ptr<Alarm> alarm_;
    Milliseconds armed_ = Milliseconds::max();
    CommandList under_way_;  // the pair that is sent, or about to be, vouches for these
    CommandList next_;
    bool sending_ = false;     // a pair is neither answered nor failed
    std::uint64_t unfit_ = 0;  // the passage whose server was no master when it was last asked
    bool told_ = false;        // that an attempt failed while commands have connections
    Connection connection_;
    std::unique_ptr<Pair> pair_;  // goes before the connection that it may be linked to
};

}  // namespace mfa_reset::redis
