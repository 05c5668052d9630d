// A client: which connection takes a call, when Redis is up and down, how many calls may wait.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "redis/topology/client.hpp"
#include "redis_fakes.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::commands;
using test::Words;
using test::World;
using Commands = std::vector<Words>;
using Events = std::vector<std::string>;
using State = Client::State;

TEST(RedisClient, ReportsAnIdleConnectionThatWasClosed) {
    const auto close = [](World& world, std::size_t i) {
        world.transport(i).disconnect();
        world.connection(i).closed("closed");
    };
    World world;
    world.ready();
    close(world, 0);
    EXPECT_EQ(world.lost, Events{"closed, idle"});
    const auto asked = world.ask({"GET", "1"});
    world.flush(1);
    close(world, 1);
    EXPECT_EQ(world.lost, (Events{"closed, idle", "closed"})) << "a reply was due";

    World other;
    other.ready();
    const auto gone = other.ask({"GET", "1"});
    other.flush(0);
    gone->leave();
    close(other, 0);
    other.close(1, "connection reset");
    EXPECT_EQ(other.lost, (Events{"closed", "connection reset"})) << "also one that is dropped";
}

TEST(RedisClient, ReportsEachChangeOnce) {
    World world;
    world.ready();
    EXPECT_EQ(world.client->state(), State::up);
    EXPECT_EQ(world.events, Events{}) << "that it is up at the start is no news";
    world.advance(2s);
    world.close(0);
    EXPECT_EQ(world.client->state(), State::up);
    world.close(1);
    EXPECT_EQ(world.client->state(), State::connecting);
    EXPECT_EQ(world.events, Events{}) << "a restart that nobody notices is no news";
    world.advance(0ms);
    world.close(0, "Connection refused");
    EXPECT_EQ(world.client->state(), State::down);
    world.close(1, "Connection refused");
    for (int i = 0; i < 5; ++i) {
        world.advance(600ms);
        world.close(0);
        world.close(1);
    }
    EXPECT_EQ(world.events, Events{"down: Connection refused"});
    world.advance(600ms);
    world.greet(1);
    EXPECT_EQ(world.client->state(), State::up);
    world.greet(0);
    EXPECT_EQ(world.events, (Events{"down: Connection refused", "up"}));
    EXPECT_EQ(world.lost, (Events{"closed", "closed"}))
        << "failed attempts are not told one by one";
}

TEST(RedisClient, OneOfTwoIsEnough) {
    World world;
    world.client->start();
    world.greet(0);
    for (int i = 0; i < 3; ++i) {
        world.close(1);
        world.advance(600ms);
    }
    EXPECT_EQ(world.client->state(), State::up);
    EXPECT_EQ(world.events, Events{});
    const auto asking = world.ask({"GET", "1"});
    EXPECT_EQ(commands(world.flush(0)), Commands({{"GET", "1"}}));
}

TEST(RedisClient, ReportsOnceThatAnAttemptFailsWhileOthersServe) {
    World world;
    world.client->start();
    world.greet(0);
    for (int i = 0; i < 3; ++i) {
        world.close(1, "a bad certificate");
        world.advance(600ms);
    }
    EXPECT_EQ(world.lost, Events{"a bad certificate"});
    world.greet(1);
    world.close(1);
    world.advance(600ms);
    world.close(1, "another");
    EXPECT_EQ(world.lost, (Events{"a bad certificate", "closed", "another"}));
    EXPECT_EQ(world.events, Events{}) << "Redis is up all the time";
}

TEST(RedisClient, RefusesAtOnceWhileDown) {
    World world;
    world.client->start();
    const auto waiting = world.ask({"GET", "1"});
    world.close(0);
    EXPECT_EQ(waiting->turn().result(), "unavailable: Redis is down") << "whoever waited fails too";
    const auto refused = world.ask({"SET", "2"}, true);
    EXPECT_TRUE(refused->ended()) << "without a turn of the event loop";
    EXPECT_EQ(refused->result(), "unavailable: Redis is down");
    EXPECT_EQ(world.client->pending(), 0U);
    world.greet(1);
    EXPECT_EQ(world.flush(1), "");
    const auto served = world.ask({"GET", "3"});
    EXPECT_EQ(commands(world.flush(1)), Commands({{"GET", "3"}}));
}

