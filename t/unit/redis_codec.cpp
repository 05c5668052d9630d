// Replies that Redis sends, however the bytes are cut, and the commands that it gets.
#include <gtest/gtest.h>

#include <array>
#include <climits>
#include <string>
#include <string_view>
#include <vector>

#include "pool_like_memory.hpp"
#include "redis/protocol/codec.hpp"
#include "redis_replies.hpp"

namespace mfa_reset::redis {
namespace {

using test::array_of;
using test::bulk;
using test::describe;
using namespace std::string_literals;
using Next = ReplyReader::Next;

struct Wire {
    std::string bytes;
    std::string means;
};

std::vector<Wire> kinds_of_reply() {
    return {
        {"+OK\r\n", "+OK"},
        {"+\r\n", "+"},
        {"-ERR no such thing\r\n", "-ERR no such thing"},
        {":0\r\n", ":0"},
        {":-42\r\n", ":-42"},
        {":9223372036854775807\r\n", ":9223372036854775807"},
        {":-9223372036854775808\r\n", ":-9223372036854775808"},
        {"$-1\r\n", "_"},
        {"*-1\r\n", "_"},
        {"$0\r\n\r\n", "\"\""},
        {"$5\r\nhello\r\n", "\"hello\""},
        {bulk("\0\r\n+OK\r\n$-1\r\n\xff"s), "\"\0\r\n+OK\r\n$-1\r\n\xff\""s},
        {"*0\r\n", "[]"},
        {"*1\r\n*0\r\n", "[[]]"},
        {"*3\r\n$-1\r\n*-1\r\n$0\r\n\r\n", "[_ _ \"\"]"},
        {array_of({bulk("done"), bulk("amAdmin"), bulk("/"), bulk("")}),
         "[\"done\" \"amAdmin\" \"/\" \"\"]"},
        {array_of({":1\r\n", "+a\r\n", "-b c\r\n", array_of({":2\r\n", array_of({bulk("x")})}),
                   ":3\r\n"}),
         "[:1 +a -b c [:2 [\"x\"]] :3]"},
        // As deep as hiredis 0.14 reads.
        {"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:7\r\n", "[[[[[[[:7]]]]]]]"},
    };
}

/// What comes out of `reader` next.
std::string next(ReplyReader& reader) {
    switch (reader.next()) {
        case Next::reply: return describe(reader.reply());
        case Next::more: return "more";
        case Next::error: break;
    }
    return "error: " + std::string{reader.error()};
}

TEST(RedisCodec, WholeReplies) {
    for (const Wire& wire : kinds_of_reply()) {
        ReplyReader reader;
        ASSERT_TRUE(reader.feed(wire.bytes));
        EXPECT_EQ(next(reader), wire.means);
        EXPECT_EQ(next(reader), "more");
    }
}

TEST(RedisCodec, ByteByByte) {
    for (const Wire& wire : kinds_of_reply()) {
        ReplyReader reader;
        for (std::size_t i = 0; i < wire.bytes.size(); ++i) {
            ASSERT_EQ(next(reader), "more") << wire.means << " before byte " << i;
            // From the heap, so that the sanitizer sees who keeps the bytes that were fed.
            const std::string byte(1, wire.bytes[i]);
            ASSERT_TRUE(reader.feed(byte));
        }
        EXPECT_EQ(next(reader), wire.means);
    }
}

TEST(RedisCodec, EverySplitInTwo) {
    ReplyReader reader;
    for (const Wire& wire : kinds_of_reply()) {
        for (std::size_t cut = 0; cut <= wire.bytes.size(); ++cut) {
            ASSERT_TRUE(reader.feed(wire.bytes.substr(0, cut)));
            if (cut < wire.bytes.size()) {
                ASSERT_EQ(next(reader), "more") << wire.means << " cut at " << cut;
                ASSERT_TRUE(reader.feed(wire.bytes.substr(cut)));
            }
            ASSERT_EQ(next(reader), wire.means) << "cut at " << cut;
            ASSERT_EQ(next(reader), "more");
        }
    }
}

TEST(RedisCodec, ManyRepliesInOneFeed) {
    std::string all;
    for (int round = 0; round < 200; ++round) {
        for (const Wire& wire : kinds_of_reply()) {
            all += wire.bytes;
        }
    }
    ReplyReader reader;
    ASSERT_TRUE(reader.feed(all + "+half"));
    for (int round = 0; round < 200; ++round) {
        for (const Wire& wire : kinds_of_reply()) {
            ASSERT_EQ(next(reader), wire.means);
        }
    }
    EXPECT_EQ(next(reader), "more");
    ASSERT_TRUE(reader.feed(" done\r\n"));
    EXPECT_EQ(next(reader), "+half done");
}

TEST(RedisCodec, ReplyStaysUntilTheNext) {
    ReplyReader reader;
    ASSERT_TRUE(reader.feed(array_of({bulk("first"), array_of({":1\r\n"})})));
    ASSERT_EQ(reader.next(), Next::reply);
    const Reply& first = reader.reply();
    const std::string_view text = first.elements[0].text;
    ASSERT_TRUE(reader.feed(bulk(std::string(100'000, 'x'))));
    EXPECT_EQ(text, "first");
    EXPECT_EQ(describe(first), "[\"first\" [:1]]");
    EXPECT_EQ(next(reader).size(), 100'002U);
}

TEST(RedisCodec, CopyLivesInTheMemoryGiven) {
    test::PoolLikeMemory memory;
    Reply kept;
    {
        ReplyReader reader;
        ASSERT_TRUE(
            reader.feed(array_of({bulk("a\0b"s), "-ERR x\r\n", array_of({"$-1\r\n", ":5\r\n"})})));
        ASSERT_EQ(reader.next(), Next::reply);
        kept = copy(reader.reply(), memory);
        ASSERT_TRUE(reader.feed("+overwritten\r\n"));
        ASSERT_EQ(reader.next(), Next::reply);
    }
    EXPECT_EQ(describe(kept), "[\"a\0b\" -ERR x [_ :5]]"s);
}

TEST(RedisCodec, CopyWithoutMemoryThrows) {
    ReplyReader reader;
    ASSERT_TRUE(reader.feed(array_of({bulk("text"), array_of({bulk("more")})})));
    ASSERT_EQ(reader.next(), Next::reply);
    for (std::size_t allowed = 0; allowed < 4; ++allowed) {
        test::PoolLikeMemory memory;
        memory.fail_after(allowed);
        EXPECT_THROW(copy(reader.reply(), memory), std::bad_alloc) << allowed;
    }
    test::PoolLikeMemory enough;
    enough.fail_after(4);
    EXPECT_EQ(describe(copy(reader.reply(), enough)), "[\"text\" [\"more\"]]");
}

TEST(RedisReply, ErrorClassAndText) {
    const struct {
        Reply reply;
        std::string_view error_class;
        std::string_view string;
    } table[] = {
        {{Reply::Type::error, 0, "NOSCRIPT No matching script.", {}}, "NOSCRIPT", ""},
        {{Reply::Type::error, 0, "LOADING", {}}, "LOADING", ""},
        {{Reply::Type::error, 0, "", {}}, "", ""},
        {{Reply::Type::status, 0, "NOSCRIPT no", {}}, "", ""},
        {{Reply::Type::string, 0, "NOSCRIPT no", {}}, "", "NOSCRIPT no"},
        {{}, "", ""},
    };
    for (const auto& row : table) {
        EXPECT_EQ(row.reply.error_class(), row.error_class) << describe(row.reply);
        EXPECT_EQ(row.reply.string_or_empty(), row.string) << describe(row.reply);
    }
    const Reply ok{Reply::Type::status, 0, "OK", {}};
    EXPECT_TRUE(ok.is_status("OK"));
    EXPECT_FALSE(ok.is_status("O"));
    EXPECT_FALSE((Reply{Reply::Type::string, 0, "OK", {}}.is_status("OK")));
}

std::string wire(const std::vector<std::string_view>& arguments) {
    std::string out;
    append_command(out, arguments);
    return out;
}

std::string as_hiredis_writes(const std::vector<std::string_view>& arguments) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string_view argument : arguments) {
        texts.push_back(argument.empty() ? "" : argument.data());
        sizes.push_back(argument.size());
    }
    char* bytes = nullptr;
    const auto size = redisFormatCommandArgv(&bytes, static_cast<int>(arguments.size()),
                                             texts.data(), sizes.data());
    std::string out{bytes, static_cast<std::size_t>(size)};
    redisFreeCommand(bytes);
    return out;
}

TEST(RedisCommand, WireFormat) {
    EXPECT_EQ(wire({"PING"}), "*1\r\n$4\r\nPING\r\n");
    EXPECT_EQ(wire({"SET", "k", ""}), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n");
    EXPECT_EQ(wire({"SET", {}, {}}), "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$0\r\n\r\n");
    const std::string binary = "\0\r\n%s%b\xff"s;
    EXPECT_EQ(wire({"ECHO", binary}), array_of({bulk("ECHO"), bulk(binary)}));
}

TEST(RedisCommand, NoFormatNoOverrun) {
    // An argument is a view into something longer, without a NUL at its end.
    const std::string_view text = "GETandmore";
    EXPECT_EQ(wire({text.substr(0, 3)}), "*1\r\n$3\r\nGET\r\n");
}

TEST(RedisCommand, AppendsBehindWhatIsThere) {
    std::string out = "before";
    append_command(out, std::array<std::string_view, 1>{"PING"});
    append_command(out, std::array<std::string_view, 1>{"QUIT"});
    EXPECT_EQ(out, "before*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nQUIT\r\n");
}

TEST(RedisCommand, ByteForByteAsHiredis) {
    for (const std::size_t size : std::initializer_list<std::size_t>{
             0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 9999, 10000, 99999}) {
        const std::string value(size, '}');
        const std::vector<std::string_view> arguments{"SET", "key", value, "", "\r\n", value};
        EXPECT_EQ(wire(arguments), as_hiredis_writes(arguments)) << size;
    }
    for (const std::size_t count :
         std::initializer_list<std::size_t>{1, 2, 9, 10, 11, 99, 100, 101, 1000}) {
        const std::vector<std::string_view> arguments(count, "argument");
        EXPECT_EQ(wire(arguments), as_hiredis_writes(arguments)) << count;
    }
}

}  // namespace
}  // namespace mfa_reset::redis
