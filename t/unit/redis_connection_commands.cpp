// Calls on a connection: sent together, answered in order, ended by their deadline, by loss or by
// leaving.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "redis/connection/connection.hpp"
#include "redis_fakes.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::commands;
using test::Words;
using test::World;
using State = Connection::State;
using Commands = std::vector<Words>;

class RedisCalls : public testing::Test {
protected:
    World world{World::one_connection()};
};

constexpr const char* kLost = "the connection to Redis was lost";
constexpr const char* kLate = "Redis did not answer in time";

TEST_F(RedisCalls, WaitForTheGreeting) {
    world.client->start();
    const auto early = world.ask({"GET", "1"});
    EXPECT_EQ(world.flush(), "");
    world.connection().opened();
    const auto later = world.ask({"GET", "2"});
    EXPECT_EQ(commands(world.flush()),
              Commands({{"CLIENT", "SETNAME", "mfa-reset"}, {"INFO", "memory"}}));
    world.connection().received("+OK\r\n$-1\r\n");
    EXPECT_TRUE(world.transport().flush);
    EXPECT_EQ(commands(world.flush()), Commands({{"GET", "1"}, {"GET", "2"}}));
    world.connection().received("+a\r\n+b\r\n");
    EXPECT_EQ(early->turn().result(), "+a");
    EXPECT_EQ(later->turn().result(), "+b");
}

TEST_F(RedisCalls, OfOneTurnLeaveTogether) {
    world.ready();
    world.transport().flush = false;
    const auto a = world.ask({"GET", "1"});
    EXPECT_TRUE(world.transport().flush);
    const auto b = world.ask({"SET", "2", ""}, true);
    const auto c = world.ask({"GET", "3"});
    const std::string_view out = world.connection().output();
    EXPECT_EQ(commands(out), Commands({{"GET", "1"}, {"SET", "2", ""}, {"GET", "3"}}));
    EXPECT_EQ(world.connection().output(), out) << "until it is sent it stays";
    world.connection().sent(out.size());
    EXPECT_EQ(world.connection().output(), "");
    EXPECT_EQ(world.client->pending(), 3U);
    world.connection().received(":1\r\n:2\r\n:3\r\n");
    EXPECT_EQ(world.client->pending(), 0U);
    EXPECT_EQ(a->turn().result() + b->turn().result() + c->turn().result(), ":1:2:3");
}

TEST_F(RedisCalls, AreNotedWhenTheyAreSent) {
    world.client->start();
    std::array<bool, 2> sent{};
    const auto ask = [this](bool& flag) {
        return std::make_unique<test::Asking>(
            *world.client, Words{"SET", "1", ""},
            redis::CommandOptions{.writes = true, .deadline = world.clock + 250ms, .sent = &flag});
    };
    const auto gone = ask(sent[0]);
    const auto stays = ask(sent[1]);
    world.connection().opened();
    gone->leave();
    world.flush();
    EXPECT_FALSE(sent[1]) << "the greeting goes first";
    world.connection().received("+OK\r\n$-1\r\n");
    world.flush();
    EXPECT_FALSE(sent[0]);
    EXPECT_TRUE(sent[1]);
}

TEST_F(RedisCalls, NoCoroutineIsResumedFromInside) {
    world.ready();
    const auto answered = world.ask({"GET", "1"});
    const auto lost = world.ask({"GET", "2"});
    const auto late = world.ask({"GET", "3"}, false, 10ms);
    world.flush();
    const auto unsent = world.ask({"GET", "4"}, false, 10ms);
    world.connection().received(":1\r\n");
    EXPECT_EQ(answered->result(), "posted");
    world.advance(10ms);
    EXPECT_EQ(late->result(), "posted");
    EXPECT_EQ(unsent->result(), "posted");
    world.close();
    EXPECT_EQ(lost->result(), "posted");
    EXPECT_EQ(answered->turn().result(), ":1");
    EXPECT_EQ(lost->turn().result(), std::string{"unavailable: "} + kLost);
    EXPECT_EQ(late->turn().result(), std::string{"unavailable: "} + kLate);
    EXPECT_EQ(unsent->turn().result(), "unavailable: Redis could not be reached in time");
}

