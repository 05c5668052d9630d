// What Redis's errors mean, which part of them may be shown, and when an error episode begins and
// ends.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection/error_episodes.hpp"
#include "redis/protocol/errors.hpp"
#include "redis_fakes.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::World;

std::string class_of(std::string_view text) {
    const Reply error{.type = Reply::Type::error, .integer = 0, .text = text, .elements = {}};
    return std::string{error_class(error).name};
}

TEST(RedisErrors, ByTheFirstWord) {
    for (const ErrorClass& each : error_classes()) {
        EXPECT_EQ(class_of(each.name), each.name);
        EXPECT_EQ(class_of(std::string{each.name} + " and more"), each.name);
    }
    for (const char* unknown : {"", "ERR", "ERR READONLY", "readonly x", "READONLYX x", " READONLY",
                                "WRONGTYPE Operation against a key"}) {
        EXPECT_EQ(class_of(unknown), "") << unknown;
    }
    EXPECT_FALSE(error_class("").passing);
}

TEST(RedisErrors, InsideOfAScript) {
    EXPECT_EQ(
        class_of("ERR Error running script (call to f_1028a5dba704e1d8a01fd96efeba25bb78f62df2"
                 "): @user_script:4: @user_script: 4: -READONLY You can't write against a read "
                 "only replica."),
        "READONLY");
    EXPECT_EQ(class_of("ERR Error running script (call to f_10): @user_script:4: -OOM"), "OOM");
    EXPECT_EQ(class_of("ERR Error running script (call to f_10): @user_script:4: no: -SUCH"), "");
    EXPECT_EQ(class_of("ERR something else: -READONLY x"), "") << "who knows who says that";
    EXPECT_EQ(class_of("ERR The user executing the script can't run this command or subcommand "
                       "script: 10, on @user_script:1."),
              "NOPERM");
    EXPECT_EQ(class_of("ERR ACL failure in script: User edge has no permissions to run the 'xadd' "
                       "command script: 10, on @user_script:1."),
              "NOPERM");
}

TEST(RedisErrors, ArgumentsAreNotShown) {
    using Words = std::vector<std::string_view>;
    const Words get{"GET", "urn:iauthsession:secret"};
    const auto told = [&](std::string_view text, const Words& words) {
        return std::string{without_arguments(text, words)};
    };
    EXPECT_EQ(
        told("ERR unknown command 'GET', with args beginning with: 'urn:iauthsession:secret' ",
             get),
        "ERR unknown command 'GET', with args beginning with: '");
    EXPECT_EQ(told("ERR 'urn:iaut' is long", get), "ERR '") << "Redis quotes long ones in part";
    EXPECT_EQ(told("urn:iauthsession:secret ERR", get), "") << "the first word is none of Redis's";
    EXPECT_EQ(told("ERR short", {"GET", "a", "ERR"}), "ERR short");
    EXPECT_EQ(told("READONLY You can't", {"GET", "READONLY"}), "READONLY You can't");
    EXPECT_EQ(told("READONLY You can't", {"GET", "You can't be"}), "READONLY ");
    EXPECT_EQ(told("ERR x", {}), "ERR x");
    const Words script{"EVALSHA", "1028a5dba704", "1", "mfa:{/alpha/demo}"};
    EXPECT_EQ(told("OOM no. script: 1028a5dba704, on mfa:{/alpha/demo}.", script),
              "OOM no. script: 1028a5dba704, on ");
}

TEST(RedisErrors, TheCallGetsAnErrorWithoutArguments) {
    World world(World::one_connection());
    world.ready();
    const auto asking = world.ask({"GET", "urn:iauthsession:secret"});
    world.flush();
    world.connection().received("-ERR unknown 'urn:iauthsession:secret'\r\n");
    EXPECT_EQ(asking->turn().result(), "-ERR unknown '");
    EXPECT_EQ(world.refusals.size(), 1U);
}

TEST(RedisErrors, AnErrorOfTheConnectionReplacesIt) {
    for (const char* name : {"READONLY", "NOAUTH", "MASTERDOWN", "OOM", "BUSY", "LOADING"}) {
        const bool reconnects = error_class(name).remedy != Remedy::none;
        World world(World::one_connection());
        world.ready();
        for (const auto age : {500ms, 500ms}) {  // left once it is a second old
            world.advance(age);
            const auto asking = world.ask({"SET"}, true);
            world.flush();
            world.connection().received("-" + std::string{name} + " x\r\n");
            EXPECT_EQ(asking->turn().result(), "-" + std::string{name} + " x");
            world.advance(0ms);
            EXPECT_EQ(world.transport().connects, reconnects && world.clock == 1'001'000ms ? 2 : 1)
                << name;
        }
        EXPECT_TRUE(world.lost.empty()) << "nobody lost anything";
        EXPECT_TRUE(world.events.empty());
        EXPECT_EQ(world.client->state(),
                  reconnects ? Client::State::connecting : Client::State::up);
        if (reconnects) {
            world.greet();
        }
        EXPECT_EQ(world.client->state(), Client::State::up);
        EXPECT_TRUE(world.events.empty()) << "it was never down";
    }
}

