// Runs one request's coroutine by the rules that keep it safe inside an event loop:
//
// - the coroutine never ends the request: the caller of run() does, once it returns `done`; -
// cancel() destroys a suspended coroutine at once, and only marks a running one, which run()
// destroys on its way out: a cleanup handler may run synchronously inside the coroutine's work; -
// after cancel() nothing of the coroutine runs again.
//
//      idle ──start──▶ running ◀──resume──▶ suspended
//                         │                     │
//                   end   ▼       cancel        ▼ cancel
//                       done    (on return)▶ cancelled
#pragma once

#include <coroutine>
#include <cstdint>
#include <optional>

#include "mfa_reset/message.hpp"
#include "mfa_reset/task.hpp"

namespace mfa_reset {

class Driver {
public:
    enum class State : std::uint8_t { idle, running, suspended, done, cancelled };

    Driver() = default;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    ~Driver() { cancel(); }

    /// Runs `task` until it waits or ends. Returns the state: suspended, done or cancelled.
    State start(Task<Response> task) noexcept;

    /// Resumes `waiting`, the innermost coroutine, as it was given to Scheduler::resume_later().
    /// Must be called in the state `suspended` only.
    State resume(std::coroutine_handle<> waiting) noexcept;

    /// Destroys the coroutine, now or when run() returns. May be called at any time.
    void cancel() noexcept;

    State state() const noexcept { return state_; }

    /// After `done`: the response; nullopt if the coroutine threw, or had no memory to start.
    const std::optional<Response>& response() const noexcept { return response_; }

private:
    State run(std::coroutine_handle<> next) noexcept;
    void collect() noexcept;

    Task<Response> task_;
    std::optional<Response> response_;
    State state_ = State::idle;
    bool cancel_pending_ = false;
};

}  // namespace mfa_reset
