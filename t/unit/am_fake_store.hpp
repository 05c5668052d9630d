// AM's store as a test wants it.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "am/store.hpp"
#include "fakes.hpp"

namespace mfa_reset::test {

inline am::Decision answer_of(am::Decision::Verdict verdict, std::string_view user = {},
                              std::string_view realm = {}, std::string_view universal_id = {}) {
    return {{}, verdict, user, realm, universal_id};
}
inline am::Decision answer_of(Failure::Kind kind) { return {Failure{kind, kWhy}}; }

class FakeAmStore final : public am::Store, public FakeStore {
public:
    Task<am::Decision> act(const am::Order& order, Services& services) override {
        orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return answer;
    }
    Task<am::StoredSession> find_session(std::string_view token, Services& services) override {
        services.trace().store_asked = true;
        asked_sessions.emplace_back(token);
        co_return session;
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

    am::Decision answer = answer_of(am::Decision::Verdict::done);
    std::vector<am::Order> orders;
    am::StoredSession session;
    std::vector<std::string> asked_sessions;
    std::map<std::string, std::string> remembered;
    std::vector<std::chrono::milliseconds> lifetimes;
};

}  // namespace mfa_reset::test