TEST_F(RedisCalls, DeadlineOfASentCommand) {
    world.ready();
    const auto read = world.ask({"GET", "1"}, false, 100ms);
    const auto write = world.ask({"SET", "2"}, true, 200ms);
    world.flush();
    world.advance(99ms);
    EXPECT_EQ(read->result(), "waits");
    world.advance(1ms);
    EXPECT_EQ(read->turn().result(), std::string{"unavailable: "} + kLate);
    EXPECT_EQ(write->result(), "waits");
    world.advance(100ms);
    EXPECT_EQ(write->turn().result(), std::string{"uncertain: "} + kLate);
    EXPECT_EQ(world.client->pending(), 2U) << "their replies may still come";
}

TEST_F(RedisCalls, DeadlineOfAnUnsentCommand) {
    world.client->start();
    const auto read = world.ask({"GET", "1"}, false, 100ms);
    const auto write = world.ask({"SET", "2"}, true, 100ms);
    const auto patient = world.ask({"SET", "3"}, true, 500ms);
    world.advance(100ms);
    EXPECT_EQ(read->turn().result(), "unavailable: Redis could not be reached in time");
    EXPECT_EQ(write->turn().result(), "unavailable: Redis could not be reached in time");
    world.greet();
    EXPECT_EQ(commands(world.flush()), Commands({{"SET", "3"}})) << "never sent afterwards";
    world.connection().received("+OK\r\n");
    EXPECT_EQ(patient->turn().result(), "+OK");
}

TEST_F(RedisCalls, PastItsDeadlineNothingIsSent) {
    world.client->start();
    const auto late = world.ask({"SET", "1"}, true, 100ms);
    const auto good = world.ask({"SET", "2"}, true, 101ms);
    world.clock += 100ms;  // the timer is due, and did not run yet
    world.greet();
    EXPECT_EQ(commands(world.flush()), Commands({{"SET", "2"}}));
    EXPECT_EQ(late->turn().result(), "unavailable: Redis could not be reached in time");
    EXPECT_EQ(good->result(), "waits");
}

TEST_F(RedisCalls, DeadlinesInAnyOrder) {
    world.ready();
    std::vector<std::unique_ptr<test::Asking>> askings;
    for (const int timeout : {300, 100, 200, 400, 50}) {
        askings.push_back(world.ask({"GET"}, false, Milliseconds{timeout}));
        if (timeout == 200) {
            world.flush();
        }
    }
    std::vector<int> ended;
    for (int time = 1; time <= 400; ++time) {
        world.advance(1ms);
        for (const auto& asking : askings) {
            if (asking->posted()) {
                ended.push_back(time);
                asking->turn();
            }
        }
    }
    EXPECT_EQ(ended, (std::vector{50, 100, 200, 300, 400}));
}

TEST_F(RedisCalls, LateReplyIsDropped) {
    world.ready();
    const auto late = world.ask({"SET", "1"}, true, 10ms);
    world.flush();
    world.advance(10ms);
    EXPECT_EQ(late->turn().result(), std::string{"uncertain: "} + kLate);
    const auto next = world.ask({"GET", "2"});
    world.flush();
    world.connection().received("+late\r\n");
    EXPECT_EQ(next->result(), "waits");
    world.connection().received("+mine\r\n");
    EXPECT_EQ(next->turn().result(), "+mine");
    EXPECT_EQ(world.client->pending(), 0U);
}

TEST_F(RedisCalls, ACallThatLeavesUnsentIsNotSent) {
    world.ready();
    const auto a = world.ask({"SET", "1"}, true);
    const auto b = world.ask({"SET", "2"}, true);
    const auto c = world.ask({"SET", "3"}, true);
    b->leave();
    EXPECT_EQ(world.client->pending(), 2U);
    EXPECT_EQ(commands(world.flush()), Commands({{"SET", "1"}, {"SET", "3"}}));
    world.connection().received("+A\r\n+C\r\n");
    EXPECT_EQ(a->turn().result(), "+A");
    EXPECT_EQ(c->turn().result(), "+C");
}

