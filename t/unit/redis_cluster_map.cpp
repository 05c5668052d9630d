// What a node says of its cluster: maps and redirections, good and hostile.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/protocol/codec.hpp"
#include "redis/topology/cluster_map.hpp"
#include "redis_cluster_world.hpp"
#include "redis_replies.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::literals;
using test::array_of;
using test::bulk;
using test::Words;

const Address kAsked{.host = "10.0.0.1", .port = 7000, .unix_path = {}};
constexpr std::uint16_t kNoOwner = ClusterMap::kNoOwner;

std::string integer(long long number) { return ":" + std::to_string(number) + "\r\n"; }
std::string node(const std::string& host, int port) {
    return array_of({host, integer(port), bulk("id"), array_of({})});
}
std::string range(int first, int last, const std::string& master) {
    return array_of({integer(first), integer(last), master, node(bulk("10.0.0.9"), 7009)});
}

std::optional<ClusterMap> parse(const std::string& wire) {
    ReplyReader reader({.bytes = 8UL * 1024 * 1024, .elements = 512UL * 1024});
    EXPECT_TRUE(reader.feed(wire));
    EXPECT_EQ(reader.next(), ReplyReader::Next::reply) << reader.error();
    return parse_cluster_slots(reader.reply(), kAsked);
}

TEST(RedisClusterMap, RangesOfMasters) {
    const auto map = parse(array_of({range(0, 5460, node(bulk("10.0.0.2"), 7001)),
                                     range(5461, 5461, node(bulk("name.example"), 7002)),
                                     range(5470, 16383, node(bulk("10.0.0.2"), 7001))}));
    ASSERT_TRUE(map);
    ASSERT_EQ(map->masters.size(), 2U);
    EXPECT_EQ(map->masters[0].text(), "10.0.0.2:7001");
    EXPECT_EQ(map->masters[1].text(), "name.example:7002");
    EXPECT_EQ(map->owners[0], 0);
    EXPECT_EQ(map->owners[5460], 0);
    EXPECT_EQ(map->owners[5461], 1);
    EXPECT_EQ(map->owners[5462], kNoOwner);
    EXPECT_EQ(map->owners[5469], kNoOwner);
    EXPECT_EQ(map->owners[16383], 0);
}

TEST(RedisClusterMap, WithoutAHostItIsTheOneThatWasAsked) {
    for (const std::string& host : {bulk(""), "$-1\r\n"s}) {
        const auto map = parse(array_of({range(0, 16383, node(host, 7001))}));
        ASSERT_TRUE(map) << host;
        EXPECT_EQ(map->masters[0].text(), "10.0.0.1:7001");
    }
}

std::string node_with(const std::string& host, const Words& pairs, int port = 7001) {
    return array_of({bulk(host), integer(port), bulk("07c37df"), test::metadata(pairs)});
}

TEST(RedisClusterMap, AMasterWithoutAHostnameIsReachedByTheIpOfItsMetadata) {
    const struct {
        std::string master;
        std::string_view address;
    } table[] = {
        {node_with("?", {"ip", "10.0.0.7"}), "10.0.0.7:7001"},
        {node_with("?", {"shard", "1", "ip", "10.0.0.7", "hostname", "h"}), "10.0.0.7:7001"},
        {node_with("?", {"ip", "2001:db8::1"}), "[2001:db8::1]:7001"},
        {node_with("?", {"ip", ""}), "10.0.0.1:7001"},
        {node_with("?", {"hostname", "node.example"}), "node.example:7001"},
        {node_with("?", {"ip", "?", "hostname", "node.example"}), "node.example:7001"},
        {node_with("10.0.0.2", {"ip", "10.0.0.7"}), "10.0.0.2:7001"},
        {node_with("", {"ip", "10.0.0.7"}), "10.0.0.1:7001"},
    };
    for (const auto& row : table) {
        const auto map = parse(array_of({range(0, 16383, row.master)}));
        ASSERT_TRUE(map) << row.master;
        ASSERT_EQ(map->masters.size(), 1U) << row.master;
        EXPECT_EQ(map->masters[0].text(), row.address);
        EXPECT_EQ(map->owners[16383], 0);
        EXPECT_TRUE(map->unreachable.empty()) << row.master;
        const bool unnamed = row.master.find("?") != std::string::npos;
        EXPECT_EQ(map->unnamed.size(), unnamed ? 1U : 0U) << row.master;
    }
}

TEST(RedisClusterMap, AMasterWithoutAnAddressIsReportedAsAnnounced) {
    const struct {
        std::string master;
        std::string told;
    } table[] = {
        {node_with("?", {}), "?:7001 (07c37df)"},
        {node_with("?", {"ip"}), "?:7001 (07c37df)"},
        {node_with("?", {"ip", "?"}), "?:7001 (07c37df)"},
        {node_with("?", {"hostname", ""}), "?:7001 (07c37df)"},
        {node_with("h", {"ip", "10.0.0.7"}, 0), "h:0 (07c37df)"},
        {node_with(std::string(300, 'a'), {}), std::string(64, 'a') + ":7001 (07c37df)"},
        {array_of({bulk("?"), integer(7001)}), "?:7001"},
        {integer(3), ""},
    };
    for (const auto& row : table) {
        const auto map = parse(array_of({range(0, 9, row.master), range(10, 19, row.master)}));
        ASSERT_TRUE(map) << row.master;
        EXPECT_TRUE(map->masters.empty()) << row.master;
        EXPECT_EQ(map->unreachable, std::vector<std::string>{row.told});
    }
}

