// One command to Redis and its outcome, as something that a coroutine awaits:
//
//     Call call(client, arguments, …);
//     const Outcome& outcome = co_await call;
//
// A Call lives in the coroutine's frame and is linked into a connection while it waits. It ends in
// exactly one way: a reply, a failure, or its own destruction, after which the reply, should it
// still come, is dropped by the connection. Nothing resumes the coroutine but the Scheduler.
#pragma once

#include <coroutine>
#include <cstdint>
#include <span>
#include <string_view>

#include "mfa_reset/memory.hpp"
#include "mfa_reset/scheduler.hpp"
#include "redis/codec.hpp"
#include "redis/settings.hpp"

namespace mfa_reset::redis {

class Client;
class Connection;

/// How a command ended.
struct Outcome {
    enum class Kind : std::uint8_t {
        reply,        ///< `reply` is what Redis said, errors included
        unavailable,  ///< it was never run: not sent, or read-only
        uncertain,    ///< it was sent and writes, and its reply is lost or late
    };
    Kind kind = Kind::unavailable;
    Reply reply;           ///< lives in the Call's memory
    std::string_view why;  ///< of a failure; a literal
};

/// What a Call is made of.
struct CallOptions {
    bool writes = false;    ///< sent once; a lost reply is `uncertain`
    Milliseconds deadline;  ///< on the transport's clock
};

class Call {
public:
    /// `client`, `command` (the command and its arguments), `scheduler` and `memory` outlive the
    /// Call.
    Call(Client& client, std::span<const std::string_view> command, CallOptions options,
         Scheduler& scheduler, Memory& memory)
        : client_(client),
          command_(command),
          options_(options),
          scheduler_(scheduler),
          memory_(memory) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) noexcept;
    const Outcome& await_resume() const noexcept { return outcome_; }

private:
    friend class CallList;
    friend class Client;
    friend class Connection;

    /// Ends the Call, which must be linked nowhere, and has its coroutine resumed.
    void complete(const Reply& reply) noexcept;
    void fail(Outcome::Kind kind, std::string_view why) noexcept;

    Client& client_;
    std::span<const std::string_view> command_;
    CallOptions options_;
    Scheduler& scheduler_;
    Memory& memory_;
    Outcome outcome_;
    std::coroutine_handle<> waiting_;

    // Where it waits: with a connection, either in its list of unsent calls or in its expected
    // replies.
    Connection* connection_ = nullptr;
    bool sent_ = false;
    std::uint64_t place_ = 0;  ///< among the expected replies
    Call* previous_ = nullptr;
    Call* next_ = nullptr;
};

/// Calls that were not sent yet, in order.
class CallList {
public:
    bool empty() const noexcept { return first_ == nullptr; }
    std::size_t size() const noexcept { return size_; }
    Call* front() const noexcept { return first_; }
    static Call* after(const Call& call) noexcept { return call.next_; }
    void push_back(Call& call) noexcept;
    void remove(Call& call) noexcept;

private:
    Call* first_ = nullptr;
    Call* last_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace mfa_reset::redis
