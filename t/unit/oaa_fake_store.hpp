// OAA's store as a test wants it.
#pragma once

#include <vector>

#include "fakes.hpp"
#include "oaa/store.hpp"

namespace mfa_reset::test {

class FakeOaaStore final : public oaa::Store, public FakeStore {
public:
    Task<oaa::ResetAnswer> reset(const oaa::ResetOrder& order, Services& services) override {
        orders.push_back(order);
        auto waiting = wait(services);
        co_await waiting;
        co_return answer;
    }

    oaa::ResetAnswer answer{{}, oaa::ResetAnswer::Verdict::done};
    std::vector<oaa::ResetOrder> orders;
};

}  // namespace mfa_reset::test
