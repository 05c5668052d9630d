// Trace::act_sent: whether a request has sent something that it cannot take back, on a real
// redis-server.
#include <gtest/gtest.h>

#include <chrono>

#include "store_asking.hpp"
#include "store_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;

class StoreActSent : public StoreScene {
protected:
    /// Makes the call, Task<Answer>(Services&), and says whether it was noted.
    template <class Answer, class Ask>
    bool sent_by(Ask ask) {
        Asking<Answer> asking(*loop, *store,
                              [&ask](Store&, Services& services) { return ask(services); });
        EXPECT_FALSE(asking.trace().act_sent) << "nothing is sent before this turn is over";
        asking.answer();
        return asking.trace().act_sent;
    }
    bool sent_by_reset(Act act) {
        ResetOrder order = own_reset();
        order.act = act;
        return sent_by<ResetAnswer>(
            [&](Services& services) { return store->reset(order, services); });
    }
    bool sent_by_challenge(std::string_view context) {
        ChallengeOrder order;
        order.api = "oaa";
        order.caller = "nginx";
        order.context = context;
        order.type = "ChallengeSMS";
        return sent_by<ChallengeAnswer>(
            [&](Services& services) { return store->reset_challenge(order, services); });
    }
};

TEST_F(StoreActSent, ByWhatWrites) {
    EXPECT_TRUE(sent_by_reset(Act::reset)) << "also if the caller may not: Redis decides";
    EXPECT_TRUE(sent_by_reset(Act::forward));
    FullResetOrder all;
    all.api = "foundry";
    all.caller = "/foundry/1";
    all.target = {"/foundry", "u-42"};
    EXPECT_TRUE(
        sent_by<ResetAnswer>([&](Services& services) { return store->reset_all(all, services); }));
    CodeOrder code;
    code.caller = {"/foundry", "1"};
    code.step = 1;
    code.lock = 1s;
    EXPECT_TRUE(
        sent_by<CodeAnswer>([&](Services& services) { return store->check_code(code, services); }));
    redis({"HSET", "mfa:context:1", "subject", "/alpha/demo"});
    EXPECT_TRUE(sent_by_challenge("1"));
}

TEST_F(StoreActSent, NotByWhatReadsOrIsOnlyRemembered) {
    EXPECT_FALSE(sent_by_reset(Act::nothing));
    EXPECT_FALSE(sent_by_challenge("none")) << "without a context there is nobody to reset";
    EXPECT_FALSE(sent_by<StoredSession>(
        [this](Services& services) { return store->servicestack_session("id", services); }));
    const Subject caller{"/foundry", "1"};
    EXPECT_FALSE(sent_by<CallerDevices>([&](Services& services) {
        return store->caller_devices(caller, SubjectCase::exact, services);
    }));
    EXPECT_FALSE(sent_by<std::string_view>(
        [this](Services& services) { return store->recall_session(kToken, services); }));
    EXPECT_FALSE(sent_by<bool>([this](Services& services) {
        return store->remember_session(kToken, "{}", 1s, services);
    }));
}

TEST_F(StoreActSent, NotIfRedisIsNotThere) {
    settings.url.addresses.front().unix_path = "/nonexistent/redis.sock";
    loop.emplace(settings);
    store.emplace(loop->client(), store_settings);
    EXPECT_FALSE(sent_by_reset(Act::reset));
}

}  // namespace
}  // namespace mfa_reset::test
