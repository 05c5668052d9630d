// How a coroutine that waits comes back: through the event loop, never from inside the code that
// has the news. A reply is read, a connection lost or a deadline passed deep inside other work;
// resuming there would let a request's code run, and free things, under its feet.
#pragma once

#include <coroutine>

namespace mfa_reset {

class Scheduler {
public:
    /// Resumes `waiting` once, soon, from the event loop. At most one at a time: a request waits
    /// for one thing. The owner of the coroutine forgets it when the coroutine is destroyed before.
    virtual void resume_later(std::coroutine_handle<> waiting) noexcept = 0;

protected:
    ~Scheduler() = default;
};

}  // namespace mfa_reset
