// A cluster in trouble: slots that no node serves, nodes that are down, that come and go.
#include <gtest/gtest.h>

#include <memory>
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

constexpr const char* kNotServed = "unavailable: the cluster did not serve the key's slot in time";

class Passing : public testing::TestWithParam<const char*> {};

TEST_P(Passing, ErrorIsWaitedOut) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(world.sent(7002), Commands({{"SET", "foo"}})) << "try " << i;
        world.reply(7002, GetParam());
        EXPECT_TRUE(world.alarm().awaited) << "a worker that shall end waits for it";
        EXPECT_EQ(world.client->pending(), 1U);
        world.advance(24ms);
        world.answer_question(ClusterWorld::thirds());
        world.advance(1ms);
    }
    world.sent(7002);
    world.reply(7002, "+OK\r\n");
    EXPECT_EQ(asking->turn().result(), "+OK");
    world.advance(1s);
    EXPECT_FALSE(world.alarm().due && world.alarm().awaited);
}

TEST_P(Passing, ErrorUntilTheDeadline) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true, 110ms);
    const Milliseconds begin = world.clock;
    while (!asking->posted() && world.clock - begin < 1s) {
        world.sent(7002);
        if (world.link(7002).connection.pending() != 0) {
            world.reply(7002, GetParam());
        }
        world.answer_question(ClusterWorld::thirds());
        world.advance(1ms);
    }
    EXPECT_LE(world.clock - begin, 112ms);
    EXPECT_EQ(asking->turn().result(), kNotServed);
    EXPECT_EQ(world.client->pending(), 0U);
}

TEST_P(Passing, ErrorAndTheRequestLeaves) {
    ClusterWorld world;
    world.ready();
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, GetParam());
    asking->leave();
    EXPECT_EQ(world.client->pending(), 0U);
    world.advance(25ms);
    EXPECT_EQ(world.link(7002).connection.pending(), 0U);
}

INSTANTIATE_TEST_SUITE_P(RedisCluster, Passing,
                         testing::Values("-TRYAGAIN not yet\r\n",
                                         "-CLUSTERDOWN The cluster is down\r\n",
                                         "-LOADING files\r\n", "-READONLY a replica\r\n",
                                         "-MASTERDOWN link\r\n"));

TEST(RedisClusterTrouble, ANewMapEndsTheWaiting) {
    ClusterWorld world;
    world.ready();
    world.advance(1s);
    const auto asking = world.ask("foo", true);
    world.sent(7002);
    world.reply(7002, "-CLUSTERDOWN Hash slot not served\r\n");
    EXPECT_EQ(world.events, Events{"refused: CLUSTERDOWN Hash slot not served"});
    world.turn();
    ASSERT_TRUE(world.answer_question(ClusterWorld::map({{0, 16383, 7001}})));
    EXPECT_NE(world.asked, 7002) << "another one is asked than the one in trouble";
    EXPECT_EQ(world.sent(7001), Commands({{"SET", "foo"}}));
}

TEST(RedisClusterTrouble, AMasterIsReplaced) {
    ClusterWorld world;
    world.ready();
    world.advance(2s);
    const auto sent = world.ask("foo", true);
    world.sent(7002);
    world.close(7002, "reset");
    EXPECT_EQ(sent->turn().result(), "uncertain: the connection to Redis was lost");
    const auto waiting = world.ask("foo", true);
    EXPECT_EQ(waiting->result(), "waits") << "for the next attempt";
    world.turn();
    EXPECT_TRUE(world.answer_question(ClusterWorld::thirds())) << "nobody has noticed yet";
    world.close(7002, "refused");
    EXPECT_EQ(waiting->turn().result(), "unavailable: Redis is down");
    EXPECT_EQ(world.ask("foo", true)->result(), "unavailable: Redis is down") << "at once";
    EXPECT_EQ(world.client->state(), State::up) << "the others serve";
    EXPECT_EQ(world.events, Events({"h:7002 lost: reset", "h:7002 down: refused"}));
    world.advance(100ms);
    ASSERT_TRUE(world.answer_question(
        ClusterWorld::map({{0, 5460, 7000}, {5461, 10922, 7001}, {10923, 16383, 7005}})));
    const auto served = world.ask("foo", true);
    world.greet(7005);
    EXPECT_EQ(world.sent(7005), Commands({{"SET", "foo"}}));
    for (int i = 0; i < 20; ++i) {
        world.advance(500ms);
        world.answer_question(
            ClusterWorld::map({{0, 5460, 7000}, {5461, 10922, 7001}, {10923, 16383, 7005}}));
        if (world.find(7002) != nullptr && world.link(7002).has_socket) {
            world.close(7002, "refused");
        }
    }
    EXPECT_EQ(world.find(7002), nullptr) << "who has left is forgotten";
    EXPECT_EQ(world.links.size(), 3U);
}

TEST(RedisClusterTrouble, WhileANodeIsDownTheMapIsAskedForWithoutRequests) {
    ClusterWorld world;
    world.ready();
    world.close(7002);
    int questions = 0;
    for (int i = 0; i < 40; ++i) {
        world.advance(50ms);
        questions += world.answer_question(ClusterWorld::thirds()) ? 1 : 0;
        if (world.link(7002).has_socket) {
            world.close(7002, "refused");
        }
    }
    EXPECT_GE(questions, 4);
    EXPECT_LE(questions, 20);
}

