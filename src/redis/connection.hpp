// One connection to Redis as a state machine without a socket: bytes go in and come out, time is
// told.
//
//                 link timer              opened()                every greeting reply good
//      waiting ───────────────▶ connecting ────────▶ greeting ───────────────────────▶ ready
//         ▲                         │                    │                                │
//         └───── failed, timed out ─┴── refused, slow ───┴── closed, silent, nonsense ────┘
//
// Calls wait in `unsent_` until the end of an event-loop turn, when all of them are written at once
// and become expected replies, which come back in order. A call that ends early leaves its place in
// that order behind, and the reply that comes for it is dropped: no reply reaches another call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redis/call.hpp"
#include "redis/transport.hpp"

namespace mfa_reset::redis {

class Connection;

/// Who keeps connections: the Client.
class ConnectionOwner {
public:
    /// The greeting is over, calls are sent from now on.
    virtual void connection_ready() noexcept = 0;
    /// An attempt failed, or, where `was_ready`, an established connection ended.
    virtual void connection_lost(bool was_ready, std::string_view why) noexcept = 0;
    /// Finds `call` a connection. Empty, or why there is none (a literal).
    virtual std::string_view submit(Call& call) noexcept = 0;
    /// A random factor for delays, in percent: 80 to 120.
    virtual unsigned jitter() noexcept = 0;

protected:
    ~ConnectionOwner() = default;
};

class Connection {
public:
    enum class State : std::uint8_t { waiting, connecting, greeting, ready };

    /// `settings`, `transport` and `owner` outlive the connection. Throws std::bad_alloc.
    Connection(const Settings& settings, Transport& transport, ConnectionOwner& owner);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    State state() const noexcept { return state_; }
    /// Calls that wait here: unsent, and replies still expected, abandoned ones included.
    std::size_t pending() const noexcept { return unsent_.size() + expected_count_; }
    /// Whether what is submitted now leaves together with something else, at the end of this turn.
    bool will_send() const noexcept {
        return state_ == State::ready && !unsent_.empty() && out_written_ == out_.size();
    }

    // For the owner.
    void start() noexcept;               ///< makes the first attempt
    void submit(Call& call) noexcept;    ///< takes the call; it is sent when ready
    void withdraw(Call& call) noexcept;  ///< the call is about to go away
    void fail_unsent(std::string_view why) noexcept;

    // For the transport.
    void opened() noexcept;                          ///< connected
    void received(std::string_view bytes) noexcept;  ///< may disconnect
    std::string_view output() noexcept;              ///< what is to be written now; empty: nothing
    void sent(std::size_t bytes) noexcept;           ///< so much of output() went out
    void lost(std::string_view why) noexcept;        ///< connecting failed, or the socket is closed
    void timer(Timer timer) noexcept;

private:
    /// A command of the greeting.
    struct Step {
        std::string_view name;
        std::string wire;
        bool quote;  ///< its error may be logged in full; AUTH's may hold the password
    };
    /// A reply that will come. `call` is nullptr when nobody waits for it any more.
    struct Expected {
        Call* call;
        std::uint64_t end;  ///< where the command ends in the stream of bytes sent
        Milliseconds at;    ///< when it was handed to the transport
    };

    void take(Call& call) noexcept;
    void release(Call& call) noexcept;
    void attempt() noexcept;
    void greet();
    void accept_greeting(const Reply& reply);
    void accept(const Reply& reply) noexcept;
    void drop(std::string_view why) noexcept;
    void retry_later(bool was_ready) noexcept;
    void end_expected() noexcept;
    void gather();
    void arm_deadline(Milliseconds deadline) noexcept;
    void expire() noexcept;
    void expire_unsent(Milliseconds now) noexcept;
    void expire_expected(Milliseconds now) noexcept;
    void watch_silence() noexcept;
    void check_silence() noexcept;
    Milliseconds silent_until() noexcept;

    Expected& expected(std::uint64_t place) noexcept { return ring_[place % ring_.size()]; }

    const Settings& settings_;
    Transport& transport_;
    ConnectionOwner& owner_;
    State state_ = State::waiting;

    std::vector<Step> greeting_;
    std::size_t greeted_ = 0;

    CallList unsent_;
    std::size_t awaited_ = 0;           // calls that wait here; abandoned replies do not count
    std::vector<Expected> ring_;        // holds as many as may be pending
    std::uint64_t first_expected_ = 0;  // places count up and never repeat
    std::size_t expected_count_ = 0;

    std::string out_;
    std::size_t out_written_ = 0;
    std::uint64_t appended_ = 0;  // bytes of calls, counted over all connections made
    std::uint64_t sent_ = 0;

    ReplyReader reader_;
    Milliseconds last_heard_{0};
    Milliseconds ready_since_{0};
    bool watching_silence_ = false;
    unsigned failures_ = 0;
    Milliseconds armed_deadline_ = Milliseconds::max();
};

}  // namespace mfa_reset::redis
