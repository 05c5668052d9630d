// An API reads a request, decides by its store, and writes its own kind of response.
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

/// What one request may use. It owns nothing.
class Services {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// The request must be answered by `deadline`, on the records' clock. `fetcher`: for APIs that
    /// ask the system behind nginx.
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

/// One API in one location. Made when the configuration is loaded, and shared by all requests.
class Api {
public:
    Api() = default;
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;
    virtual ~Api() = default;

    /// The name of the API, for logs and events.
    virtual std::string_view name() const noexcept = 0;

    /// Whether `request`, whose body is not known yet, is for this API. Other requests may be
    /// passed to another location.
    virtual bool claims(const Request& /*request*/, Memory& /*memory*/) const { return true; }

    /// Handles one request, from start to end. If it throws, the driver answers 500.
    virtual Task<Response> serve(const Request& request, Services& services) const = 0;
};

}  // namespace mfa_reset
