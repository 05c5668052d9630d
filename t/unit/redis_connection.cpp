// The states of a connection: connecting, greeting, ready, lost, and the next attempt.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
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

Settings as(Credentials credentials, unsigned database = 0) {
    Settings settings = World::one_connection();
    settings.url.credentials = std::move(credentials);
    settings.url.database = database;
    return settings;
}

Settings everything() { return as({"edge", "hunter2"}, 3); }

TEST(RedisConnection, TheGreetingFollowsTheUrl) {
    const Words name{"CLIENT", "SETNAME", "mfa-reset"};
    const Words memory{"INFO", "memory"};
    const struct {
        Settings settings;
        std::vector<Words> greeting;
    } table[] = {
        {as({}), {name, memory}},
        {as({"", "pa ss\r\n"}), {{"AUTH", "pa ss\r\n"}, name, memory}},
        {as({"edge", "p"}), {{"AUTH", "edge", "p"}, name, memory}},
        {as({}, 12), {{"SELECT", "12"}, name, memory}},
        {everything(), {{"AUTH", "edge", "hunter2"}, {"SELECT", "3"}, name, memory}},
    };
    for (const auto& row : table) {
        World world(row.settings);
        world.client->start();
        EXPECT_EQ(world.connection().state(), State::connecting);
        EXPECT_EQ(world.flush(), "") << "nothing is sent before the socket is there";
        world.connection().opened();
        EXPECT_EQ(world.connection().state(), State::greeting);
        EXPECT_TRUE(world.transport().flush);
        EXPECT_EQ(commands(world.flush()), row.greeting);
        for (std::size_t i = 0; i < row.greeting.size(); ++i) {
            EXPECT_EQ(world.connection().state(), State::greeting) << i;
            world.connection().received("+OK\r\n");
        }
        EXPECT_EQ(world.connection().state(), State::ready);
        EXPECT_FALSE(world.transport().due(Timer::link)) << "an idle connection keeps no timer";
        EXPECT_FALSE(world.transport().due(Timer::deadline));
    }
}

TEST(RedisConnection, GreetingRefused) {
    const std::string wrong = "WRONGPASS invalid username-password pair for edge hunter2";
    const struct {
        std::string replies;
        std::string why;
    } table[] = {
        {"-" + wrong + "\r\n", "AUTH was refused: WRONGPASS"},
        {"-ERR unknown command `AUTH`, with args beginning with: `hunter2`\r\n",
         "AUTH was refused: ERR"},
        {"-LOADING\r\n", "AUTH was refused: LOADING"},
        {"-DENIED Redis is running in protected mode\r\n", "AUTH was refused: DENIED"},
        {"-hunter2 is wrong\r\n", "AUTH was refused: "},
        {"+OK\r\n-ERR hunter2 is wrong\r\n", "SELECT was refused: ERR"},
        {"+OK\r\n+hunter2\r\n", "SELECT was answered wrongly: "},
        {"+hunter2\r\n", "AUTH was answered wrongly: "},
        {"$7\r\nhunter2\r\n", "AUTH was answered wrongly: "},
        {"+ok\r\n", "AUTH was answered wrongly: "},
        {":1\r\n", "AUTH was answered wrongly: "},
        {"$-1\r\n", "AUTH was answered wrongly: "},
        {"+OK\r\n-ERR DB index is out of range\r\n",
         "SELECT was refused: ERR DB index is out of range"},
        {"+OK\r\n+QUEUED\r\n", "SELECT was answered wrongly: QUEUED"},
        {"+OK\r\n*0\r\n", "SELECT was answered wrongly: "},
        {"+OK\r\n+OK\r\n-NOAUTH Authentication required.\r\n",
         "CLIENT SETNAME was refused: NOAUTH Authentication required."},
        {"+OK\r\n+OK\r\n-ERR max number of clients reached\r\n",
         "CLIENT SETNAME was refused: ERR max number of clients reached"},
        {"+OK\r\n+OK\r\n-DENIED Redis is running in protected mode\r\n",
         "CLIENT SETNAME was refused: DENIED Redis is running in protected mode"},
        {"+OK\r\n+OK\r\n-LOADING it reads\r\n", "CLIENT SETNAME was refused: LOADING it reads"},
        {"+OK\r\n+OK\r\n-BUSY with a script\r\n", "CLIENT SETNAME was refused: BUSY with a script"},
        {"+OK\r\n+OK\r\n-ERR hunter2 is wrong\r\n", "CLIENT SETNAME was refused: ERR"},
        {"+OK\r\n+OK\r\n:1\r\n", "CLIENT SETNAME was answered wrongly: "},
        {"+OK\r\n+OK\r\n-ERR unknown command\r\n-NOAUTH Authentication required.\r\n",
         "INFO was refused: NOAUTH Authentication required."},
        {"+OK\r\n+OK\r\n+OK\r\n$-1\r\n+OK\r\n", ""},
        {"HTTP/1.1 400 Bad Request\r\n", "what came is no Redis reply"},
        {"+OK\r\n%1\r\n", "what came is no Redis reply"},
        {"*1025\r\n", "a reply has too many elements"},
    };
    for (const auto& row : table) {
        World world(everything());
        world.client->start();
        world.connection().opened();
        world.flush();
        world.connection().received(row.replies);
        EXPECT_EQ(world.connection().state(), State::waiting) << row.replies;
        EXPECT_FALSE(world.transport().has_socket) << row.replies;
        EXPECT_TRUE(world.transport().due(Timer::link)) << "tries again: " << row.replies;
        const auto expected =
            row.why.empty() ? std::vector<std::string>{} : std::vector{"down: " + row.why};
        EXPECT_EQ(world.events, expected);
        EXPECT_EQ(world.flush(), "");
    }
}

