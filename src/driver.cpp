#include "mfa_reset/driver.hpp"

#include <exception>
#include <utility>

namespace mfa_reset {

Driver::State Driver::start(Task<Response> task) noexcept {
    if (!task) {
        return state_ = State::done;
    }
    task_ = std::move(task);
    return run(task_.frame());
}

Driver::State Driver::resume(std::coroutine_handle<> waiting) noexcept { return run(waiting); }

Driver::State Driver::run(std::coroutine_handle<> next) noexcept {
    state_ = State::running;
    next.resume();
    if (cancel_pending_) {
        task_ = {};
        return state_ = State::cancelled;
    }
    if (!task_.frame().done()) {
        return state_ = State::suspended;
    }
    collect();
    return state_ = State::done;
}

void Driver::collect() noexcept {
    try {
        response_ = task_.frame().promise().take();
    } catch (const std::exception&) {
        response_.reset();
    }
}

void Driver::cancel() noexcept {
    switch (state_) {
        case State::running: cancel_pending_ = true; break;
        case State::idle:
        case State::suspended: state_ = State::cancelled; [[fallthrough]];
        case State::done:
        case State::cancelled: task_ = {}; break;
    }
}

}  // namespace mfa_reset
