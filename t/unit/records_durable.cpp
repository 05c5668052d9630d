// Resets that wait for replicas, on a real server that has none.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "am_store_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRecord = "mfa:{/alpha/demo}";

class RecordsDurable : public AmStoreScene {
protected:
    void SetUp() override {
        AmStoreScene::SetUp();
        if (HasFatalFailure()) {
            return;
        }
        log_in({"user", "demo", "realm", "/alpha"});
        enrol(kRecord);
        settings.wait = {.replicas = 1, .timeout = 20ms};
        loop.emplace(settings);
    }

    bool connected() {
        return loop->run_until(
            [this] { return loop->client().replication(kRecord)->connection_id() != 0; });
    }
};

TEST_F(RecordsDurable, WaitsWhileTheConnectionIsMade) {
    EXPECT_EQ(reset(own_reset()).why, "too few replicas have it in time");
    EXPECT_EQ(redis({"HEXISTS", kRecord, "oathDeviceProfiles"}), ":0") << "it was sent";
}

TEST_F(RecordsDurable, DoesNothingWithoutAConnectionToWaitOn) {
    const auto before = snapshot();
    settings.connections = 1;
    loop.reset();
    redis({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    redis({"CONFIG", "SET", "maxclients", "2"});  // the test's own, and one for commands
    loop.emplace(settings);
    const ResetResult result = reset(own_reset());
    EXPECT_EQ(result.verdict, "unavailable");
    EXPECT_EQ(result.why, "there is no connection to wait for replicas on");
    EXPECT_EQ(snapshot(), before);
}

TEST_F(RecordsDurable, TooFewReplicasIsUncertain) {
    ASSERT_TRUE(connected());
    const ResetResult result = reset(own_reset());
    EXPECT_EQ(result.verdict, "uncertain");
    EXPECT_EQ(result.why, "too few replicas have it in time");
    EXPECT_EQ(redis({"HEXISTS", kRecord, "oathDeviceProfiles"}), ":0") << "it has happened here";
    EXPECT_EQ(redis({"GET", std::string{kRecord} + ":wait"}), "\"1\"");
    EXPECT_EQ(redis({"TTL", std::string{kRecord} + ":wait"}), ":60");
}

TEST_F(RecordsDurable, DoesNotWaitWithoutAWrite) {
    ASSERT_TRUE(connected());
    Order order = own_reset();
    order.target.user = "other";
    EXPECT_EQ(reset(order).verdict, "forbidden");
    order = own_reset();
    order.act = Act::decide;
    EXPECT_EQ(reset(order).verdict, "done");
    EXPECT_EQ(redis({"EXISTS", std::string{kRecord} + ":wait"}), ":0");
}

}  // namespace
}  // namespace mfa_reset::test