TEST(RedisClusterTrouble, AtRestNoNodeIsAsked) {
    ClusterWorld world;
    world.ready();
    world.advance(1s);
    world.answer_question(ClusterWorld::thirds());
    world.advance(1min);
    EXPECT_FALSE(world.answer_question(ClusterWorld::thirds()));
    EXPECT_FALSE(world.alarm().due) << "and no timer runs";
}

/// Nodes take turns. Whichever is next after as many `turns`, it is not the silent one.
class SilentNode : public testing::TestWithParam<int> {};

TEST_P(SilentNode, IsNotAskedForTheMapAgain) {
    ClusterWorld world;
    world.greet(7000);
    world.greet(7001);
    world.turn();
    const int silent = world.link(7000).connection.pending() != 0 ? 7000 : 7001;
    ASSERT_EQ(world.sent(silent), Commands({{"CLUSTER", "SLOTS"}}));
    std::vector<std::unique_ptr<test::Asking>> others;
    for (int i = 0; i < GetParam(); ++i) {
        others.push_back(world.ask("foo", false, 10ms));
    }
    world.close(7002, "refused");
    world.advance(150ms);
    EXPECT_FALSE(world.answer_question(ClusterWorld::thirds())) << "one question at a time";
    world.advance(110ms);
    EXPECT_TRUE(world.answer_question(ClusterWorld::thirds()));
    EXPECT_NE(world.asked, silent);
}

INSTANTIATE_TEST_SUITE_P(RedisCluster, SilentNode, testing::Values(0, 1, 2, 3));

TEST(RedisClusterTrouble, AfterAnInvalidMapAnotherNodeIsAsked) {
    ClusterWorld world;
    world.greet(7000);
    world.greet(7001);
    world.turn();
    ASSERT_TRUE(world.answer_question("*0\r\n"));
    const int first = world.asked;
    world.advance(100ms);
    ASSERT_TRUE(world.answer_question("-ERR This instance has cluster support disabled\r\n"));
    EXPECT_NE(world.asked, first);
    EXPECT_EQ(world.events, Events{"refused: ERR This instance has cluster support disabled"});
    world.advance(100ms);
    ASSERT_TRUE(world.answer_question(ClusterWorld::thirds()));
    const auto asking = world.ask("bar");
    EXPECT_EQ(world.sent(7000), Commands({{"GET", "bar"}}));
}

TEST(RedisClusterTrouble, RedisIsDownIfNoNodeIsUp) {
    ClusterWorld world;
    world.ready();
    for (const int port : {7000, 7001, 7002}) {
        world.close(port);
        world.close(port, "refused");
    }
    EXPECT_EQ(world.client->state(), State::down);
    EXPECT_EQ(world.ask("foo")->result(), "unavailable: Redis is down");
    EXPECT_EQ(std::ranges::count(world.events, "down: refused"), 1);
    world.events.clear();
    world.advance(120ms);
    world.greet(7001);
    EXPECT_EQ(world.events, Events({"h:7001 up", "up"}));
    EXPECT_EQ(world.client->state(), State::up);
    world.turn();
    EXPECT_TRUE(world.answer_question(ClusterWorld::thirds())) << "at once";
}

TEST(RedisClusterTrouble, WhereAllHaveMovedTheSeedsAreTheLastHope) {
    ClusterWorld world;
    world.ready();
    world.advance(100ms);
    const auto asking = world.ask("foo");
    world.sent(7002);
    world.reply(7002, "-MOVED 12182 h:7003\r\n");
    world.greet(7003);
    for (int i = 0; i < 20; ++i) {
        world.advance(500ms);
        world.answer_question(ClusterWorld::map({{0, 16383, 7003}}));
    }
    ASSERT_EQ(world.links.size(), 1U) << "the seeds are gone";
    world.close(7003);
    world.advance(100ms);
    world.close(7003, "refused");
    world.advance(200ms);
    EXPECT_NE(world.find(7000), nullptr);
    world.greet(7000);
    world.turn();
    EXPECT_TRUE(world.answer_question(ClusterWorld::thirds()));
}

TEST(RedisClusterTrouble, TheNumberOfNodesIsBounded) {
    ClusterWorld world;
    world.ready();
    for (int i = 0; i < 2000; ++i) {
        const auto asking = world.ask("bar", false, 1h);
        const int at = world.link(7000).connection.pending() != 0 ? 7000 : 0;
        if (at == 0) {
            break;
        }
        world.sent(at);
        world.reply(at, "-ASK 5061 h:" + std::to_string(10000 + i) + "\r\n");
    }
    EXPECT_LE(world.links.size(), 512U);
}

TEST(RedisClusterTrouble, CommandsOfANodeThatLeftAreAnsweredFirst) {
    ClusterWorld world;
    world.ready();
    const auto slow = world.ask("foo", true, 1h);
    world.sent(7002);
    world.advance(100ms);
    const auto other = world.ask("bar");
    world.sent(7000);
    world.reply(7000, "-MOVED 5061 h:7001\r\n");
    for (int i = 0; i < 20; ++i) {
        world.advance(500ms);
        world.answer_question(ClusterWorld::map({{0, 16383, 7001}}), 7002);
    }
    EXPECT_EQ(world.find(7000), nullptr);
    ASSERT_NE(world.find(7002), nullptr) << "one still waits there";
    world.reply(7002, "+late\r\n");
    EXPECT_EQ(slow->turn().result(), "+late");
    world.advance(1s);
    EXPECT_EQ(world.find(7002), nullptr);
}

}  // namespace
}  // namespace mfa_reset::redis
