// Nodes of a cluster that are announced without a hostname, as `?`, and without any address.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redis_cluster_world.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::array_of;
using test::bulk;
using test::ClusterWorld;
using test::Words;
using Commands = std::vector<Words>;
using Events = std::vector<std::string>;

std::string integer(int number) { return ":" + std::to_string(number) + "\r\n"; }

/// A third of the slots for each of the seeds. `host` is what 7002 is announced as, which has
/// `foo`; `ip` is in its metadata.
std::string map_with(const std::string& host, const Words& ip, int port = 7002) {
    const auto range = [](int first, int last, const std::string& node) {
        return array_of({integer(first), integer(last), node});
    };
    return array_of(
        {range(0, 5460, array_of({bulk("h"), integer(7000)})),
         range(5461, 10922, array_of({bulk("h"), integer(7001)})),
         range(10923, 16383,
               array_of({bulk(host), integer(port), bulk("07c37df"), test::metadata(ip)}))});
}

class Unnamed : public testing::Test {
protected:
    /// All up, and the map is known.
    void ready(const std::string& map) {
        for (const int port : {7000, 7001, 7002}) {
            world.greet(port);
        }
        world.turn();
        ASSERT_TRUE(world.answer_question(map));
    }

    ClusterWorld world;
};

TEST_F(Unnamed, ANodeIsReachedByItsIp) {
    ready(map_with("?", {"ip", "h"}));
    const auto asking = world.ask("foo", true);
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "foo"}}));
    EXPECT_EQ(world.events, Events{});
}

TEST_F(Unnamed, ANodeThatIsMeantByARedirectionIsTheOneWithThatPort) {
    ready(map_with("?", {"ip", "h"}));
    const auto asked = world.ask("x{bar}", true);
    world.sent(7000);
    world.reply(7000, "-ASK 5061 ?:7002\r\n");
    EXPECT_EQ(world.sent(7002), Commands({{"ASKING"}, {"SET", "x{bar}"}}));
    const auto moved = world.ask("bar", true);
    world.sent(7000);
    world.reply(7000, "-MOVED 5061 ?:7002\r\n");
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "bar"}}));
}

TEST_F(Unnamed, ARedirectionToOneThatIsNotKnownWaitsForTheMap) {
    ready(ClusterWorld::thirds());
    world.advance(1s);
    const auto moved = world.ask("bar", true);
    world.sent(7000);
    world.reply(7000, "-MOVED 5061 ?:7003\r\n");
    EXPECT_EQ(moved->result(), "waits");
    world.turn();
    EXPECT_TRUE(world.answer_question(
        ClusterWorld::map({{0, 5460, 7002}, {5461, 10922, 7001}, {10923, 16383, 7002}})));
    world.advance(25ms);
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "bar"}}));
}

TEST_F(Unnamed, OneOfSeveralWithTheSamePortIsNotGuessed) {
    const auto node = [](const std::string& ip) {
        return array_of({bulk("?"), integer(7000), bulk("id"), test::metadata({"ip", ip})});
    };
    ready(array_of({array_of({integer(0), integer(5460), node("h")}),
                    array_of({integer(5461), integer(16383), node("other")})}));
    const auto asking = world.ask("bar", true, 50ms);
    world.sent(7000);
    world.reply(7000, "-ASK 5061 ?:7000\r\n");
    EXPECT_EQ(asking->result(), "waits");
    world.advance(24ms);
    EXPECT_EQ(asking->result(), "waits") << "and is tried again where the map has it";
}

TEST_F(Unnamed, ANodeWithoutAnAddressIsReportedOnce) {
    ready(map_with("?", {}));
    const Events once{"unreachable: ?:7002 (07c37df)"};
    EXPECT_EQ(world.events, once);
    for (int i = 0; i < 5; ++i) {
        const auto asking = world.ask("foo", true);
        world.advance(100ms);
        world.answer_question(map_with("?", {}));
    }
    EXPECT_EQ(world.events, once);
}

TEST_F(Unnamed, AMapOfSuchNodesAloneIsReportedAndAnotherNodeAsked) {
    const std::string map = array_of(
        {array_of({integer(0), integer(16383), array_of({bulk("h"), integer(0), bulk("id")})})});
    ready(map);
    EXPECT_EQ(world.events, Events{"unreachable: h:0 (id)"});
    world.advance(100ms);
    EXPECT_TRUE(world.answer_question(ClusterWorld::thirds()));
    const auto asking = world.ask("foo", true);
    EXPECT_EQ(world.sent(7002), Commands({{"SET", "foo"}}));
}

}  // namespace
}  // namespace mfa_reset::redis
