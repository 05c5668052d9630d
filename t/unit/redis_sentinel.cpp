// The topology of sentinels: finding the master, and following it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redis_sentinel_scene.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::array_of;
using test::bulk;
using test::commands;
using test::named;
using test::sentinels;
using Commands = std::vector<test::Words>;
using Events = std::vector<std::string>;
using Scene = test::SentinelScene;
using State = Client::State;

TEST(Sentinel, AsksAllAtOnceAndGoesWhereTheMajorityPoints) {
    Scene scene;
    scene.greeted();
    const auto waiting = scene.world.ask({"GET", "1"});
    EXPECT_EQ(scene.state(), State::connecting);
    for (const std::size_t i : {1U, 2U, 3U}) {
        EXPECT_TRUE(scene.asked(i)) << i;
    }
    scene.say(1, "a");
    EXPECT_EQ(scene.address(), "nowhere") << "one of three: the others are still to be heard";
    scene.say(2, "a");
    EXPECT_EQ(scene.address(), "a") << "two of three: whatever the third says";
    scene.serve();
    EXPECT_EQ(scene.state(), State::up);
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"GET", "1"}}));
    scene.world.advance(0ms);
    EXPECT_EQ(scene.world.masters, Events{"a:6379"});
    EXPECT_EQ(scene.world.events, Events{});
}

TEST(Sentinel, NoSilenceTakesLongerThanOneCommand) {
    Settings settings = sentinels(5);
    settings.timeout = 300ms;
    Scene scene(5, settings);
    scene.world.greet(3);  // of the others nothing comes, not even a connection
    scene.world.advance(0ms);
    const auto waiting = scene.world.ask({"GET", "1"}, false, 400ms);
    scene.say(3, "a");
    EXPECT_EQ(scene.address(), "nowhere");
    scene.world.advance(299ms);
    EXPECT_EQ(scene.address(), "nowhere");
    scene.world.advance(1ms);
    EXPECT_EQ(scene.address(), "a") << "though they are asked again at this very moment";
    EXPECT_EQ(waiting->result(), "waits");
}

TEST(Sentinel, IsAskedAgainSoonWithoutAMasterAndLessOftenWithOne) {
    Scene scene(1);
    scene.greeted();
    const auto rounds = [&](Milliseconds delay, const std::string& reply) {
        int asked = 0;
        for (Milliseconds passed{0}; passed < delay; passed += 10ms) {
            scene.world.advance(10ms);
            if (scene.asked(1)) {
                ++asked;
                scene.reply(1, reply);
            }
        }
        return asked;
    };
    scene.reply(1, "*-1\r\n");
    EXPECT_EQ(rounds(1s, "*-1\r\n"), 10);
    scene.world.advance(100ms);
    scene.say(1, "a");
    scene.serve();
    scene.settle("a", 500ms);
    EXPECT_EQ(rounds(1s, named("a")), 4);
}

TEST(Sentinel, AnOutstandingQuestionIsNotAskedTwice) {
    Scene scene(2);
    scene.greeted();
    scene.say(1, "a");
    EXPECT_TRUE(scene.asked(2));
    scene.world.advance(249ms);
    EXPECT_FALSE(scene.asked(2));
    scene.world.advance(100ms);
    EXPECT_TRUE(scene.asked(2)) << "it has not answered in time, and is asked again";
}

TEST(Sentinel, NoSentinelAnswers) {
    Scene scene(2);
    scene.world.close(1, "Connection refused");
    EXPECT_EQ(scene.state(), State::connecting) << "the other one may";
    scene.world.close(2, "Connection reset");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.state(), State::down);
    EXPECT_EQ(
        scene.world.events,
        (Events{"node down: s1:26379: Connection refused", "node down: s2:26379: Connection reset",
                "down: no sentinel answers: s2:26379: Connection reset"}));
    EXPECT_EQ(scene.world.ask({"GET", "1"})->result(), "unavailable: Redis is down");
    scene.world.events.clear();
    scene.world.advance(3s);
    EXPECT_EQ(scene.world.events, Events{}) << "told once";
    scene.world.advance(600ms);
    scene.world.greet(1);
    scene.world.advance(0ms);
    scene.say(1, "a");
    scene.serve();
    scene.world.advance(0ms);
    EXPECT_EQ(scene.world.events, (Events{"node up: s1:26379", "up"}));
}