TEST(RedisClient, AsManyAsMayWait) {
    Settings settings = World::one_server();
    settings.max_pending = 5;
    World world(settings);
    world.ready();
    std::vector<std::unique_ptr<test::Asking>> askings;
    askings.reserve(5);
    for (int i = 0; i < 5; ++i) {
        askings.push_back(world.ask({"GET", std::to_string(i)}));
    }
    const auto refused = world.ask({"SET", "x"}, true);
    EXPECT_EQ(refused->result(), "unavailable: too many commands wait for Redis");
    world.flush(0);
    world.flush(1);
    EXPECT_EQ(world.ask({"GET", "y"})->result(), "unavailable: too many commands wait for Redis");
    askings[0]->leave();  // its reply is still to come, and counts
    EXPECT_EQ(world.client->pending(), 5U);
    EXPECT_EQ(world.ask({"GET", "z"})->result(), "unavailable: too many commands wait for Redis");
    world.connection(0).received("+0\r\n");
    EXPECT_EQ(world.ask({"GET", "again"})->result(), "waits");
}

TEST(RedisClient, AnAbandonedUnsentCommandFreesCapacity) {
    Settings settings = World::one_server();
    settings.max_pending = 1;
    World world(settings);
    world.ready();
    world.ask({"GET", "1"})->leave();
    EXPECT_EQ(world.ask({"GET", "2"})->result(), "waits");
}

TEST(RedisClient, OneTurnOneWriteThenTheShorterQueue) {
    World world;
    world.ready();
    const auto a = world.ask({"GET", "a"});
    const auto b = world.ask({"GET", "b"});
    EXPECT_EQ(commands(world.flush(0)), Commands({{"GET", "a"}, {"GET", "b"}}));
    EXPECT_FALSE(world.transport(1).flush);
    const auto c = world.ask({"GET", "c"});
    const auto d = world.ask({"GET", "d"});
    EXPECT_EQ(world.flush(0), "");
    EXPECT_EQ(commands(world.flush(1)), Commands({{"GET", "c"}, {"GET", "d"}}));
    world.connection(1).received("+C\r\n+D\r\n");
    const auto e = world.ask({"GET", "e"});
    EXPECT_EQ(commands(world.flush(1)), Commands({{"GET", "e"}}));
    world.connection(0).received("+A\r\n+B\r\n");
    world.connection(1).received("+E\r\n");
    std::string all;
    for (const auto* asking : {&a, &b, &c, &d, &e}) {
        all += (*asking)->turn().result();
    }
    EXPECT_EQ(all, "+A+B+C+D+E");
}

TEST(RedisClient, ReadyBeforeNotReady) {
    World world;
    world.client->start();
    world.greet(1);
    const auto a = world.ask({"GET", "a"});
    world.flush(1);
    const auto b = world.ask({"GET", "b"});
    EXPECT_EQ(commands(world.flush(1)), Commands({{"GET", "b"}}));
}

TEST(RedisClient, UnsentCallsMoveToAnotherConnection) {
    World world;
    world.ready();
    const auto sent = world.ask({"SET", "1"}, true);
    world.flush(0);
    const auto other = world.ask({"SET", "2"}, true);
    world.flush(1);
    const auto first = world.ask({"SET", "3"}, true);
    const auto second = world.ask({"SET", "4"}, true, 100ms);
    ASSERT_EQ(world.connection(0).pending(), 3U);
    world.close(0);
    EXPECT_EQ(sent->turn().result(), "uncertain: the connection to Redis was lost");
    EXPECT_TRUE(world.transport(1).flush);
    EXPECT_EQ(commands(world.flush(1)), Commands({{"SET", "3"}, {"SET", "4"}}));
    world.advance(100ms);
    EXPECT_EQ(second->turn().result(), "uncertain: Redis did not answer in time")
        << "the deadline goes with the call";
    world.connection(1).received("+B\r\n+C\r\n+D\r\n");
    EXPECT_EQ(other->turn().result(), "+B");
    EXPECT_EQ(first->turn().result(), "+C");
}

