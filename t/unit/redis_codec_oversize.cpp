// A value that is too large fails only the command that asked for it.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "redis/protocol/codec.hpp"
#include "redis_fakes.hpp"
#include "redis_replies.hpp"

namespace mfa_reset::redis {
namespace {

using test::array_of;
using test::bulk;
using test::describe;
using test::World;
using Next = ReplyReader::Next;

constexpr ReplyLimits kSmall{.bytes = 200, .elements = 8};
constexpr const char* kTooLarge = "-TOOLARGE Redis holds a value that is too large to be read";

/// All replies in `wire`, fed in parts of `part` bytes from the heap; `error: …` ends them.
std::vector<std::string> read_all(ReplyReader& reader, std::string_view wire, std::size_t part) {
    std::vector<std::string> replies;
    while (!wire.empty()) {
        const std::string bytes{wire.substr(0, part)};
        wire.remove_prefix(bytes.size());
        EXPECT_TRUE(reader.feed(bytes));
        Next next = reader.next();
        for (; next == Next::reply; next = reader.next()) {
            replies.push_back(describe(reader.reply()));
        }
        if (next == Next::error) {
            replies.push_back("error: " + std::string{reader.error()});
            break;
        }
    }
    return replies;
}

TEST(RedisCodecOversize, ReplacesTheValueHoweverTheBytesAreCut) {
    const std::string fits = bulk(std::string(192, 'x'));
    const std::string half = bulk(std::string(100, '\n'));
    const std::string too_large = bulk(std::string(193, '$'));
    const std::string known = '"' + std::string(192, 'x') + '"';
    const std::string newlines = '"' + std::string(100, '\n') + '"';
    const struct {
        const char* name;
        std::string wire;
        std::vector<std::string> replies;
    } table[] = {
        {"alone", too_large, {kTooLarge}},
        {"between others", "+a\r\n" + too_large + fits + ":1\r\n", {"+a", kTooLarge, known, ":1"}},
        {"one after the other", too_large + too_large, {kTooLarge, kTooLarge}},
        {"in an array",
         array_of({":1\r\n", too_large, "$-1\r\n"}) + "+b\r\n",
         {std::string{"[:1 "} + kTooLarge + " _]", "+b"}},
        {"deep inside",
         array_of({array_of({too_large}), "+c\r\n"}) + ":1\r\n",
         {std::string{"[["} + kTooLarge + "] +c]", ":1"}},
        {"with what came before it",
         array_of({half, half}) + half,
         {"[" + newlines + " " + kTooLarge + "]", newlines}},
        {"after arrays of nothing",
         "*0\r\n*-1\r\n" + too_large + "$0\r\n\r\n",
         {"[]", "_", kTooLarge, "\"\""}},
    };
    for (const auto& row : table) {
        for (std::size_t part = 1; part <= row.wire.size(); ++part) {
            ReplyReader reader(kSmall);
            ASSERT_EQ(read_all(reader, row.wire, part), row.replies)
                << row.name << ", in parts of " << part;
        }
    }
}

TEST(RedisCodecOversize, DiscardsAsMuchAsRedisHolds) {
    ReplyReader reader;
    const std::string piece(1UL << 20, 'x');
    ASSERT_TRUE(reader.feed("$536870912\r\n"));
    for (int i = 0; i < 512; ++i) {
        ASSERT_TRUE(reader.feed(piece));
    }
    ASSERT_TRUE(reader.feed("\r\n+next\r\n"));
    ASSERT_EQ(reader.next(), Next::reply);
    EXPECT_EQ(describe(reader.reply()), kTooLarge);
    ASSERT_EQ(reader.next(), Next::reply);
    EXPECT_EQ(describe(reader.reply()), "+next");
}

TEST(RedisCodecOversize, MoreThanRedisHoldsEndsTheConnection) {
    for (const std::string_view length : {"536870913", "2000000000", "9223372036854775807"}) {
        ReplyReader reader(kSmall);
        const std::string wire = "$" + std::string{length} + "\r\n" + std::string(300, 'x');
        const auto replies = read_all(reader, wire, 16);
        ASSERT_EQ(replies.size(), 1U) << length;
        EXPECT_TRUE(replies.front().starts_with("error: ")) << replies.front();
    }
}

TEST(RedisCodecOversize, ResetForgetsWhatIsDiscarded) {
    for (const std::string_view before :
         {"$1000\r\nxx", "$1000\r", "$1", "*5\r\n:1\r\n", "+half", "$x\r\n", "$100\r\nxx"}) {
        ReplyReader reader(kSmall);
        ASSERT_TRUE(reader.feed(before));
        reader.reset();
        EXPECT_EQ(read_all(reader, bulk("hello"), 100), std::vector<std::string>{"\"hello\""})
            << before;
    }
}

TEST(RedisCodecOversize, OneThatTakesTooLongIsSilence) {
    World world(World::one_connection());
    world.ready();
    const auto large = world.ask({"GET", "a"});
    const auto after = world.ask({"SET", "b"}, true);
    world.flush();
    world.connection().received("$536870912\r\n");
    EXPECT_EQ(large->turn().result(), kTooLarge) << "at once";
    for (int tenths = 0; tenths < 12 && world.lost.empty(); ++tenths) {
        world.connection().received("xxxxx");
        world.advance(Milliseconds{100});
    }
    EXPECT_EQ(world.lost, std::vector<std::string>{"Redis has gone silent"});
    EXPECT_EQ(after->turn().result(), "uncertain: Redis did not answer in time");
}

TEST(RedisCodecOversize, OtherCommandsOfTheConnectionGetTheirReplies) {
    World world(World::one_connection());
    world.ready();
    auto before = world.ask({"EVALSHA", "a"}, true);
    auto large = world.ask({"GET", "b"});
    auto after = world.ask({"EVALSHA", "c"}, true);
    world.flush();
    const std::string wire = "+first\r\n" + bulk(std::string(3UL << 20, 'x')) + "+third\r\n";
    for (std::string_view rest = wire; !rest.empty();) {
        const std::string part{rest.substr(0, 16384)};
        rest.remove_prefix(part.size());
        world.connection().received(part);
    }
    EXPECT_EQ(before->turn().result(), "+first");
    EXPECT_EQ(large->turn().result(), kTooLarge);
    EXPECT_EQ(after->turn().result(), "+third");
    EXPECT_EQ(world.lost, std::vector<std::string>{});
}

}  // namespace
}  // namespace mfa_reset::redis
