// The topology of sentinels: finding the master, following it, doubting it. Sentinels and servers
// are played by the test: transport 0 is the master's, then one for each sentinel.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "redis_fakes.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::array_of;
using test::bulk;
using test::commands;
using test::Words;
using Commands = std::vector<Words>;
using Events = std::vector<std::string>;
using State = Client::State;

const Words kQuestion{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"};

Settings sentinels(std::size_t count) {
    Settings settings;
    settings.connections = 1;
    settings.url.kind = Url::Kind::sentinel;
    settings.url.master = "main";
    for (std::size_t i = 1; i <= count; ++i) {
        settings.url.addresses.push_back({"s" + std::to_string(i), 26379, {}});
    }
    return settings;
}

std::string named(const std::string& host) { return array_of({bulk(host), bulk("6379")}); }

class Scene {
public:
    explicit Scene(std::size_t count = 3, Settings with = {})
        : world(with.url.master.empty() ? sentinels(count) : std::move(with)) {
        world.client->start();
    }

    /// The sentinels' connections come up, but for the silent ones.
    Scene& greeted() {
        for (std::size_t i = 1; i < world.transports.size(); ++i) {
            world.greet(i);
        }
        world.advance(0ms);
        return *this;
    }
    /// The master at `host` is found by all, and ready.
    Scene& found(const std::string& host = "a") {
        greeted();
        say_all(host);
        EXPECT_EQ(address(), host);
        serve();
        world.advance(0ms);
        EXPECT_EQ(state(), State::up);
        return *this;
    }
    /// What the sentinel is asked, if it is.
    bool asked(std::size_t sentinel) {
        const Commands said = commands(world.flush(sentinel));
        EXPECT_TRUE(said.empty() || said == Commands{kQuestion});
        return !said.empty();
    }
    /// All are asked at the same moment.
    void until_asked() {
        Milliseconds passed{0};
        for (; !asked(1) && passed < 1s; passed += 10ms) {
            world.advance(10ms);
        }
        EXPECT_LT(passed, 1s);
    }
    void reply(std::size_t sentinel, const std::string& wire) {
        world.flush(sentinel);
        world.connection(sentinel).received(wire);
        world.advance(0ms);
    }
    void say(std::size_t sentinel, const std::string& host) { reply(sentinel, named(host)); }
    void say_all(const std::string& host) {
        for (std::size_t i = 1; i < world.transports.size(); ++i) {
            say(i, host);
        }
    }
    /// The master's greeting, up to the ROLE that the server has.
    void serve(const std::string& role = "master") {
        world.connection(0).opened();
        EXPECT_EQ(commands(world.flush(0)),
                  Commands({{"CLIENT", "SETNAME", "mfa-reset"}, {"ROLE"}, {"INFO", "memory"}}));
        world.connection(0).received("+OK\r\n" + array_of({bulk(role), ":0\r\n"}));
        if (role == "master") {
            world.connection(0).received(bulk("# Memory"));
        }
    }
    /// So long that it has been a good connection, and every sentinel goes on saying the same.
    void settle(const std::string& host, Milliseconds delay = 2s) {
        for (Milliseconds passed{0}; passed < delay; passed += 50ms) {
            world.advance(50ms);
            for (std::size_t i = 1; i < world.transports.size(); ++i) {
                if (asked(i)) {
                    say(i, host);
                }
            }
        }
    }

    test::FakeTransport& master() { return world.transport(0); }
    std::string address() { return master().has_socket ? master().address.host : "nowhere"; }
    State state() { return world.client->state(); }

    test::World world;
};

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

TEST(Sentinel, NobodyAnswers) {
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

TEST(Sentinel, NobodyKnowsThatName) {
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

TEST(Sentinel, TheOldMasterMayFinishWhatItHas) {
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

TEST(Sentinel, ReadonlyGoesToTheNewMasterWithoutAnError) {
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

TEST(Sentinel, AnAnswerFromBeforeTheDoubtDoesNotCount) {
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

TEST(Sentinel, ReadonlyWithNobodyElseIsTheAnswerInTheEnd) {
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

TEST(Sentinel, OtherErrorsAreAnswers) {
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

TEST(Sentinel, WhoWaitsForAMasterHasADeadlineAndKeepsTheWorker) {
    Scene scene;
    scene.greeted();
    EXPECT_FALSE(scene.world.client_awaited);
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
