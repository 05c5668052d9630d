// The topology of sentinels: what the master says of itself, and what is made of it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redis_sentinel_scene.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::commands;
using test::named;
using Commands = std::vector<test::Words>;
using Events = std::vector<std::string>;
using Scene = test::SentinelScene;

TEST(SentinelDoubt, ReadonlyGoesToTheNewMasterWithoutAnError) {
    Scene scene;
    scene.found("a");
    scene.settle("a");
    const auto first = scene.world.ask({"SET", "1"}, true);
    const auto second = scene.world.ask({"SET", "2"}, true);
    scene.world.flush(0);
    scene.world.connection(0).received("-READONLY no\r\n-MASTERDOWN no\r\n");
    EXPECT_FALSE(scene.world.transport(0).flush && !commands(scene.world.flush(0)).empty());
    scene.world.advance(0ms);
    EXPECT_EQ(first->result(), "waits");
    EXPECT_EQ(second->result(), "waits");
    EXPECT_EQ(scene.address(), "nowhere") << "not to that server again";
    scene.say(1, "a");
    scene.say(2, "a");
    EXPECT_EQ(scene.address(), "nowhere") << "the third may know better";
    scene.say(3, "b");
    EXPECT_EQ(scene.address(), "b");
    scene.serve();
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"SET", "1"}, {"SET", "2"}}));
    scene.world.connection(0).received("+A\r\n+B\r\n");
    EXPECT_EQ(first->turn().result() + second->turn().result(), "+A+B");
    EXPECT_EQ(scene.world.refusals, (Events{"READONLY no", "MASTERDOWN no"}));
    EXPECT_EQ(scene.world.client->pending(), 0U);
}

TEST(SentinelDoubt, AnAnswerFromBeforeTheDoubtDoesNotCount) {
    Scene scene(1);
    scene.found("a");
    scene.settle("a");
    scene.world.advance(250ms);
    EXPECT_TRUE(scene.asked(1));
    const auto command = scene.world.ask({"SET", "1"}, true);
    scene.world.flush(0);
    scene.world.connection(0).received("-READONLY no\r\n");
    scene.world.advance(0ms);
    EXPECT_TRUE(scene.asked(1)) << "anew";
    scene.reply(1, named("a"));
    EXPECT_EQ(scene.address(), "nowhere");
    scene.reply(1, named("b"));
    EXPECT_EQ(scene.address(), "b");
}

TEST(SentinelDoubt, ReadonlyOfTheServerThatIsBeingLeftGoesToTheNewMaster) {
    Scene scene;
    scene.found("a");
    scene.settle("a");
    scene.until_asked();
    const auto asking = scene.world.ask({"SET", "1"}, true);
    scene.world.flush(0);
    scene.say_all("b");
    EXPECT_EQ(scene.address(), "a") << "its reply is waited for";
    scene.world.connection(0).received("-READONLY no\r\n");
    EXPECT_EQ(asking->turn().result(), "waits");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "b") << "what the sentinels have said just now is believed";
    scene.serve();
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"SET", "1"}}));
    scene.world.connection(0).received("-READONLY no\r\n");
    EXPECT_EQ(asking->turn().result(), "-READONLY no") << "once";
}

TEST(SentinelDoubt, WithoutAnotherMasterReadonlyIsTheReply) {
    Scene scene(1);
    scene.found("a");
    scene.settle("a");
    const auto first = scene.world.ask({"SET", "1"}, true);
    scene.world.flush(0);
    scene.world.connection(0).received("-READONLY no\r\n");
    scene.world.advance(0ms);
    scene.say(1, "a");
    EXPECT_EQ(scene.address(), "a") << "nobody knows another one";
    scene.serve();
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"SET", "1"}}));
    scene.world.connection(0).received("-READONLY no\r\n");
    EXPECT_EQ(first->turn().result(), "-READONLY no") << "once a second is enough";
    EXPECT_EQ(scene.master().connects, 2);
    scene.settle("a");
    const auto later = scene.world.ask({"SET", "2"}, true);
    scene.world.flush(0);
    scene.world.connection(0).received("-READONLY no\r\n");
    EXPECT_EQ(later->turn().result(), "waits");
}

TEST(SentinelDoubt, OtherErrorsAreAnswers) {
    Scene scene(1);
    scene.found("a");
    scene.settle("a");
    for (const char* error : {"LOADING x", "BUSY x", "OOM x", "ERR x", "NOSCRIPT x"}) {
        const auto asking = scene.world.ask({"SET", "1"}, true);
        scene.world.flush(0);
        scene.world.connection(0).received("-" + std::string{error} + "\r\n");
        EXPECT_EQ(asking->turn().result(), "-" + std::string{error});
    }
    EXPECT_EQ(scene.master().connects, 1);
}

}  // namespace
}  // namespace mfa_reset::redis
