// Resumes coroutines from the event loop, never from inside the code that has the news. Replies,
// lost connections and deadlines are noticed deep inside other work: to resume there would run a
// request's code, which may free objects that are still in use.
#pragma once

#include <coroutine>

namespace mfa_reset {

class Scheduler {
public:
    /// Resumes `waiting` once, in a later turn of the event loop. Holds one coroutine at a time: a
    /// request waits for one thing. If the coroutine is destroyed before, its owner cancels this.
    virtual void resume_later(std::coroutine_handle<> waiting) noexcept = 0;

protected:
    ~Scheduler() = default;
};

}  // namespace mfa_reset
