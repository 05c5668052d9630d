// Trace::act_sent: whether a request has sent a write, on a real redis-server.
#include <gtest/gtest.h>

#include <chrono>

#include "am_store_scene.hpp"
#include "foundry/store.hpp"
#include "oaa/store.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;

class RecordsActSent : public AmStoreScene {
protected:
    /// Makes the call, Task<Answer>(Services&), and says whether it was noted.
    template <class Answer, class Ask>
    bool sent_by(Ask ask) {
        Asking<Answer> asking(*loop, ask);
        EXPECT_FALSE(asking.trace().act_sent) << "nothing is sent before this turn is over";
        asking.answer();
        return asking.trace().act_sent;
    }
    bool sent_by_reset(Act act) {
        Order order = own_reset();
        order.act = act;
        return sent_by<Decision>([&](Services& services) { return store.act(order, services); });
    }
    bool sent_by_challenge(std::string_view context) {
        oaa::ResetOrder order;
        order.api = "oaa";
        order.caller = "nginx";
        order.context = context;
        order.type = "ChallengeSMS";
        return sent_by<oaa::ResetAnswer>(
            [&](Services& services) { return oaa_store.reset(order, services); });
    }

    foundry::RecordStore foundry_store{records, records};
    oaa::RecordStore oaa_store{records};
};

TEST_F(RecordsActSent, IsSetByWrites) {
    EXPECT_TRUE(sent_by_reset(Act::reset)) << "also if the caller may not: Redis decides";
    EXPECT_TRUE(sent_by_reset(Act::forward));
    foundry::ResetOrder all;
    all.api = "foundry";
    all.caller = "/foundry/1";
    all.target = {"/foundry", "u-42"};
    EXPECT_TRUE(sent_by<foundry::ResetAnswer>(
        [&](Services& services) { return foundry_store.reset(all, services); }));
    foundry::CodeOrder code;
    code.caller = {"/foundry", "1"};
    code.step = 1;
    code.lock = 1s;
    EXPECT_TRUE(sent_by<foundry::CodeAnswer>(
        [&](Services& services) { return foundry_store.check_code(code, services); }));
    redis({"HSET", "mfa:context:1", "subject", "/alpha/demo"});
    EXPECT_TRUE(sent_by_challenge("1"));
}

TEST_F(RecordsActSent, IsNotSetByReadsAndCaches) {
    EXPECT_FALSE(sent_by_reset(Act::decide));
    EXPECT_FALSE(sent_by_challenge("none")) << "without a context there is nobody to reset";
    EXPECT_FALSE(sent_by<foundry::StoredText>(
        [this](Services& services) { return foundry_store.read_session("id", services); }));
    const Subject caller{"/foundry", "1"};
    EXPECT_FALSE(sent_by<foundry::CallerDevices>([&](Services& services) {
        return foundry_store.read_devices(caller, SubjectCase::exact, services);
    }));
    EXPECT_FALSE(sent_by<std::string_view>(
        [this](Services& services) { return store.recall_session(kToken, services); }));
    EXPECT_FALSE(sent_by<bool>(
        [this](Services& services) { return store.remember_session(kToken, "{}", 1s, services); }));
}

TEST_F(RecordsActSent, IsNotSetWithoutRedis) {
    settings.url.addresses.front().unix_path = "/nonexistent/redis.sock";
    loop.emplace(settings);
    EXPECT_FALSE(sent_by_reset(Act::reset));
}

}  // namespace
}  // namespace mfa_reset::test