TEST(RedisErrors, CommandsThatWaitForAReplacedConnectionAreSentThen) {
    World world(World::one_connection());
    world.ready();
    world.advance(2s);
    const auto refused = world.ask({"SET", "1"}, true);
    world.flush();
    world.connection().received("-READONLY x\r\n");
    const auto waits = world.ask({"SET", "2"}, true);
    world.advance(0ms);
    EXPECT_EQ(waits->result(), "waits");
    world.greet();
    EXPECT_EQ(test::commands(world.flush()), std::vector<test::Words>({{"SET", "2"}}));
}

TEST(RedisErrors, OtherConnectionsAreReplacedWhenTheirRepliesHaveCome) {
    World world;
    world.ready();
    world.advance(2s);
    const auto refused = world.ask({"SET", "1"}, true);
    world.flush(0);
    const auto gone = world.ask({"SET", "2"}, true);
    const auto waits = world.ask({"SET", "3"}, true);
    EXPECT_EQ(test::commands(world.flush(1)),
              std::vector<test::Words>({{"SET", "2"}, {"SET", "3"}}));
    gone->leave();
    world.connection(0).received("-READONLY x\r\n");
    world.advance(1ms);
    world.connection(1).received("+2\r\n+3\r\n");
    EXPECT_EQ(waits->turn().result(), "+3") << "though nobody waited for the one before";
}

// -- when it begins and is over ------------------------------------------------------------------

const ErrorClass& named(std::string_view name) { return error_class(name); }

TEST(RedisErrorEpisodes, BeginsOnceAndEndsOnce) {
    ErrorEpisodes episodes;
    EXPECT_EQ(episodes.take_ended(true, 0ms), nullptr);
    EXPECT_TRUE(episodes.begins(named("LOADING"), 1s));
    EXPECT_FALSE(episodes.begins(named("LOADING"), 2s));
    EXPECT_EQ(episodes.take_ended(true, 2s + ErrorEpisodes::kQuiet - 1ms), nullptr) << "not yet";
    EXPECT_EQ(episodes.take_ended(false, 2s + ErrorEpisodes::kQuiet), &named("LOADING"));
    EXPECT_EQ(episodes.take_ended(true, 1h), nullptr) << "told already";
    EXPECT_TRUE(episodes.begins(named("LOADING"), 1h)) << "and again";
}

TEST(RedisErrorEpisodes, OneThatComesAgainIsNotOver) {
    ErrorEpisodes episodes;
    EXPECT_TRUE(episodes.begins(named("BUSY"), 0s));
    for (auto now = 4s; now < 60s; now += 4s) {
        EXPECT_EQ(episodes.take_ended(true, now), nullptr);
        EXPECT_FALSE(episodes.begins(named("BUSY"), now));
    }
}

TEST(RedisErrorEpisodes, OnlyAWriteShowsThatWritesAreTaken) {
    for (const char* name : {"READONLY", "OOM", "MISCONF", "NOREPLICAS"}) {
        ErrorEpisodes episodes;
        EXPECT_TRUE(episodes.begins(named(name), 0s));
        EXPECT_EQ(episodes.take_ended(false, 1h), nullptr) << name;
        EXPECT_EQ(episodes.take_ended(true, 1h), &named(name));
    }
}

TEST(RedisErrorEpisodes, EachClassByItself) {
    ErrorEpisodes episodes;
    EXPECT_TRUE(episodes.begins(named("OOM"), 0s));
    EXPECT_TRUE(episodes.begins(named("NOPERM"), 0s));
    EXPECT_TRUE(episodes.begins(named("BUSY"), 58s));
    EXPECT_EQ(episodes.take_ended(false, 60s), &named("NOPERM"));
    EXPECT_EQ(episodes.take_ended(false, 60s), nullptr);
    EXPECT_EQ(episodes.take_ended(true, 60s), &named("OOM"));
    EXPECT_EQ(episodes.take_ended(true, 60s), nullptr);
    EXPECT_EQ(episodes.take_ended(true, 63s), &named("BUSY"));
}

TEST(RedisErrorEpisodes, AnErrorWithoutAnEpisodeIsNotReported) {
    ErrorEpisodes episodes;
    for (const char* name : {"NOSCRIPT", "TRYAGAIN", "WRONGTYPE", ""}) {
        EXPECT_FALSE(episodes.begins(named(name), 0s)) << name;
    }
    EXPECT_EQ(episodes.take_ended(true, 1h), nullptr);
}

}  // namespace
}  // namespace mfa_reset::redis
