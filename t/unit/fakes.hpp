// Stands in for nginx in the unit tests: a request's memory, the event loop, the system behind. The
// store of each API is in NAME_fake_store.hpp.
#pragma once

#include <coroutine>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mfa_reset/api.hpp"
#include "mfa_reset/driver.hpp"
#include "pool_like_memory.hpp"

namespace mfa_reset::test {

/// A request's memory.
using RequestMemory = PoolLikeMemory;

/// An event loop that the test turns.
class FakeScheduler final : public Scheduler {
public:
    void resume_later(std::coroutine_handle<> waiting) noexcept override { waiting_ = waiting; }
    /// Takes the waiting coroutine out of the loop; nullptr if there is none.
    std::coroutine_handle<> take() { return std::exchange(waiting_, nullptr); }

private:
    std::coroutine_handle<> waiting_;
};

/// What the fake stores of all APIs have in common: they return the answer that the test sets, and
/// keep the orders, whose views are valid as long as the request.
class FakeStore {
public:
    bool suspends = false;

protected:
    /// Waits for the next turn of the event loop.
    struct Turn {
        Scheduler& scheduler;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept {
            scheduler.resume_later(waiting);
        }
        void await_resume() const noexcept {}
    };

    /// Every function of a store awaits this first.
    Task<bool> wait(Services& services) const {
        services.trace().store_asked = true;
        if (suspends) {
            Turn turn{services.scheduler()};
            co_await turn;
        }
        co_return true;
    }
};

inline constexpr std::string_view kWhy = "the store's own reason";

/// A system behind that returns the answer that the test sets, and keeps the requests.
class FakeFetcher final : public Fetcher {
public:
    struct Asked {
        std::string uri;
        std::string headers;  ///< `name: value`, a line each
        std::string body;
    };

    Task<FetchAnswer> fetch(const FetchOrder& order, Services& services) override {
        static_cast<void>(services);
        Asked asked{std::string{order.uri}, {}, std::string{order.body}};
        for (const Header& header : order.headers) {
            asked.headers.append(header.name).append(": ").append(header.value).append("\n");
        }
        orders.push_back(asked);
        co_return answer;
    }

    FetchAnswer answer;
    std::vector<Asked> orders;
};

}  // namespace mfa_reset::test
