// One connection to Redis as a state machine without a socket: bytes go in and out, and timers are
// calls.
//
//                 link timer              opened()                every greeting reply good
//      waiting ───────────────▶ connecting ────────▶ greeting ───────────────────────▶ ready
//         ▲                         │                    │                                │
//         └───── failed, timed out ─┴── refused, slow ───┴── closed, silent, nonsense ────┘
//
// Commands wait in `unsent_` until the end of an event-loop turn, when all of them are written at
// once and become expected replies, which come back in order. If a command ends early, its place in
// that order stays, and the reply that comes for it is dropped: no reply reaches another command.
//
// A ready connection on which nothing came for Settings::heartbeat is sent a PING. Until the answer
// comes, whatever it is, commands wait unsent; if none comes within Settings::timeout, the
// connection is lost, and these commands may take another one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection/command.hpp"
#include "redis/connection/greeting.hpp"
#include "redis/connection/observer.hpp"
#include "redis/connection/transport.hpp"
#include "redis/protocol/codec.hpp"

namespace mfa_reset::redis {

/// What a server says of itself may have its connections replaced, but not more often than this.
inline constexpr Milliseconds kReconnectInterval{1000};

/// What has connections: a Node, a Replication.
class ConnectionOwner {
public:
    /// Where to connect to now; nullptr: not known, and the owner will call start() again.
    virtual const Address* address() const noexcept = 0;
    /// The greeting is over, commands are sent from now on.
    virtual void connection_ready() noexcept = 0;
    /// An attempt failed or, if `was_ready`, an established connection ended. Not called for a
    /// connection that was leaving.
    virtual void connection_lost(bool was_ready, const Loss& loss) noexcept = 0;
    /// Ends `command` by an error reply, or has it tried again.
    virtual void refused(Command& command, const Reply& error) noexcept = 0;
    /// Finds a connection for a command that was not sent. Empty, or why there is none (a literal).
    virtual std::string_view submit(Command& command) noexcept = 0;
    /// A random factor for delays, in percent: 80 to 120.
    virtual unsigned jitter() noexcept = 0;

protected:
    ~ConnectionOwner() = default;
};

class Connection final : public CommandHolder {
public:
    enum class State : std::uint8_t { waiting, connecting, greeting, ready };

    Connection(const Settings& settings, const Greeting& greeting, Network& network,
               ConnectionOwner& owner, Observer& observer);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    State state() const noexcept { return state_; }
    /// Whether commands are sent: ready, and not leaving.
    bool serves() const noexcept { return state_ == State::ready && !leaving_; }
    /// Commands that wait here: unsent, and replies still expected, abandoned ones included.
    std::size_t pending() const noexcept {
        return unsent_.size() + expected_count_ - (pinging_ ? 1 : 0);
    }
    /// How many replies must come before that of a command submitted now, a heartbeat's included.
    std::size_t queue() const noexcept { return unsent_.size() + expected_count_; }
    /// Whether what is submitted now leaves together with something else, at the end of this turn.
    bool will_send() const noexcept {
        return serves() && !pinging_ && !unsent_.empty() && out_written_ == out_.size();
    }
    /// The connection id: unique in the process, and a new one for each reconnect. 0: not ready.
    std::uint64_t id() const noexcept { return state_ == State::ready ? id_ : 0; }
    /// How long it has been ready; zero if it is not.
    Milliseconds ready_for() const noexcept;

    // For the owner.
    void start() noexcept;  ///< connects at once, also if an attempt is under way
    void stop() noexcept;   ///< the worker ends: closes the socket and clears the timers
    /// Sends no more, and reconnects when the expected replies have come, or are overdue.
    void leave() noexcept;
    void submit(Command& command) noexcept;  ///< takes the command; it is sent when ready
    void withdraw(Command& command) noexcept override;
    void fail_unsent(std::string_view why) noexcept;
    /// Reads what has come, before a command is judged late. May end the connection. Call it only
    /// from the event loop.
    void hear() noexcept;

    // For the transport.
    /// A step towards opened() is done: the name is looked up, or the socket is connected.
    void stepped() noexcept;
    void opened() noexcept;                          ///< connected
    void received(std::string_view bytes) noexcept;  ///< may disconnect
    std::string_view output() noexcept;              ///< what is to be written now; empty: nothing
    void sent(std::size_t bytes) noexcept;           ///< so much of output() went out
    void lost(std::string_view why) noexcept;        ///< connecting failed, or the socket is closed
    void closed(std::string_view why) noexcept;      ///< the same, by the server
    void timer(Timer timer) noexcept;

private:
    /// A reply that will come. `command` is nullptr if it has ended early.
    struct Expected {
        Command* command;
        std::uint64_t end;  ///< where the command ends in the stream of bytes sent
        Milliseconds at;    ///< when it was handed to the transport
    };

    void take(Command& command) noexcept;
    void release(Command& command) noexcept;
    void attempt() noexcept;
    void limit_connecting() noexcept;
    void end_connecting(std::string_view why) noexcept;
    void greet();
    void accept_greeting(const Reply& reply);
    void accept(const Reply& reply) noexcept;
    void drop(std::string_view why) noexcept;
    void end(const Loss& loss) noexcept;
    void retry_later(bool was_ready, bool left) noexcept;
    void end_expected() noexcept;
    void gather();
    void append(std::span<const std::string_view> words, Command* command, Milliseconds now);
    void arm_deadline(Milliseconds deadline) noexcept;
    void expire() noexcept;
    void expire_unsent(Milliseconds now) noexcept;
    void expire_expected(Milliseconds now) noexcept;
    void look() noexcept;
    void ping_if_idle() noexcept;
    Milliseconds longest_silence() const noexcept;
    void end_watch() noexcept;
    void watch_silence() noexcept;
    void check_silence() noexcept;
    Milliseconds silent_until() noexcept;

    Expected& expected(std::uint64_t place) noexcept { return ring_[place % ring_.size()]; }

    const Settings& settings_;
    const Greeting& greeting_;
    Network& network_;
    ConnectionOwner& owner_;
    Observer& observer_;
    std::unique_ptr<Transport> transport_;
    State state_ = State::waiting;
    bool leaving_ = false;
    Milliseconds connect_until_{0};
    bool extended_ = false;  // the time to connect, to read what may have come meanwhile
    std::size_t greeted_ = 0;
    std::uint64_t id_ = 0;

    CommandList unsent_;
    std::size_t awaited_ =
        0;  // commands of requests that wait here, without those that ended early
    std::vector<Expected> ring_;        // capacity: max_pending, and an ASKING
    std::uint64_t first_expected_ = 0;  // places count up and never repeat
    std::size_t expected_count_ = 0;

    std::string out_;
    std::size_t out_written_ = 0;
    std::uint64_t appended_ = 0;  // bytes of commands, counted over all connections made
    std::uint64_t sent_ = 0;

    ReplyReader reader_;
    Milliseconds last_heard_{0};  // a whole reply: one that does not end counts as silence
    Milliseconds ready_since_{0};
    bool watching_silence_ = false;
    bool pinging_ = false;  // the only expected reply is that of a heartbeat's PING
    unsigned failures_ = 0;
    Milliseconds armed_deadline_ = Milliseconds::max();
};

}  // namespace mfa_reset::redis
