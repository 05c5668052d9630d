// Slots of keys: the vectors of the Redis Cluster specification, and what CLUSTER KEYSLOT says.
#include <gtest/gtest.h>

#include <string_view>
#include <utility>

#include "redis/protocol/slot.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::literals;

TEST(RedisSlot, CrcIsXmodem) {
    EXPECT_EQ(crc16("123456789"), 0x31C3) << "the specification's own example";
    EXPECT_EQ(crc16(""), 0);
    EXPECT_EQ(crc16("\xff"), 0x1EF0) << "bytes have no sign";
    EXPECT_EQ(crc16("A"), 0x58E5);
}

TEST(RedisSlot, AsClusterKeyslotSays) {
    constexpr std::pair<std::string_view, int> kSlotsOf[] = {
        {"foo", 12182}, {"bar", 5061}, {"hello", 866}, {"somekey", 11058}, {"", 0}, {"x", 16287},
    };
    for (const auto& [key, slot] : kSlotsOf) {
        EXPECT_EQ(key_slot(key), slot) << key;
    }
}

TEST(RedisSlot, HashTags) {
    EXPECT_EQ(hash_tag("{user1000}.following"), "user1000");
    EXPECT_EQ(hash_tag("foo{}{bar}"), "foo{}{bar}") << "nothing between the first braces";
    EXPECT_EQ(hash_tag("foo{{bar}}zap"), "{bar") << "the first { and the first } after it";
    EXPECT_EQ(hash_tag("foo{bar}{zap}"), "bar");
    EXPECT_EQ(hash_tag("foo{bar"), "foo{bar");
    EXPECT_EQ(hash_tag("}foo{bar}"), "bar");
    EXPECT_EQ(hash_tag("{}"), "{}");
    EXPECT_EQ(hash_tag(""), "");
    EXPECT_EQ(hash_tag("\0{\0}"sv), "\0"sv);
}

TEST(RedisSlot, AllOfOneUserLiesInOne) {
    EXPECT_EQ(key_slot("mfa:{/alpha/demo}"), key_slot("mfa:{/alpha/demo}:events"));
    EXPECT_EQ(key_slot("mfa:{/alpha/demo}"), key_slot("/alpha/demo"));
    EXPECT_NE(key_slot("mfa:{/alpha/demo}"), key_slot("mfa:{/alpha/demo2}"));
}

}  // namespace
}  // namespace mfa_reset::redis
