// Calls one function of a store, by a request of its own, and runs it to its end.
#pragma once

#include <gtest/gtest.h>

#include <memory_resource>
#include <utility>

#include "mfa_reset/api.hpp"
#include "redis_loop.hpp"

namespace mfa_reset::test {

/// One request that asks once. What the answer views lives as long as this.
template <class Answer>
class Asking final : public Scheduler {
public:
    /// `ask` calls the store: Task<Answer>(Services&).
    template <class Ask>
    Asking(RedisLoop& loop, Ask ask,
           Services::Milliseconds deadline = Services::Milliseconds::max())
        : loop_(loop), services_(memory_, *this, trace_, deadline), task_(ask(services_)) {
        task_.frame().resume();
    }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking() = default;

    void resume_later(std::coroutine_handle<> waiting) noexcept override { loop_.post(waiting); }
    bool ended() const { return task_.frame().done(); }
    /// Waits for the end.
    Answer answer() {
        EXPECT_TRUE(loop_.run_until([this] { return ended(); })) << "no answer";
        return ended() ? task_.frame().promise().take() : Answer{};
    }
    const Trace& trace() const { return trace_; }

private:
    RedisLoop& loop_;
    std::pmr::monotonic_buffer_resource memory_;
    Trace trace_;
    Services services_;
    Task<Answer> task_;
};

}  // namespace mfa_reset::test
