// Something blocks the worker, and Redis is well: what has come meanwhile is read before anybody is
// told that it is late, and what is late is not sent.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "redis_fakes.hpp"
#include "redis_replication_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;
using State = redis::Connection::State;
using Texts = std::vector<std::string>;

TEST(RedisStall, AReplyThatHasComeIsNotLate) {
    World world(World::one_connection());
    world.ready();
    const auto write = world.ask({"SET", "1"}, true);
    const auto unanswered = world.ask({"SET", "2"}, true);
    world.flush();
    world.transport().unread = "+OK\r\n";
    world.stall(2s);
    EXPECT_EQ(write->turn().result(), "+OK");
    EXPECT_EQ(unanswered->turn().result(), "uncertain: Redis did not answer in time");
}

TEST(RedisStall, ALateCommandIsNotSent) {
    World world(World::one_connection());
    world.ready();
    const auto late = world.ask({"SET", "1"}, true);
    world.clock += 250ms;  // in the same turn: no timer has run
    const auto in_time = world.ask({"SET", "2"}, true);
    EXPECT_EQ(commands(world.flush()), (std::vector<Words>{{"SET", "2"}}));
    EXPECT_EQ(late->turn().result(), "unavailable: the time was over before it was sent");
    EXPECT_EQ(in_time->result(), "waits");
}

TEST(RedisStall, AGreetingThatWasAnsweredIsNotLate) {
    World world(World::one_connection());
    world.client->start();
    world.connection().opened();
    world.flush();
    world.transport().unread = "+OK\r\n$-1\r\n";
    world.stall(5s);
    EXPECT_EQ(world.connection().state(), State::ready);
    EXPECT_EQ(world.events, Texts{});
}

TEST(RedisStall, EachStepOfConnectingHasItsTime) {
    World world(World::one_connection());
    world.client->start();
    world.stall(5s);
    EXPECT_EQ(world.connection().state(), State::connecting) << "it may be connected by now";
    world.connection().stepped();
    world.advance(999ms);
    EXPECT_EQ(world.connection().state(), State::connecting) << "the TLS handshake";
    world.clock += 5s;  // all in one turn, the timer comes last
    world.connection().opened();
    world.advance(999ms);
    EXPECT_EQ(world.connection().state(), State::greeting);
    world.clock += 5s;
    world.flush();
    world.advance(999ms);
    EXPECT_EQ(world.connection().state(), State::greeting);
    world.connection().received("+OK\r\n$-1\r\n");
    EXPECT_EQ(world.connection().state(), State::ready);
    EXPECT_EQ(world.events, Texts{});
}

TEST(RedisStall, ConnectingEndsAllTheSame) {
    World world(World::one_connection());
    world.client->start();
    world.stall(5s);
    world.stall(5s);
    EXPECT_EQ(world.events, Texts{"down: connecting timed out"});
}

TEST(RedisStall, AConnectionThatHasSpokenIsNotSilent) {
    World world(World::one_connection());
    world.ready();
    const auto write = world.ask({"SET", "1"}, true);
    world.flush();
    world.advance(250ms);
    EXPECT_EQ(write->turn().result(), "uncertain: Redis did not answer in time");
    world.transport().unread = "+OK\r\n";
    world.stall(5s);
    EXPECT_EQ(world.connection().state(), State::ready);
    EXPECT_EQ(world.lost, Texts{});
}

TEST(RedisStall, AHeartbeatHasItsTimeOnceItIsSent) {
    redis::Settings settings = World::one_connection();
    settings.heartbeat = 15s;
    World world(settings);
    world.ready();
    world.advance(world.settings.heartbeat);
    world.clock += 5s;  // before the end of the turn
    EXPECT_EQ(commands(world.flush()), (std::vector<Words>{{"PING"}}));
    world.advance(249ms);
    EXPECT_EQ(world.connection().state(), State::ready);
    world.transport().unread = "+PONG\r\n";
    world.stall(5s);
    EXPECT_EQ(world.lost, Texts{});
}

TEST(RedisStall, RepliesAreHeardBeforeAConnectionIsLeft) {
    World world(World::one_connection());
    world.ready();
    const auto write = world.ask({"SET", "1"}, true, 10s);
    world.flush();
    world.connection().leave();
    world.transport().unread = "+OK\r\n";
    world.stall(5s);
    EXPECT_EQ(write->turn().result(), "+OK");
}

TEST(RedisStall, AConnectionMayEndByWhatHasCome) {
    World world(World::one_connection());
    world.ready();
    const auto write = world.ask({"SET", "1"}, true);
    world.flush();
    world.transport().unread = "nonsense\r\n";
    world.stall(2s);
    EXPECT_EQ(write->turn().result(), "uncertain: the connection to Redis was lost");
    EXPECT_EQ(world.lost, Texts{"what came is no Redis reply"});
}

TEST_F(RedisReplication, ReplicasThatHaveAnsweredAreNotLate) {
    world.ready();
    const auto waiting = wait("a", 200ms);  // which ends before the pair
    EXPECT_EQ(sent(), pair("a"));
    world.transport(kReplication).unread = "+OK\r\n:2\r\n";
    world.stall(5s);
    EXPECT_EQ(waiting->result(), "ok");
}

}  // namespace
}  // namespace mfa_reset::test