TEST(RedisClusterMap, AMasterWithoutAnAddressHasNothing) {
    for (const std::string& bad :
         {node(bulk("?"), 7001), node(bulk("a b"), 7001), node(bulk("a\nb"), 7001),
          node(bulk(std::string(256, 'a')), 7001), node(bulk("10.0.0.2"), 0),
          node(bulk("10.0.0.2"), 65536), node(integer(7), 7001), array_of({bulk("10.0.0.2")}),
          integer(3)}) {
        const auto map =
            parse(array_of({range(0, 9, bad), range(10, 19, node(bulk("10.0.0.2"), 7001))}));
        ASSERT_TRUE(map) << bad;
        EXPECT_EQ(map->masters.size(), 1U) << bad;
        EXPECT_EQ(map->owners[9], kNoOwner) << bad;
        EXPECT_EQ(map->owners[10], 0) << bad;
        EXPECT_EQ(map->unreachable.size(), 1U) << bad;
    }
}

TEST(RedisClusterMap, InvalidMaps) {
    const std::string good = node(bulk("10.0.0.2"), 7001);
    for (const std::string& bad :
         {"+OK\r\n"s, "*-1\r\n"s, array_of({}), array_of({integer(1)}),
          array_of({array_of({integer(0), integer(1)})}), array_of({range(-1, 5, good)}),
          array_of({range(5, 4, good)}), array_of({range(0, 16384, good)}),
          array_of({range(0, 5, good), range(0, 99999999, good)}),
          array_of({array_of({bulk("0"), integer(1), good})}),
          array_of({array_of({integer(0), bulk("1"), good})})}) {
        EXPECT_FALSE(parse(bad)) << bad;
    }
}

TEST(RedisClusterMap, AsManyMastersAsThereMayBe) {
    std::string wire = "*300\r\n";
    for (int i = 0; i < 300; ++i) {
        wire += range(i, i, node(bulk("10.0.0.2"), 1000 + i));
    }
    const auto map = parse(wire);
    ASSERT_TRUE(map);
    EXPECT_EQ(map->masters.size(), 256U);
    EXPECT_EQ(map->owners[255], 255);
    EXPECT_EQ(map->owners[256], kNoOwner);
    EXPECT_EQ(map->owners[299], kNoOwner);
}

TEST(RedisClusterMap, EverySlotInAPieceOfItsOwnWithTwoReplicas) {
    std::string wire = "*16384\r\n";
    for (int i = 0; i < kSlots; ++i) {
        const auto whole = [i](int port) {
            return array_of({bulk("2001:db8:85a3:8d3:1319:8a2e:370:7348"), integer(port + i % 200),
                             bulk(std::string(40, 'f')),
                             array_of({bulk("hostname"), bulk("h.example")})});
        };
        wire += array_of({integer(i), integer(i), whole(7000), whole(8000), whole(9000)});
    }
    const auto map = parse(wire);
    ASSERT_TRUE(map);
    EXPECT_EQ(map->masters.size(), 200U);
    EXPECT_EQ(map->owners[16383], 16383 % 200);
}

std::string redirect(std::string_view error) {
    const auto address = parse_redirect(error, kAsked);
    return address ? address->text() : "none";
}

TEST(RedisClusterMap, Redirections) {
    EXPECT_EQ(redirect("MOVED 3999 127.0.0.1:6381"), "127.0.0.1:6381");
    EXPECT_EQ(redirect("ASK 3999 127.0.0.1:6381"), "127.0.0.1:6381");
    EXPECT_EQ(redirect("MOVED 3999 :6381"), "10.0.0.1:6381") << "the host that was asked";
    EXPECT_EQ(redirect("MOVED 3999 2001:db8::1:6381"), "[2001:db8::1]:6381");
    EXPECT_EQ(redirect("MOVED 3999 ?:6381"), "?:6381") << "the map tells which";
    EXPECT_EQ(redirect("MOVED 3999 node.example:6381"), "node.example:6381");
    for (const std::string_view bad :
         {"MOVED"sv, "MOVED "sv, "MOVED 3999"sv, "MOVED 3999 ?:0"sv, "MOVED 3999 ??:6381"sv,
          "MOVED 3999 h:"sv, "MOVED 3999 h:0"sv, "MOVED 3999 h:65536"sv, "MOVED 3999 h:63x"sv,
          "MOVED 3999 h:-1"sv, "MOVED 39:99 h"sv, "MOVED 3999 h\n:1"sv,
          "MOVED 3999 h:99999999999999999999"sv}) {
        EXPECT_EQ(redirect(bad), "none") << bad;
    }
}

}  // namespace
}  // namespace mfa_reset::redis