TEST(RedisClient, AMovedCallMayStillLeave) {
    World world;
    world.ready();
    const auto moved = world.ask({"SET", "1"}, true);
    const auto stays = world.ask({"SET", "2"}, true);
    world.close(0);
    moved->leave();
    EXPECT_EQ(commands(world.flush(1)), Commands({{"SET", "2"}}));
    world.connection(1).received("+OK\r\n");
    EXPECT_EQ(stays->turn().result(), "+OK");
}

TEST(RedisClient, MovingCallsDoesNotCountThemTwice) {
    Settings settings = World::one_server();
    settings.max_pending = 3;
    World world(settings);
    world.ready();
    std::vector<std::unique_ptr<test::Asking>> askings;
    askings.reserve(3);
    for (int i = 0; i < 3; ++i) {
        askings.push_back(world.ask({"GET", std::to_string(i)}));
    }
    world.close(0);
    EXPECT_EQ(commands(world.flush(1)).size(), 3U);
}

TEST(RedisClient, WithoutAnyConnectionCallsWaitUntilTheNextAttemptFails) {
    World world;
    world.ready();
    world.advance(2s);
    world.close(0);
    world.close(1);
    const auto asking = world.ask({"GET", "1"});
    EXPECT_EQ(asking->result(), "waits");
    world.advance(0ms);
    world.close(1, "Connection refused");
    EXPECT_EQ(asking->turn().result(), "unavailable: Redis is down");
}

TEST(RedisClient, Silence) {
    World world(World::one_connection());
    world.ready();
    world.advance(1h);
    const auto asking = world.ask({"GET", "1"});
    world.flush();
    world.advance(250ms);
    EXPECT_EQ(asking->turn().result(), "unavailable: Redis did not answer in time");
    const auto behind = world.ask({"SET", "2"}, true, 10s);
    world.flush();
    world.advance(749ms);
    EXPECT_EQ(world.client->state(), State::up);
    world.advance(1ms);  // a second after the first was sent
    EXPECT_EQ(world.client->state(), State::connecting);
    EXPECT_EQ(world.transport().connects, 2) << "it had been good for an hour: again at once";
    EXPECT_EQ(behind->turn().result(), "uncertain: the connection to Redis was lost");
}

TEST(RedisClient, SilenceAfterTheRequestHasLeft) {
    World world(World::one_connection());
    world.ready();
    const auto asking = world.ask({"GET", "1"});
    world.flush();
    asking->leave();
    world.advance(999ms);
    EXPECT_EQ(world.client->state(), State::up);
    world.advance(1ms);
    EXPECT_EQ(world.client->state(), State::connecting);
}

TEST(RedisClient, SlowIsNotSilent) {
    World world(World::one_connection());
    world.ready();
    std::vector<std::unique_ptr<test::Asking>> askings;
    askings.reserve(10);
    for (int i = 0; i < 10; ++i) {
        askings.push_back(world.ask({"GET"}));
    }
    world.flush();
    for (int i = 0; i < 10; ++i) {  // all too late, but something every 900 ms
        world.advance(900ms);
        ASSERT_EQ(world.transport().connects, 1) << i;
        world.connection().received("+late\r\n");
    }
    world.advance(1h);
    EXPECT_EQ(world.transport().connects, 1) << "nothing is expected any more";
    EXPECT_EQ(world.client->pending(), 0U);
}

TEST(RedisClient, APendingCommandIsNotSilence) {
    Settings settings = World::one_connection();
    settings.timeout = 5s;  // longer than connecting may take
    World world(settings);
    world.ready();
    const auto first = world.ask({"GET", "1"}, false, 100ms);
    const auto second = world.ask({"GET", "2"}, false, 5s);
    world.flush();
    world.advance(500ms);
    world.connection().received("+late\r\n");
    world.advance(4s);
    EXPECT_EQ(second->result(), "waits");
    world.connection().received("+slow\r\n");
    EXPECT_EQ(second->turn().result(), "+slow");
}

}  // namespace
}  // namespace mfa_reset::redis