TEST_F(RedisCalls, TheOnlyCallLeavesNothingBehind) {
    world.ready();
    world.ask({"SET", "1"}, true)->leave();
    EXPECT_EQ(world.flush(), "");
    EXPECT_EQ(world.client->pending(), 0U);
}

TEST_F(RedisCalls, ACallThatLeavesAfterItWasSentGetsNoReply) {
    world.ready();
    const auto a = world.ask({"GET", "1"});
    const auto b = world.ask({"GET", "2"});
    const auto c = world.ask({"GET", "3"});
    world.flush();
    b->leave();
    EXPECT_EQ(world.client->pending(), 3U);
    world.connection().received("+A\r\n+B\r\n+C\r\n");
    EXPECT_EQ(a->turn().result(), "+A");
    EXPECT_EQ(c->turn().result(), "+C");
}

TEST_F(RedisCalls, ACallThatLeavesWithItsReply) {
    world.ready();
    const auto a = world.ask({"GET", "1"});
    const auto b = world.ask({"GET", "2"});
    world.flush();
    world.connection().received("+A\r\n");
    a->leave();
    world.connection().received("+B\r\n");
    EXPECT_EQ(b->turn().result(), "+B");
}

TEST_F(RedisCalls, LostWhilePartlySent) {
    world.ready();
    const auto whole = world.ask({"SET", "1"}, true);
    const auto read = world.ask({"GET", "2"}, false);
    const auto exact = world.ask({"SET", "3"}, true);
    const auto partly = world.ask({"SET", "4"}, true);
    const auto not_at_all = world.ask({"SET", "5"}, true);
    const std::size_t size = world.connection().output().size();
    world.connection().sent(1);
    EXPECT_EQ(world.connection().output().size(), size - 1);
    world.connection().sent(size / 5 * 4 - 2);  // all but the last byte of the fourth
    const auto unsent = world.ask({"SET", "6"}, true);
    world.close();
    EXPECT_EQ(whole->turn().result(), std::string{"uncertain: "} + kLost);
    EXPECT_EQ(read->turn().result(), std::string{"unavailable: "} + kLost);
    EXPECT_EQ(exact->turn().result(), std::string{"uncertain: "} + kLost);
    EXPECT_EQ(partly->turn().result(), std::string{"unavailable: "} + kLost)
        << "Redis runs no half command";
    EXPECT_EQ(not_at_all->turn().result(), std::string{"unavailable: "} + kLost);
    EXPECT_EQ(unsent->result(), "waits");

    world.advance(60ms);
    world.greet();
    EXPECT_EQ(commands(world.flush()), Commands({{"SET", "6"}}));
    world.connection().received("+OK\r\n");
    EXPECT_EQ(unsent->turn().result(), "+OK");
}

TEST_F(RedisCalls, SentBytesAreCountedForEachConnection) {
    world.ready();
    const auto first = world.ask({"SET", "1"}, true);
    world.connection().output();
    world.connection().sent(3);
    world.close();
    EXPECT_EQ(first->turn().result(), std::string{"unavailable: "} + kLost);
    world.advance(60ms);
    world.greet();
    const auto second = world.ask({"SET", "2"}, true);
    world.flush();
    const auto third = world.ask({"SET", "3"}, true);
    world.connection().output();
    world.connection().sent(1);
    world.close();
    EXPECT_EQ(second->turn().result(), std::string{"uncertain: "} + kLost);
    EXPECT_EQ(third->turn().result(), std::string{"unavailable: "} + kLost);
}

TEST_F(RedisCalls, NothingIsHandedOverWhileOutputWaits) {
    world.ready();
    const auto stuck = world.ask({"SET", "1"}, true);
    const std::size_t size = world.connection().output().size();
    world.connection().sent(size - 1);
    const auto behind = world.ask({"SET", "2"}, true, 100ms);
    EXPECT_EQ(world.connection().output().size(), 1U);
    world.advance(100ms);
    EXPECT_EQ(behind->turn().result(), "unavailable: Redis could not be reached in time");
    world.connection().sent(1);
    EXPECT_EQ(world.connection().output(), "");
    world.connection().received("+OK\r\n");
    EXPECT_EQ(stuck->turn().result(), "+OK");
}

