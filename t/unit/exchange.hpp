// One request at an API, with what nginx gives it, and what is left of it to look at.
#pragma once

#include "fakes.hpp"

namespace mfa_reset::test {

class Exchange {
public:
    /// `api` and `request` outlive the exchange.
    Driver::State start(const Api& api, const Request& request) {
        return driver.start(api.serve(request, services_));
    }
    Driver::State resume() { return driver.resume(scheduler.take()); }

    FakeFetcher fetcher;
    FakeScheduler scheduler;
    Trace trace;
    RequestMemory memory;

private:
    Services services_{memory, scheduler, trace, Services::Milliseconds::max(), &fetcher};

public:
    Driver driver;  ///< ends first: its coroutine refers to all of the above
};

}  // namespace mfa_reset::test
