// What the unit tests put in the place of nginx and Redis: a request's memory, the event loop, the
// store of users and sessions.
#pragma once

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mfa_reset/api.hpp"
#include "mfa_reset/driver.hpp"
#include "mfa_reset/store.hpp"
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

/// What a store answers.
inline ResetAnswer answer_of(ResetAnswer::Verdict verdict, std::string_view user = {},
                             std::string_view realm = {}, std::string_view universal_id = {}) {
    ResetAnswer answer;
    answer.verdict = verdict;
    answer.caller_user = user;
    answer.caller_realm = realm;
    answer.caller_universal_id = universal_id;
    answer.why = "the store's own reason";
    return answer;
}

/// Gives the answer that the test says, and keeps the orders. What they view lives as long as the
/// request.
class FakeStore final : public Store {
public:
    struct CallerOrder {
        Subject caller;
        SubjectCase subject_case;
    };

    Task<ResetAnswer> reset(const ResetOrder& order, Services& services) override {
        orders.push_back(order);
        services.trace().store_asked = true;
        if (suspends) {
            Turn turn{services.scheduler()};
            co_await turn;
        }
        co_return answer;
    }
    Task<ChallengeAnswer> reset_challenge(const ChallengeOrder& order,
                                          Services& services) override {
        challenge_orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return challenge_answer;
    }
    Task<ResetAnswer> reset_all(const FullResetOrder& order, Services& services) override {
        full_orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return answer;
    }
    Task<StoredSession> servicestack_session(std::string_view id, Services& services) override {
        session_ids.emplace_back(id);
        auto waiting = wait(services);
        co_await waiting;
        co_return session;
    }
    Task<CallerDevices> caller_devices(const Subject& caller, SubjectCase subject_case,
                                       Services& services) override {
        callers.push_back({caller, subject_case});
        auto waiting = wait(services);
        co_await waiting;
        co_return devices;
    }
    Task<CodeAnswer> check_code(const CodeOrder& order, Services& services) override {
        code_orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return code;
    }

    Task<std::string_view> recall_session(std::string_view token, Services& services) override {
        static_cast<void>(services);
        const auto found = remembered.find(std::string{token});
        co_return found != remembered.end() ? std::string_view{found->second} : std::string_view{};
    }
    Task<bool> remember_session(std::string_view token, std::string_view text,
                                std::chrono::milliseconds lifetime, Services& services) override {
        static_cast<void>(services);
        remembered[std::string{token}] = text;
        lifetimes.push_back(lifetime);
        co_return true;
    }

    ChallengeAnswer challenge_answer;
    std::vector<ChallengeOrder> challenge_orders;
    ResetAnswer answer = answer_of(ResetAnswer::Verdict::done);
    StoredSession session;
    CallerDevices devices;
    CodeAnswer code;
    bool suspends = false;
    std::vector<ResetOrder> orders;
    std::map<std::string, std::string> remembered;
    std::vector<std::chrono::milliseconds> lifetimes;
    std::vector<FullResetOrder> full_orders;
    std::vector<std::string> session_ids;
    std::vector<CallerOrder> callers;
    std::vector<CodeOrder> code_orders;

private:
    /// Waits for the next turn of the event loop.
    struct Turn {
        Scheduler& scheduler;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept {
            scheduler.resume_later(waiting);
        }
        void await_resume() const noexcept {}
    };

    /// What every call does before it answers.
    Task<bool> wait(Services& services) const {
        services.trace().store_asked = true;
        if (suspends) {
            Turn turn{services.scheduler()};
            co_await turn;
        }
        co_return true;
    }
};

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