TEST_F(RedisCalls, SixtyFourKibibytesAtOnce) {
    world.ready();
    std::vector<std::unique_ptr<test::Asking>> askings;
    askings.reserve(10);
    for (int i = 0; i < 10; ++i) {
        askings.push_back(world.ask({"SET", std::to_string(i), std::string(30'000, 'x')}, true));
    }
    std::size_t count = 0;
    for (auto out = world.connection().output(); !out.empty(); out = world.connection().output()) {
        EXPECT_LT(out.size(), 64UL * 1024 + 31'000);
        for (const Words& words : commands(out)) {
            EXPECT_EQ(words.at(1), std::to_string(count++));
        }
        world.connection().sent(out.size());
    }
    EXPECT_EQ(count, 10U);
}

TEST_F(RedisCalls, SentButNotYetAnsweredAtEveryClose) {
    const struct {
        const char* name;
        int steps;  // 1: opened, 2: greeting sent, 3: ready, 4: sent, 5: half a reply
        std::string result;
    } table[] = {
        {"connecting", 0, "unavailable: Redis is down"},
        {"greeting", 1, "unavailable: Redis is down"},
        {"greeting sent", 2, "unavailable: Redis is down"},
        {"ready, not sent", 3, "waits"},
        {"sent", 4, std::string{"uncertain: "} + kLost},
        {"half a reply", 5, std::string{"uncertain: "} + kLost},
    };
    for (const auto& row : table) {
        World fresh(World::one_connection());
        const std::vector<void (*)(World&)> steps{
            [](World& w) { w.connection().opened(); },
            [](World& w) { w.flush(); },
            [](World& w) { w.connection().received("+OK\r\n$-1\r\n"); },
            [](World& w) { w.flush(); },
            [](World& w) { w.connection().received("$5\r\nhal"); },
        };
        fresh.client->start();
        const auto asking = fresh.ask({"SET", "1"}, true);
        for (int i = 0; i < row.steps; ++i) {
            steps.at(static_cast<std::size_t>(i))(fresh);
        }
        fresh.close();
        EXPECT_EQ(fresh.connection().state(), State::waiting) << row.name;
        EXPECT_EQ(fresh.flush(), "") << row.name;
        EXPECT_EQ(asking->turn().result(), row.result) << row.name;
    }
}

// A worker that shall end waits for calls, and for nothing that is left when they have ended.
TEST_F(RedisCalls, AwaitedWhileSomebodyWaits) {
    world.ready();
    const auto awaited = [this] { return world.transport().awaited; };
    EXPECT_FALSE(awaited());

    const auto answered = world.ask({"GET", "1"});
    const auto leaves_unsent = world.ask({"GET", "2"});
    leaves_unsent->leave();
    EXPECT_TRUE(awaited());
    world.flush();
    const auto leaves_sent = world.ask({"GET", "3"});
    world.flush();
    leaves_sent->leave();
    EXPECT_TRUE(awaited());
    world.connection().received("+A\r\n");
    EXPECT_FALSE(awaited()) << "the reply that still comes is nobody's";
    world.connection().received("+B\r\n");

    const auto late = world.ask({"GET", "4"});
    world.flush();
    EXPECT_TRUE(awaited());
    world.advance(Milliseconds{250});
    EXPECT_FALSE(awaited());

    const auto cut = world.ask({"GET", "5"});
    world.flush();
    world.close();
    EXPECT_FALSE(awaited());
}

TEST_F(RedisCalls, NoMemoryForTheReply) {
    world.ready();
    const auto read = world.ask({"GET", "1"});
    const auto write = world.ask({"SET", "2"}, true);
    const auto next = world.ask({"GET", "3"});
    world.flush();
    read->pool().fail_after(0);
    write->pool().fail_after(0);
    world.connection().received("+A\r\n+B\r\n+C\r\n");
    EXPECT_EQ(read->turn().result(), "unavailable: no memory for the reply");
    EXPECT_EQ(write->turn().result(), "uncertain: no memory for the reply");
    EXPECT_EQ(next->turn().result(), "+C");
}

}  // namespace
}  // namespace mfa_reset::redis
