// Valid and invalid answers of a sentinel.
#include <gtest/gtest.h>

#include <string>

#include "redis/protocol/codec.hpp"
#include "redis/topology/sentinel_query.hpp"
#include "redis_replies.hpp"

namespace mfa_reset::redis {
namespace {

using test::array_of;
using test::bulk;

/// `host:port`; `unknown`; or `no: why`.
std::string read(const std::string& wire) {
    ReplyReader reader;
    EXPECT_TRUE(reader.feed(wire));
    EXPECT_EQ(reader.next(), ReplyReader::Next::reply) << wire;
    const SentinelAnswer answer = read_sentinel_answer(reader.reply());
    if (answer.master) {
        return answer.master->text();
    }
    return answer.why.empty() ? "unknown" : "no: " + answer.why;
}

std::string read(const std::string& host, const std::string& port) {
    return read(array_of({bulk(host), bulk(port)}));
}

TEST(SentinelQuery, AnAddress) {
    EXPECT_EQ(read("127.0.0.1", "6379"), "127.0.0.1:6379");
    EXPECT_EQ(read("::1", "65535"), "[::1]:65535");
    EXPECT_EQ(read("fe80::1%eth0", "1"), "[fe80::1%eth0]:1");
    EXPECT_EQ(read("redis-0.Redis_headless.svc", "7000"), "redis-0.Redis_headless.svc:7000");
    EXPECT_EQ(read(std::string(255, 'x'), "1"), std::string(255, 'x') + ":1");
}

TEST(SentinelQuery, AnUnknownName) { EXPECT_EQ(read("*-1\r\n"), "unknown"); }

TEST(SentinelQuery, AnError) { EXPECT_EQ(read("-NOPERM no\r\n"), "no: NOPERM no"); }

TEST(SentinelQuery, NoAddress) {
    constexpr const char* kNone = "no: it named no address";
    for (const char* port :
         {"0", "65536", "99999999999", "-1", "+1", " 1", "1 ", "1x", "", "0x10"}) {
        EXPECT_EQ(read("127.0.0.1", port), kNone) << port;
    }
    for (const char* host : {"", " ", "a b", "a\n", "/run/redis.sock", "unix:/x", "a,b", "a@b",
                             "[::1]", "a\xc3\xa9", "\"a\""}) {
        EXPECT_EQ(read(host, "1"), kNone) << host;
    }
    EXPECT_EQ(read(std::string("a\0b", 3), "1"), kNone);
    EXPECT_EQ(read(std::string(256, 'x'), "1"), kNone);
    for (const std::string& wire :
         {std::string{"+OK\r\n"}, std::string{":1\r\n"}, bulk("127.0.0.1:6379"),
          std::string{"*0\r\n"}, array_of({bulk("h")}), array_of({bulk("h"), bulk("1"), bulk("2")}),
          array_of({bulk("h"), ":6379\r\n"}), array_of({"+h\r\n", bulk("1")}),
          array_of({"$-1\r\n", "$-1\r\n"}),
          array_of({array_of({bulk("h"), bulk("1")}), bulk("1")})}) {
        EXPECT_EQ(read(wire), kNone) << wire;
    }
}

}  // namespace
}  // namespace mfa_reset::redis