TEST(Sentinel, NoSentinelKnowsThatName) {
    Scene scene(2);
    scene.greeted();
    scene.reply(1, "-NOPERM no\r\n");
    EXPECT_EQ(scene.state(), State::connecting);
    scene.reply(2, "*-1\r\n");
    EXPECT_EQ(scene.state(), State::down);
    EXPECT_EQ(scene.world.events, Events{"down: no sentinel knows the master"});
}

TEST(Sentinel, OnlyNonsense) {
    Scene scene(1);
    scene.greeted();
    scene.reply(1, array_of({bulk("h"), bulk("0")}));
    EXPECT_EQ(scene.world.events,
              Events{"down: no sentinel answers: s1:26379: it named no address"});
}

TEST(Sentinel, AReplicaIsNoMasterAndCostsOneAttempt) {
    Scene scene;
    scene.greeted();
    scene.say(1, "liar");
    scene.say(2, "-");
    scene.say(3, "a");
    ASSERT_EQ(scene.address(), "liar") << "all are heard, none has more voices";
    scene.serve("slave");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "-");
    scene.world.close(0, "refused");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "a");
    scene.serve();
    EXPECT_EQ(scene.state(), State::up);
    EXPECT_EQ(scene.master().connects, 3);
    scene.world.advance(0ms);
    EXPECT_EQ(scene.world.events, Events{}) << "it was never down for long enough to be told";
}

TEST(Sentinel, AMinorityDoesNotPullUsOffAMasterThatWorks) {
    Scene scene;
    scene.found("a");
    for (int i = 0; i < 20; ++i) {
        scene.world.advance(250ms);
        scene.say(1, "liar");
        scene.say(2, "a");
        if (i % 2 == 0) {
            scene.say(3, "a");
        }
    }
    EXPECT_EQ(scene.master().connects, 1);
    EXPECT_EQ(scene.state(), State::up);
}

TEST(Sentinel, AMajorityDoesAndRepliesOnTheirWayStillCome) {
    Scene scene;
    scene.found("a");
    const auto sent = scene.world.ask({"SET", "1"}, true);
    const auto late = scene.world.ask({"SET", "2"}, true, 1s);
    scene.world.flush(0);
    scene.settle("a", 250ms);
    scene.until_asked();
    scene.say(1, "b");
    EXPECT_EQ(scene.master().connects, 1);
    scene.say(2, "b");
    EXPECT_EQ(sent->turn().result(), "uncertain: Redis did not answer in time");
    const auto next = scene.world.ask({"SET", "3"}, true);
    EXPECT_EQ(commands(scene.world.flush(0)), Commands{}) << "not to the old one";
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "b") << "a reply is overdue already: no use in waiting";
    EXPECT_EQ(late->turn().result(), "uncertain: the connection to Redis was lost");
    scene.serve();
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"SET", "3"}}));
    scene.world.connection(0).received("+OK\r\n");
    EXPECT_EQ(next->turn().result(), "+OK");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.world.masters, (Events{"a:6379", "b:6379"}));
    EXPECT_EQ(scene.world.lost, Events{}) << "it was left, not lost";
}

TEST(Sentinel, TheOldMasterMayFinishItsCommands) {
    Scene scene;
    scene.found("a");
    scene.until_asked();
    const auto sent = scene.world.ask({"SET", "1"}, true);
    scene.world.flush(0);
    scene.say(1, "b");
    scene.say(2, "b");
    EXPECT_EQ(scene.address(), "a");
    scene.world.connection(0).received("+OK\r\n");
    EXPECT_EQ(sent->turn().result(), "+OK");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "b");
}

