// Foundry's store as a test wants it.
#pragma once

#include <string>
#include <vector>

#include "fakes.hpp"
#include "foundry/store.hpp"

namespace mfa_reset::test {

class FakeFoundryStore final : public foundry::Store, public FakeStore {
public:
    struct CallerOrder {
        Subject caller;
        SubjectCase subject_case;
    };

    Task<foundry::StoredText> read_session(std::string_view id, Services& services) override {
        session_ids.emplace_back(id);
        auto waiting = wait(services);
        co_await waiting;
        co_return session;
    }
    Task<foundry::StoredText> read_user(std::string_view id, Services& services) override {
        user_ids.emplace_back(id);
        auto waiting = wait(services);
        co_await waiting;
        co_return user;
    }
    Task<foundry::CallerDevices> read_devices(const Subject& caller, SubjectCase subject_case,
                                              Services& services) override {
        callers.push_back({caller, subject_case});
        auto waiting = wait(services);
        co_await waiting;
        co_return devices;
    }
    Task<foundry::CodeAnswer> check_code(const foundry::CodeOrder& order,
                                         Services& services) override {
        code_orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return code;
    }
    Task<foundry::ResetAnswer> reset(const foundry::ResetOrder& order,
                                     Services& services) override {
        orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return answer;
    }

    foundry::StoredText session;
    foundry::StoredText user;
    foundry::CallerDevices devices;
    foundry::CodeAnswer code;
    foundry::ResetAnswer answer{{}, foundry::ResetAnswer::Verdict::done};
    std::vector<std::string> session_ids;
    std::vector<std::string> user_ids;
    std::vector<CallerOrder> callers;
    std::vector<foundry::CodeOrder> code_orders;
    std::vector<foundry::ResetOrder> orders;
};

}  // namespace mfa_reset::test
