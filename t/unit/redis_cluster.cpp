// A cluster: the node that gets a command, and the next one if that node has not its slot.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redis_cluster_world.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::ClusterWorld;
using test::Words;
using Commands = std::vector<Words>;
using Events = std::vector<std::string>;
using State = Client::State;

// Their slots: bar 5061, at 7000; hello is 866, at 7000, too; world 9059, at 7001; foo 12182, at
// 7002.
TEST(RedisCluster, CommandsGoToTheNodeOfTheirSlot) {
    ClusterWorld world;
    world.ready();
    const auto bar = world.ask("bar");
    const auto foo = world.ask("foo", true);
    const auto tagged = world.ask("x{foo}y");
    const auto third = world.ask("world");
    EXPECT_EQ(world.sent(7000), Commands({{"GET", "bar"}}));
    EXPECT_EQ(world.sent(7001), Commands({{"GET", "world"}}));
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "foo"}, {"GET", "x{foo}y"}}));
    EXPECT_EQ(world.client->pending(), 4U);
    world.reply(7002, "+foo\r\n+tagged\r\n");
    world.reply(7000, "+bar\r\n");
    EXPECT_EQ(bar->turn().result(), "+bar");
    EXPECT_EQ(foo->turn().result(), "+foo");
    EXPECT_EQ(tagged->turn().result(), "+tagged");
}

TEST(RedisCluster, BeforeTheMapAnyNodeIsAsked) {
    ClusterWorld world;
    const auto early = world.ask("foo", true);
    EXPECT_EQ(early->result(), "waits") << "for any node at all";
    EXPECT_EQ(world.client->state(), State::connecting);
    world.greet(7001);
    world.turn();
    EXPECT_EQ(world.sent(7001), Commands({{"SET", "foo"}, {"CLUSTER", "SLOTS"}}));
    world.reply(7001, "-MOVED 12182 h:7002\r\n" + ClusterWorld::thirds());
    world.greet(7002);
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "foo"}}));
    world.reply(7002, "+OK\r\n");
    EXPECT_EQ(early->turn().result(), "+OK");
}

TEST(RedisCluster, OneSeedOfManyIsEnough) {
    ClusterWorld world;
    world.close(7000, "refused");
    const auto early = world.ask("foo");
    world.close(7002, "refused");
    world.greet(7001);
    world.turn();
    EXPECT_EQ(world.sent(7001), Commands({{"GET", "foo"}, {"CLUSTER", "SLOTS"}}));
    EXPECT_EQ(world.events, Events({"h:7000 down: refused", "h:7002 down: refused"}));
    EXPECT_EQ(world.client->state(), State::up);
}

TEST(RedisCluster, MovedNamesTheNodeAtOnceAndTheMapIsAskedForAgain) {
    ClusterWorld world;
    world.ready();
    world.advance(1s);
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, "-MOVED 12182 h:7003\r\n");
    EXPECT_EQ(asking->result(), "waits");
    world.greet(7003);
    EXPECT_EQ(world.sent(7003), Commands({{"SET", "foo"}}));
    world.reply(7003, "+OK\r\n");
    EXPECT_EQ(asking->turn().result(), "+OK");
    const auto next = world.ask("foo");
    EXPECT_EQ(world.sent(7003), Commands({{"GET", "foo"}})) << "the slot's new owner is known";
    const auto other = world.ask("x{bar}");
    EXPECT_EQ(world.sent(7000), Commands({{"GET", "x{bar}"}})) << "the other slots stay";
    world.turn();
    EXPECT_TRUE(world.answer_question(ClusterWorld::thirds()));
}

TEST(RedisCluster, TheMapIsAskedForOnceAtATimeAndNotTooOften) {
    ClusterWorld world;
    world.ready();
    int questions = 0;
    for (int i = 0; i < 100; ++i) {
        const auto asking = world.ask("foo");
        world.sent(7002);
        world.reply(7002, "-MOVED 12182 h:7000\r\n");
        world.sent(7000);
        world.reply(7000, "+OK\r\n");
        const auto back = world.ask("foo");
        world.sent(7000);
        world.reply(7000, "-MOVED 12182 h:7002\r\n");
        world.sent(7002);
        world.reply(7002, "+OK\r\n");
        world.advance(10ms);
        questions += world.answer_question(ClusterWorld::thirds()) ? 1 : 0;
    }
    EXPECT_GE(questions, 5);
    EXPECT_LE(questions, 10) << "in one second";
}

TEST(RedisCluster, AskGoesThereOnceRightAfterAsking) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true);
    const auto other = world.ask("world");
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n");
    EXPECT_EQ(world.sent(7001), Commands({{"GET", "world"}, {"ASKING"}, {"SET", "foo"}}));
    world.reply(7001, "+world\r\n+OK\r\n+done\r\n");
    EXPECT_EQ(other->turn().result(), "+world");
    EXPECT_EQ(asking->turn().result(), "+done");
    const auto next = world.ask("foo");
    EXPECT_EQ(world.sent(7002), Commands({{"GET", "foo"}})) << "the slot is still where it was";
    EXPECT_EQ(world.client->pending(), 1U);
}