TEST(Sentinel, OneVoiceIsEnoughWhereTheMasterIsDead) {
    Scene scene;
    scene.found("a");
    scene.settle("a");
    scene.world.close(0, "reset");
    scene.world.advance(0ms);
    EXPECT_TRUE(scene.asked(1)) << "at once";
    scene.world.close(0, "refused");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.state(), State::down);
    EXPECT_EQ(scene.world.events, Events{"down: a:6379: refused"});
    scene.settle("a", 3s);
    scene.world.close(0, "refused");
    ASSERT_EQ(scene.state(), State::down);
    scene.world.advance(100ms);
    scene.say(2, "b");
    EXPECT_EQ(scene.address(), "b") << "the others still name the dead one";
    scene.serve();
    scene.say(1, "a");
    scene.say(3, "a");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "b") << "it works, and the dead one failed a moment ago";
    EXPECT_EQ(scene.world.events, (Events{"down: a:6379: refused", "up"}));
}

TEST(Sentinel, ConnectingToAFrozenServerIsGivenUpForAnother) {
    Scene scene;
    scene.found("a");
    scene.settle("a");
    scene.world.close(0, "gone silent");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "a");
    scene.world.connection(0).opened();
    const auto waiting = scene.world.ask({"GET", "1"});
    scene.world.advance(100ms);
    scene.say(1, "b");
    scene.say(2, "b");
    EXPECT_EQ(scene.address(), "b") << "without waiting for the greeting to time out";
    scene.serve();
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"GET", "1"}}));
}

TEST(Sentinel, AllGoneAndTheMasterServesOn) {
    Scene scene(2);
    scene.found("a");
    scene.settle("a");
    scene.world.close(1, "closed");
    scene.world.close(2, "closed");
    for (int i = 0; i < 20; ++i) {
        scene.world.advance(600ms);
        for (const std::size_t s : {1U, 2U}) {
            if (scene.world.transport(s).has_socket) {
                scene.world.close(s, "refused");
            }
        }
    }
    EXPECT_EQ(scene.state(), State::up);
    EXPECT_EQ(scene.master().connects, 1);
    scene.world.close(0, "reset");
    scene.world.advance(0ms);
    EXPECT_EQ(scene.address(), "a") << "nobody names another one";
    scene.serve();
    EXPECT_EQ(scene.state(), State::up);
}

TEST(Sentinel, ACommandThatWaitsForAMasterHasADeadlineAndKeepsTheWorker) {
    Scene scene;
    scene.greeted();
    EXPECT_FALSE(scene.world.alarms.front()->awaited);
    for (const std::size_t i : {1U, 2U, 3U}) {
        EXPECT_FALSE(scene.world.transport(i).awaited) << "nobody waits for what sentinels say";
    }
    const auto waiting = scene.world.ask({"SET", "1"}, true);
    EXPECT_TRUE(scene.master().awaited);
    EXPECT_EQ(scene.world.client->pending(), 1U) << "requests' commands only";
    scene.world.advance(250ms);
    EXPECT_EQ(waiting->turn().result(), "unavailable: Redis could not be reached in time");
    EXPECT_FALSE(scene.master().awaited);
}

TEST(Sentinel, ItsOwnCredentials) {
    Settings settings = sentinels(1);
    settings.url.credentials = {.user = "redis-user", .password = "redis-password"};
    settings.url.database = 3;
    settings.sentinel = {.user = "watch", .password = "secret"};
    Scene scene(1, settings);
    scene.world.connection(1).opened();
    EXPECT_EQ(commands(scene.world.flush(1)),
              Commands({{"AUTH", "watch", "secret"}, {"CLIENT", "SETNAME", "mfa-reset"}}));
    scene.world.connection(1).received("+OK\r\n+OK\r\n");
    scene.world.advance(0ms);
    scene.say(1, "a");
    scene.world.connection(0).opened();
    EXPECT_EQ(commands(scene.world.flush(0)), Commands({{"AUTH", "redis-user", "redis-password"},
                                                        {"SELECT", "3"},
                                                        {"CLIENT", "SETNAME", "mfa-reset"},
                                                        {"ROLE"},
                                                        {"INFO", "memory"}}));
}

TEST(Sentinel, StopsWithQuestionsOnTheirWay) {
    Scene scene;
    scene.found("a");
    scene.until_asked();
    scene.world.client->stop();
    for (test::FakeTransport* transport : scene.world.transports) {
        EXPECT_FALSE(transport->has_socket);
        EXPECT_FALSE(transport->until(Timer::link) || transport->until(Timer::deadline));
    }
}

}  // namespace
}  // namespace mfa_reset::redis
