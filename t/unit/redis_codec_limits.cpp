// Replies that end the connection: too long, too many, too deep, or no replies at all.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "redis/protocol/codec.hpp"
#include "redis_replies.hpp"

namespace mfa_reset::redis {
namespace {

using test::bulk;
using test::describe;
using Next = ReplyReader::Next;

constexpr ReplyLimits kSmall{.bytes = 200, .elements = 8};

std::string repeated(std::string_view text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

TEST(RedisCodecLimits, NoReply) {
    const struct {
        const char* name;
        std::string bytes;
    } table[] = {
        {"text", "hello\r\n"},
        {"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"},
        {"blank lines", "\r\n\r\n"},
        {"NUL", std::string("\0\r\n", 3)},
        {"bulk of length -2", "$-2\r\n"},
        {"array of length -2", "*-2\r\n"},
        {"bulk longer than any number", "$99999999999999999999\r\n"},
        {"array longer than any number", "*99999999999999999999\r\n"},
        {"array of more than int", "*4294967296\r\n"},
        {"array of most negative", "*-9223372036854775808\r\n"},
        {"integer out of range", ":9223372036854775808\r\n"},
        {"integer out of range below", ":-9223372036854775809\r\n"},
        {"integer that is none", ":seven\r\n"},
        {"integer that is empty", ":\r\n"},
        {"bulk length that is none", "$x\r\nx\r\n"},
        {"array length that is none", "*x\r\n"},
        {"garbage inside an array", "*2\r\n:1\r\nhello\r\n"},
        {"RESP3 map", "%1\r\n+a\r\n:1\r\n"},
        {"RESP3 boolean", "#t\r\n"},
        {"RESP3 double", ",1.5\r\n"},
        {"RESP3 null", "_\r\n"},
        {"RESP3 push", ">2\r\n+a\r\n+b\r\n"},
        {"RESP3 set", "~1\r\n+a\r\n"},
        {"RESP3 big number", "(12345678901234567890\r\n"},
        {"RESP3 map inside an array", "*1\r\n%1\r\n+a\r\n:1\r\n"},
    };
    for (const auto& row : table) {
        ReplyReader reader;
        ASSERT_TRUE(reader.feed(row.bytes));
        EXPECT_EQ(reader.next(), Next::error) << row.name;
        EXPECT_EQ(reader.error(), "what came is no Redis reply") << row.name;
        EXPECT_EQ(reader.next(), Next::error) << row.name << ": once broken, always broken";
    }
}

TEST(RedisCodecLimits, Truncated) {
    for (const std::string_view bytes : {"+OK", "+OK\r", ":1", "$5\r\nhel", "$5\r\nhello",
                                         "$5\r\nhello\r", "*", "*1\r", "*2\r\n:1\r\n"}) {
        ReplyReader reader;
        ASSERT_TRUE(reader.feed(bytes));
        EXPECT_EQ(reader.next(), Next::more) << bytes;
        EXPECT_EQ(reader.next(), Next::more) << bytes;
    }
}

TEST(RedisCodecLimits, DeeperThanHiredisReads) {
    for (const int depth : {20, 8192}) {
        ReplyReader reader({.bytes = 1 << 20, .elements = 1 << 20});
        ASSERT_TRUE(reader.feed(repeated("*1\r\n", depth) + ":1\r\n"));
        EXPECT_EQ(reader.next(), Next::error) << depth;
    }
}

/// Feeds `piece` until the reader gives up; false where it takes more than `most` bytes.
bool gives_up_within(ReplyReader& reader, const std::string& start, const std::string& piece,
                     std::size_t most) {
    EXPECT_TRUE(reader.feed(start));
    for (std::size_t fed = start.size(); fed <= most; fed += piece.size()) {
        if (reader.next() == Next::error) {
            return true;
        }
        EXPECT_TRUE(reader.feed(piece));
    }
    return false;
}

TEST(RedisCodecLimits, BytesOfOneReplyThatGrows) {
    const struct {
        const char* name;
        std::string start;
        std::string piece;
    } table[] = {
        {"bulk announced huge", "$2000000000\r\n", "xxxxx"},
        {"status without end", "+", "xxxxx"},
        {"error without end", "-", "xxxxx"},
        {"length without end", "$1", "11111"},
        {"elements, each of them short", "*8\r\n", "+" + std::string(52, 'x') + "\r\n"},
    };
    for (const auto& row : table) {
        ReplyReader reader(kSmall);
        EXPECT_TRUE(gives_up_within(reader, row.start, row.piece, kSmall.bytes + 60)) << row.name;
        EXPECT_EQ(reader.error(), "a reply is too long") << row.name;
    }
}

TEST(RedisCodecLimits, BytesOfOneReplyInOneFeed) {
    const std::string fits = bulk(std::string(kSmall.bytes - 8, 'x'));  // `$192`, two ends of line
    ASSERT_EQ(fits.size(), kSmall.bytes);
    ReplyReader reader(kSmall);
    ASSERT_TRUE(reader.feed(fits + fits));  // the limit is of one reply, not of what is fed
    EXPECT_EQ(reader.next(), Next::reply);
    EXPECT_EQ(reader.next(), Next::reply);
    EXPECT_EQ(reader.next(), Next::more);

    // A bulk string is discarded: redis_codec_oversize.cpp.
    reader.reset();
    ASSERT_TRUE(reader.feed("+" + std::string(198, 'x') + "\r\n"));
    EXPECT_EQ(reader.next(), Next::error);
    EXPECT_EQ(reader.error(), "a reply is too long");
}

TEST(RedisCodecLimits, DefaultBytes) {
    ReplyReader reader;
    ASSERT_TRUE(reader.feed(bulk(std::string(1'000'000, 'x'))));
    EXPECT_EQ(reader.next(), Next::reply);
    const std::string piece(16UL * 1024, 'x');
    EXPECT_TRUE(gives_up_within(reader, "$2000000000\r\n", piece, (1024UL + 32) * 1024));
}

TEST(RedisCodecLimits, Elements) {
    const struct {
        const char* name;
        std::string bytes;
        bool good;
    } table[] = {
        {"eight", "*8\r\n" + repeated(":1\r\n", 8), true},
        {"nine", "*9\r\n" + repeated(":1\r\n", 9), false},
        {"announced huge", "*2000000000\r\n", false},
        {"announced as much as int holds", "*2147483647\r\n", false},
        {"small ones, eight in all", "*2\r\n" + repeated("*3\r\n:1\r\n:1\r\n:1\r\n", 2), true},
        {"small ones, nine in all", "*3\r\n" + repeated("*2\r\n:1\r\n:1\r\n", 3), false},
        {"one more deep inside", "*4\r\n:1\r\n:1\r\n:1\r\n*1\r\n*1\r\n*3\r\n:1\r\n", false},
        {"empty ones", "*8\r\n" + repeated("*0\r\n", 8), true},
    };
    for (const auto& row : table) {
        ReplyReader reader(kSmall);
        ASSERT_TRUE(reader.feed(row.bytes));
        EXPECT_EQ(reader.next(), row.good ? Next::reply : Next::error) << row.name;
        EXPECT_EQ(reader.error(), row.good ? "" : "a reply has too many elements") << row.name;
    }
}

TEST(RedisCodecLimits, ElementsAreCountedForEachReply) {
    const std::string eight = "*8\r\n" + repeated(":1\r\n", 8);
    ReplyReader reader(kSmall);
    ASSERT_TRUE(reader.feed(eight + eight + eight));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(reader.next(), Next::reply) << i;
    }
    // Also when a reply comes in parts.
    ASSERT_TRUE(reader.feed("*4\r\n:1\r\n"));
    EXPECT_EQ(reader.next(), Next::more);
    ASSERT_TRUE(reader.feed("*5\r\n"));
    EXPECT_EQ(reader.next(), Next::error);
}

TEST(RedisCodecLimits, ResetForgetsAll) {
    for (const std::string_view before : {"garbage", "*9\r\n", "+half", "*2\r\n*3\r\n:1\r\n",
                                          "$100\r\nhalf", "+whole\r\n+second\r\n"}) {
        ReplyReader reader(kSmall);
        ASSERT_TRUE(reader.feed(before));
        reader.next();
        reader.reset();
        EXPECT_EQ(reader.error(), "") << before;
        EXPECT_EQ(reader.next(), Next::more) << before;
        ASSERT_TRUE(reader.feed("*8\r\n" + repeated(":1\r\n", 8)));
        ASSERT_EQ(reader.next(), Next::reply) << before;
        EXPECT_EQ(describe(reader.reply()), "[:1 :1 :1 :1 :1 :1 :1 :1]") << before;
    }
}

}  // namespace
}  // namespace mfa_reset::redis