TEST(RedisConnection, ServesWithoutAName) {
    for (const std::string error :
         {"NOPERM this user has no permissions to run the 'client' command",
          "ERR unknown command 'CLIENT', with args beginning with: 'SETNAME'",
          "ERR Unknown subcommand or wrong number of arguments for 'SETNAME'",
          "unsupported command 'client'", ""}) {
        World world(everything());
        world.client->start();
        world.connection().opened();
        world.flush();
        world.connection().received("+OK\r\n+OK\r\n-" + error + "\r\n+OK\r\n");
        EXPECT_EQ(world.connection().state(), State::ready) << error;
        EXPECT_EQ(world.events, std::vector<std::string>{}) << error;
        EXPECT_EQ(world.unnamed, std::vector<std::string>{"CLIENT SETNAME was refused: " + error});
    }
}

TEST(RedisConnection, GreetingByteByByte) {
    World world(everything());
    world.client->start();
    world.connection().opened();
    world.flush();
    for (const char byte : std::string_view{"+OK\r\n+OK\r\n+OK\r\n$-1\r\n"}) {
        EXPECT_EQ(world.connection().state(), State::greeting);
        world.connection().received({&byte, 1});
    }
    EXPECT_EQ(world.connection().state(), State::ready);
}

TEST(RedisConnection, GreetingStartsAfreshOnEachConnection) {
    World world(everything());
    world.client->start();
    world.connection().opened();
    world.connection().sent(5);
    world.connection().received("+OK\r\n+O");
    world.close();
    EXPECT_EQ(world.flush(), "");
    world.advance(60ms);
    world.connection().opened();
    EXPECT_EQ(commands(world.flush()).size(), 4U);
    world.connection().received("+OK\r\n+OK\r\n+OK\r\n");
    EXPECT_EQ(world.connection().state(), State::greeting);
    world.connection().received("$-1\r\n");
    EXPECT_EQ(world.connection().state(), State::ready);
}

TEST(RedisConnection, ConnectingAndGreetingShareOneLimit) {
    World world(World::one_connection());
    world.client->start();
    world.advance(999ms);
    EXPECT_EQ(world.connection().state(), State::connecting);
    world.connection().opened();
    world.flush();
    EXPECT_EQ(world.connection().state(), State::greeting);
    world.advance(1ms);
    EXPECT_EQ(world.connection().state(), State::waiting);
    EXPECT_FALSE(world.transport().has_socket);
    EXPECT_EQ(world.events, std::vector<std::string>{"down: the greeting timed out"});
}

TEST(RedisConnection, ConnectingTimesOut) {
    World world(World::one_connection());
    world.client->start();
    world.advance(999ms);
    EXPECT_TRUE(world.events.empty());
    world.advance(1ms);
    EXPECT_FALSE(world.transport().has_socket);
    EXPECT_EQ(world.events, std::vector<std::string>{"down: connecting timed out"});
}

