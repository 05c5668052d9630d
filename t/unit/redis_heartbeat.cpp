// The heartbeat of idle connections: when it is sent, what its answer is worth, and what becomes of
// commands meanwhile.
#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "redis/connection/connection.hpp"
#include "redis_fakes.hpp"
#include "redis_replication_scene.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using std::literals::operator""sv;
using test::commands;
using test::Words;
using test::World;
using Commands = std::vector<Words>;
using Strings = std::vector<std::string>;

const Commands kPing{{"PING"}};
constexpr std::string_view kUnanswered = "Redis did not answer a heartbeat";

Settings with_heartbeat(std::size_t connections = 1) {
    Settings settings = World::one_server();
    settings.connections = connections;
    settings.heartbeat = 15s;
    return settings;
}

class RedisHeartbeat : public testing::Test {
protected:
    explicit RedisHeartbeat(Settings settings = with_heartbeat()) : world(std::move(settings)) {
        world.ready();
    }

    Commands sent(std::size_t connection = 0) { return commands(world.flush(connection)); }
    void answer(std::size_t connection = 0, std::string_view reply = "+PONG\r\n") {
        world.connection(connection).received(reply);
    }

    World world;
};

TEST_F(RedisHeartbeat, AnIdleConnectionIsProbedAgainAndAgain) {
    for (int i = 0; i < 5; ++i) {
        world.advance(14'999ms);
        ASSERT_FALSE(world.transport().flush) << i;
        world.advance(1ms);
        ASSERT_EQ(sent(), kPing) << i;
        answer();
    }
    EXPECT_EQ(world.transport().connects, 1);
    EXPECT_EQ(world.lost, Strings{});
}

TEST_F(RedisHeartbeat, TrafficPutsItOffWithoutTouchingTheTimer) {
    const auto due = world.transport().due(Timer::link);
    for (int second = 0; second < 14; ++second) {
        world.advance(1s);
        const auto asking = world.ask({"GET", "1"});
        EXPECT_EQ(sent(), Commands({{"GET", "1"}}));
        answer(0, "+yes\r\n");
        EXPECT_EQ(asking->turn().result(), "+yes");
        EXPECT_EQ(world.transport().due(Timer::link), due) << "a command set the timer";
    }
    world.advance(14'999ms);
    EXPECT_EQ(sent(), Commands{});
    world.advance(1ms);
    EXPECT_EQ(sent(), kPing) << "15 s after the last reply";
}

TEST_F(RedisHeartbeat, UnansweredTheConnectionIsMadeAgain) {
    world.advance(15s);
    EXPECT_EQ(sent(), kPing);
    world.advance(249ms);
    EXPECT_EQ(world.connection().state(), Connection::State::ready);
    world.advance(1ms);
    EXPECT_EQ(world.lost, Strings{std::string{kUnanswered}});
    world.advance(0ms);
    EXPECT_EQ(world.transport().connects, 2) << "at once: it had lasted";
    EXPECT_EQ(world.events, Strings{}) << "whether Redis is down the attempt tells";
}

TEST_F(RedisHeartbeat, AnyAnswerIsASignOfLife) {
    for (const std::string_view reply : {"-NOPERM no right to run the 'ping' command\r\n"sv,
                                         "-LOADING Redis is loading\r\n"sv, "$4\r\nPONG\r\n"sv}) {
        world.advance(15s);
        EXPECT_EQ(sent(), kPing) << reply;
        answer(0, reply);
    }
    world.advance(14s);
    EXPECT_EQ(world.transport().connects, 1);
    EXPECT_EQ(world.refusals, Strings{}) << "no command of a request";
}

TEST_F(RedisHeartbeat, CommandsWaitForItsAnswer) {
    world.advance(15s);
    EXPECT_EQ(sent(), kPing);
    const auto asking = world.ask({"SET", "1"}, true);
    EXPECT_EQ(sent(), Commands{}) << "nothing is given to a connection in doubt";
    EXPECT_EQ(world.client->pending(), 1U) << "a heartbeat takes no command's place";
    answer();
    EXPECT_TRUE(world.transport().flush);
    EXPECT_EQ(sent(), Commands({{"SET", "1"}}));
    answer(0, "+OK\r\n");
    EXPECT_EQ(asking->turn().result(), "+OK");
}

TEST_F(RedisHeartbeat, WithoutAnAnswerCommandsGoByTheNextConnection) {
    world.advance(15s);
    EXPECT_EQ(sent(), kPing);
    world.advance(200ms);
    const auto asking = world.ask({"SET", "1"}, true);
    EXPECT_EQ(sent(), Commands{});
    world.advance(50ms);
    world.greet();
    EXPECT_EQ(sent(), Commands({{"SET", "1"}})) << "it was not sent, and did not run";
    answer(0, "+OK\r\n");
    EXPECT_EQ(asking->turn().result(), "+OK");
}

TEST_F(RedisHeartbeat, ADeadlineThatComesFirstEndsTheCommandUnsent) {
    world.advance(15s);
    EXPECT_EQ(sent(), kPing);
    const auto asking = world.ask({"SET", "1"}, true, 100ms);
    world.advance(100ms);
    EXPECT_EQ(asking->turn().result(), "unavailable: Redis could not be reached in time");
    EXPECT_FALSE(world.transport().awaited) << "a heartbeat keeps no worker alive";
}

TEST_F(RedisHeartbeat, CommandsOfItsTurnAreSentFirst) {
    const auto asking = world.ask({"GET", "1"});
    world.advance(0ms);
    sent();
    answer(0, "+yes\r\n");
    world.advance(15s - 1ms);
    const auto other = world.ask({"GET", "2"}, false, 1min);
    world.advance(1ms);
    EXPECT_EQ(sent(), Commands({{"GET", "2"}})) << "the connection is not idle";
}

TEST_F(RedisHeartbeat, OneThatIsLeftIsLeftAllTheSame) {
    world.advance(15s);
    EXPECT_EQ(sent(), kPing);
    world.connection().leave();
    answer();
    world.advance(0ms);
    EXPECT_EQ(world.transport().connects, 2);
    EXPECT_EQ(world.lost, Strings{}) << "it was to leave";
}

TEST_F(RedisHeartbeat, StopLeavesNoTimer) {
    world.client->stop();
    EXPECT_FALSE(world.transport().due(Timer::link));
    EXPECT_FALSE(world.transport().due(Timer::deadline));
}

/// A dead connection on which a command was sent is found as early as an idle one.
TEST(RedisHeartbeatSettings, SilenceIsNoLongerThanTheHeartbeatWouldTake) {
    Settings settings = with_heartbeat();
    settings.heartbeat = 1s;
    settings.connect_timeout = 1min;
    World world(settings);
    world.ready();
    const auto asking = world.ask({"GET", "1"});
    world.flush();
    world.advance(1'249ms);
    EXPECT_EQ(asking->turn().result(), "unavailable: Redis did not answer in time");
    EXPECT_EQ(world.transport().connects, 1);
    world.advance(1ms);
    EXPECT_EQ(world.transport().connects, 2);
}

/// Whatever the time for an answer is, the next heartbeat is due one interval after it.
TEST(RedisHeartbeatSettings, AnAnswerEndsTheTimeForIt) {
    Settings settings = with_heartbeat();
    settings.heartbeat = 1s;
    settings.timeout = 1min;
    World world(settings);
    world.ready();
    for (int i = 0; i < 5; ++i) {
        world.advance(1s);
        ASSERT_EQ(commands(world.flush()), kPing) << i;
        world.connection().received("+PONG\r\n");
    }
}

TEST(RedisHeartbeatSettings, ALateReplyEndsTheWatchForIt) {
    Settings settings = with_heartbeat();
    settings.heartbeat = 1s;
    settings.connect_timeout = 1min;
    World world(settings);
    world.ready();
    const auto asking = world.ask({"GET", "1"}, false, 10ms);
    const auto other = world.ask({"GET", "2"}, false, 10ms);
    world.flush();
    world.advance(20ms);
    for (int i = 0; i < 2; ++i) {
        world.connection().received("+late\r\n");
        world.advance(20ms);
    }
    world.advance(979ms);
    EXPECT_FALSE(world.transport().flush);
    world.advance(1ms);
    EXPECT_EQ(commands(world.flush()), kPing) << "a second after the last reply";
}

TEST(RedisHeartbeatSettings, OffIsNever) {
    World world(World::one_connection());
    world.ready();
    world.advance(24h);
    EXPECT_EQ(world.flush(), "");
    EXPECT_FALSE(world.transport().due(Timer::link));
}

class TwoConnections : public RedisHeartbeat {
protected:
    TwoConnections() : RedisHeartbeat(with_heartbeat(2)) {}
};

TEST_F(TwoConnections, ACommandTakesTheOneThatIsNotInDoubt) {
    world.advance(10s);
    const auto first = world.ask({"GET", "1"});
    EXPECT_EQ(sent(0), Commands({{"GET", "1"}}));
    answer(0, "+yes\r\n");
    world.advance(5s);
    EXPECT_EQ(sent(1), kPing) << "the one that was idle";
    EXPECT_EQ(sent(0), Commands{});
    for (int i = 0; i < 3; ++i) {
        const auto asking = world.ask({"GET", "2"});
        EXPECT_EQ(sent(1), Commands{});
        EXPECT_EQ(sent(0), Commands({{"GET", "2"}}));
        answer(0, "+yes\r\n");
    }
}

class ReplicationHeartbeat : public RedisHeartbeat {
protected:
    ReplicationHeartbeat() : RedisHeartbeat(settings()) {}

    static Settings settings() {
        Settings settings = test::two_replicas();
        settings.heartbeat = 15s;
        return settings;
    }
};

TEST_F(ReplicationHeartbeat, TheConnectionForWaitingHasItsOwn) {
    world.advance(15s);
    EXPECT_EQ(sent(0), kPing);
    EXPECT_EQ(sent(test::kReplication), kPing);
    answer(0);
    const auto id = world.client->replication("k")->connection_id();
    EXPECT_NE(id, 0U);
    world.advance(250ms);
    EXPECT_EQ(world.lost, Strings{std::string{kUnanswered}});
    world.greet(test::kReplication);
    EXPECT_GT(world.client->replication("k")->connection_id(), id);
    EXPECT_EQ(world.transport(0).connects, 1);
}

}  // namespace
}  // namespace mfa_reset::redis
