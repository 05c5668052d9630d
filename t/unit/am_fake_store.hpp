// AM's store as a test wants it.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "am/store.hpp"
#include "fakes.hpp"

namespace mfa_reset::test {

inline am::ResetAnswer answer_of(am::ResetAnswer::Verdict verdict, std::string_view user = {},
                                 std::string_view realm = {}, std::string_view universal_id = {}) {
    return {{}, verdict, user, realm, universal_id};
}
inline am::ResetAnswer answer_of(Failure::Kind kind) { return {Failure{kind, kWhy}}; }

class FakeAmStore final : public am::Store, public FakeStore {
public:
    Task<am::ResetAnswer> reset(const am::ResetOrder& order, Services& services) override {
        orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return answer;
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

    am::ResetAnswer answer = answer_of(am::ResetAnswer::Verdict::done);
    std::vector<am::ResetOrder> orders;
    std::map<std::string, std::string> remembered;
    std::vector<std::chrono::milliseconds> lifetimes;
};

}  // namespace mfa_reset::test