TEST(RedisCluster, AskThatLeavesAndThatIsLostKeepTheOrder) {
    ClusterWorld world;
    world.ready();
    const auto leaving = world.ask("foo");
    const auto staying = world.ask("x{foo}", true);
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n-ASK 12182 h:7001\r\n");
    EXPECT_EQ(world.sent(7001).size(), 4U);
    leaving->leave();
    const auto behind = world.ask("world");
    world.sent(7001);
    world.reply(7001, "+OK\r\n+left\r\n+OK\r\n+stays\r\n+world\r\n");
    EXPECT_EQ(staying->turn().result(), "+stays");
    EXPECT_EQ(behind->turn().result(), "+world");
}

TEST(RedisCluster, ASentAskThatIsLostIsUncertain) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n");
    world.sent(7001);
    world.close(7001);
    EXPECT_EQ(asking->turn().result(), "uncertain: the connection to Redis was lost");
}

TEST(RedisCluster, AnAskThatIsNotSentYetKeepsItsAsking) {
    ClusterWorld world;
    world.ready();
    world.advance(2s);
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n");
    world.close(7001);
    world.turn();
    world.greet(7001);
    EXPECT_EQ(world.sent(7001), Commands({{"ASKING"}, {"SET", "foo"}}));
}

TEST(RedisCluster, TheFirstMayAskAndAsManyAsMayWait) {
    Settings settings = ClusterWorld::three_seeds();
    settings.max_pending = 1;
    ClusterWorld world(settings);
    for (const int port : {7000, 7001, 7002}) {
        world.greet(port);
    }
    world.turn();
    ASSERT_TRUE(world.answer_question(ClusterWorld::thirds()));
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n");
    EXPECT_EQ(world.sent(7001), Commands({{"ASKING"}, {"SET", "foo"}}));
    EXPECT_EQ(world.ask("bar")->result(), "unavailable: too many commands wait for Redis");
    world.reply(7001, "+OK\r\n+OK\r\n");
    EXPECT_EQ(asking->turn().result(), "+OK");
}

TEST(RedisCluster, CommandsOverTheCapacity) {
    Settings settings = ClusterWorld::three_seeds();
    settings.max_pending = 2;
    ClusterWorld world(settings);
    for (const int port : {7000, 7001, 7002}) {
        world.greet(port);
    }
    world.turn();
    ASSERT_TRUE(world.answer_question(ClusterWorld::thirds()));
    const auto first = world.ask("foo", true);
    const auto second = world.ask("x{foo}", true);
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n-ASK 12182 h:7001\r\n");
    EXPECT_EQ(world.sent(7001), Commands({{"ASKING"}, {"SET", "foo"}}));
    world.link(7001).flush = false;
    world.reply(7001, "+OK\r\n+first\r\n");
    EXPECT_TRUE(world.link(7001).flush) << "there is room now";
    EXPECT_EQ(world.sent(7001), Commands({{"ASKING"}, {"SET", "x{foo}"}}));
    world.reply(7001, "+OK\r\n+second\r\n");
    EXPECT_EQ(first->turn().result(), "+first");
    EXPECT_EQ(second->turn().result(), "+second");
}

TEST(RedisCluster, AfterAPauseTheOwnerIsAskedFirstAgain) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, "-ASK 12182 h:7001\r\n");
    EXPECT_EQ(world.sent(7001), Commands({{"ASKING"}, {"SET", "foo"}}));
    world.reply(7001, "+OK\r\n-TRYAGAIN Multiple keys\r\n");
    EXPECT_EQ(world.sent(7002), Commands{});
    world.advance(25ms);
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "foo"}}));
    world.reply(7002, "+OK\r\n");
    EXPECT_EQ(asking->turn().result(), "+OK");
}

TEST(RedisCluster, OtherErrorsAreAnswers) {
    ClusterWorld world;
    world.ready();
    for (const char* error : {"-OOM no room\r\n", "-NOSCRIPT unknown\r\n", "-ERR wrong\r\n",
                              "-MOVED 12182 ?:0\r\n", "-MOVED nonsense\r\n", "-ASK\r\n"}) {
        const auto asking = world.ask("foo", true);
        world.sent(7002);
        world.reply(7002, error);
        EXPECT_EQ(asking->turn().result() + "\r\n", error);
    }
}

TEST(RedisCluster, NodesThatNameEachOtherGetPausesAndAnEnd) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true, 5s);
    int hops = 0;
    for (int tick = 0; tick < 100 && !asking->posted(); ++tick) {
        int at = 7002;
        int in_a_row = 0;
        for (auto sent = world.sent(at); !sent.empty(); sent = world.sent(at)) {
            ++hops;
            ++in_a_row;
            const int other = at == 7002 ? 7001 : 7002;
            world.reply(at, (sent.size() == 2 ? "+OK\r\n" : "") + std::string{"-ASK 12182 h:"} +
                                std::to_string(other) + "\r\n");
            at = other;
        }
        EXPECT_LE(in_a_row, 5);
        world.advance(25ms);
    }
    EXPECT_EQ(hops, 65) << "the first one, and so many that were followed";
    EXPECT_NE(asking->turn().result().find("-ASK"), std::string::npos);
}

}  // namespace
}  // namespace mfa_reset::redis