TEST(RedisConnection, ReadyIsNotTimedOut) {
    World world(World::one_connection());
    world.ready().advance(24h);
    EXPECT_EQ(world.connection().state(), State::ready);
    EXPECT_EQ(world.transport().connects, 1);
}

/// Expects that the next attempt comes after `about`, ±20 %, and makes it.
void expect_attempt(World& world, Milliseconds about) {
    const auto until = world.transport().until(Timer::link);
    ASSERT_TRUE(until);
    EXPECT_GE(*until, about * 80 / 100);
    EXPECT_LE(*until, about * 120 / 100);
    const int connects = world.transport().connects;
    world.advance(*until - 1ms);
    EXPECT_EQ(world.transport().connects, connects);
    world.advance(1ms);
    EXPECT_EQ(world.transport().connects, connects + 1);
    EXPECT_EQ(world.connection().state(), State::connecting);
}

TEST(RedisConnection, BacksOff) {
    World world(World::one_connection());
    world.client->start();
    for (const Milliseconds about : {50ms, 100ms, 200ms, 400ms, 500ms, 500ms, 500ms}) {
        world.close();
        expect_attempt(world, about);
    }
    for (int i = 0; i < 100; ++i) {
        world.close();
        expect_attempt(world, 500ms);
    }
    EXPECT_EQ(world.events, std::vector<std::string>{"down: closed"}) << "told once";
}

TEST(RedisConnection, BackOffVaries) {
    std::vector<Milliseconds> delays;
    World world(World::one_connection());
    world.client->start();
    for (int i = 0; i < 60; ++i) {
        world.close();
        delays.push_back(world.transport().until(Timer::link).value());
        world.advance(1s);
    }
    const auto [least, most] = std::minmax_element(delays.begin() + 5, delays.end());
    EXPECT_LT(*least, 470ms);
    EXPECT_GT(*most, 530ms);
}

TEST(RedisConnection, AfterASteadyOneAtOnce) {
    World world(World::one_connection());
    world.client->start();
    for (int i = 0; i < 5; ++i) {  // what failed before is forgotten then
        world.close();
        world.advance(600ms);
    }
    world.greet();
    world.advance(1s);
    world.close();
    EXPECT_EQ(world.transport().until(Timer::link), 0ms);
    world.advance(0ms);
    EXPECT_EQ(world.connection().state(), State::connecting);
    world.close();
    expect_attempt(world, 50ms);
}

TEST(RedisConnection, AfterAShortOneLater) {
    World world(World::one_connection());
    world.client->start();
    for (const Milliseconds about : {50ms, 100ms, 200ms}) {
        world.greet();
        world.advance(999ms);
        world.close();
        expect_attempt(world, about);
    }
}

TEST(RedisConnection, AnUnexpectedReply) {
    World world(World::one_connection());
    world.ready();
    const auto asking = world.ask({"GET", "a"});
    world.flush();
    world.connection().received("+mine\r\n+nobody's\r\n");
    EXPECT_EQ(world.connection().state(), State::waiting);
    EXPECT_FALSE(world.transport().has_socket);
    EXPECT_EQ(asking->turn().result(), "+mine");
}

TEST(RedisConnection, GarbageAmongReplies) {
    World world(World::one_connection());
    world.ready();
    const auto good = world.ask({"GET", "a"});
    const auto lost = world.ask({"GET", "b"});
    const auto uncertain = world.ask({"SET", "c"}, true);
    world.flush();
    world.connection().received("+A\r\n?B\r\n+C\r\n");
    EXPECT_FALSE(world.transport().has_socket);
    EXPECT_EQ(good->turn().result(), "+A");
    EXPECT_EQ(lost->turn().result(), "unavailable: the connection to Redis was lost");
    EXPECT_EQ(uncertain->turn().result(), "uncertain: the connection to Redis was lost");
    world.advance(60ms);
    world.greet();  // and nothing of the old bytes is left
    const auto next = world.ask({"GET", "d"});
    world.flush();
    world.connection().received("+D\r\n");
    EXPECT_EQ(next->turn().result(), "+D");
}

}  // namespace
}  // namespace mfa_reset::redis
