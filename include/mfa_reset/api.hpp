// What an API is: it reads a request, decides through its store, and writes its own kind of answer.
#pragma once

#include <cassert>
#include <chrono>
#include <string_view>

#include "mfa_reset/fetch.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/message.hpp"
#include "mfa_reset/scheduler.hpp"
#include "mfa_reset/task.hpp"
#include "mfa_reset/trace.hpp"

namespace mfa_reset {

/// What one request may use. Lives as long as the request; owns nothing.
class Services {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// `deadline`, on the records' clock, is when the request must have its answer.
    /// `fetcher` is for APIs that ask a system behind.
    Services(Memory& memory, Scheduler& scheduler, Trace& trace,
             Milliseconds deadline = Milliseconds::max(), Fetcher* fetcher = nullptr) noexcept
        : memory_(memory),
          scheduler_(scheduler),
          trace_(trace),
          deadline_(deadline),
          fetcher_(fetcher) {}

    Memory& memory() const noexcept { return memory_; }
    Scheduler& scheduler() const noexcept { return scheduler_; }
    Trace& trace() const noexcept { return trace_; }
    Milliseconds deadline() const noexcept { return deadline_; }
    Fetcher& fetcher() const noexcept {
        assert(fetcher_ != nullptr);
        return *fetcher_;
    }

private:
    Memory& memory_;
    Scheduler& scheduler_;
    Trace& trace_;
    Milliseconds deadline_;
    Fetcher* fetcher_;
};

/// One API as one location serves it. Made when the configuration is loaded, shared by all
/// requests.
class Api {
public:
    Api() = default;
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;
    virtual ~Api() = default;

    /// `am`, for logs and events.
    virtual std::string_view name() const noexcept = 0;

    /// Whether `request`, of which the body is not known yet, is one for this API. What is not may
    /// be handed on to another location. May throw std::bad_alloc.
    virtual bool claims(const Request& /*request*/, Memory& /*memory*/) const { return true; }

    /// The whole of one request. `request` and `services` live until the Task has ended or is
    /// destroyed. May throw std::bad_alloc; whoever drives it answers 500.
    virtual Task<Response> serve(const Request& request, Services& services) const = 0;
};

}  // namespace mfa_reset
