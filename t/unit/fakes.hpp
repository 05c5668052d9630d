// What the unit tests put in the place of nginx and Redis: a request's memory, the event loop, a
// system behind. The store of each API is in NAME_fake_store.hpp.
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

/// An event loop that goes round when the test says so.
class FakeScheduler final : public Scheduler {
public:
    void resume_later(std::coroutine_handle<> waiting) noexcept override { waiting_ = waiting; }
    /// Who waits, taken out of the loop; empty where nobody does.
    std::coroutine_handle<> take() { return std::exchange(waiting_, nullptr); }

private:
    std::coroutine_handle<> waiting_;
};

/// What the fake stores of all APIs have in common: they give the answer that the test says, and
/// keep the orders. What those view lives as long as the request.
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

    /// What every function does before it answers.
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

/// A system behind that gives the answer that the test says, and keeps what it was asked.
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
