// Waiting for replicas on a server that is no master, in a cluster that moves slots, and on a
// connection that cannot be made.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "redis_replication_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;
using redis::ConnectionIds;

TEST_F(RedisReplication, AServerThatIsNoMasterAnyMoreIsLeft) {
    world.ready();
    world.advance(2s);
    const auto waiting = wait("a");
    sent();
    reply(kReadonly);
    EXPECT_EQ(waiting->result(), kRefused);
    EXPECT_EQ(connection_ids().replication, 0U) << "nothing is to be done that it cannot vouch for";
    reply("-ERR WAIT cannot be used with replica instances\r\n");
    const auto probe = ask_connection_id();
    EXPECT_EQ(sent(), Commands{});
    world.advance(0ms);
    ASSERT_EQ(world.transport(kReplication).connects, 2) << "behind the name is another server";
    world.greet(kReplication);
    EXPECT_EQ(sent(), Commands({{"SET", "probe"}}));
    reply("+OK\r\n");
    EXPECT_EQ(probe->turn().outcome().connection_id, connection_ids().replication);
    const auto later = wait("b");
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(later->result(), "ok");
}

TEST_F(RedisReplication, AServerThatIsNoMasterIsLeftOnceASecond) {
    world.ready();
    for (int i = 0; i < 5; ++i) {
        const auto probe = ask_connection_id();
        sent();
        reply(kReadonly);
        EXPECT_EQ(probe->turn().result(), "-READONLY a replica");
        EXPECT_EQ(connection_ids().replication, 0U);
        world.advance(250ms);
        EXPECT_EQ(world.transport(kReplication).connects, i < 4 ? 1 : 2) << i;
    }
}

TEST_F(RedisReplication, AProbeIsValidIfTheServerIsAMasterAgain) {
    world.ready();
    const auto first = wait("a");
    sent();
    reply(kReadonly);
    reply(":0\r\n");
    const auto probe = ask_connection_id();
    sent();
    reply("+OK\r\n");
    ConnectionIds both = connection_ids();
    both.replication = probe->turn().outcome().connection_id;
    Waiting second(*world.client, "b", both, world.clock + 1s);
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(second.result(), "ok");
    EXPECT_EQ(connection_ids().replication, both.replication);
}

TEST_F(RedisReplication, IsLeftTogetherWithTheOthers) {
    world.ready();
    world.advance(2s);
    const auto waiting = wait("a");
    sent();
    const auto command = world.ask({"SET", "x"}, true);
    world.flush();
    world.connection().received(kReadonly);
    EXPECT_EQ(connection_ids().replication, 0U);
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(waiting->result(), "ok") << "the pair that is under way is heard out";
    world.advance(0ms);
    EXPECT_EQ(world.transport(kReplication).connects, 2);
}

TEST_F(RedisReplication, ASlotBeingMovedAffectsNoOtherSlot) {
    for (const char* error : {"-ASK 1 h:7001\r\n", "-MOVED 1 h:7001\r\n", "-TRYAGAIN later\r\n"}) {
        World fresh(two_replicas());
        fresh.ready();
        const ConnectionIds both{.command = fresh.connection(0).id(),
                                 .replication = fresh.client->replication("k")->connection_id()};
        Waiting first(*fresh.client, "{a}1", both, fresh.clock + 1s);
        Waiting other(*fresh.client, "{b}1", both, fresh.clock + 1s);
        Waiting second(*fresh.client, "{a}2", both, fresh.clock + 1s);
        EXPECT_EQ(commands(fresh.flush(kReplication)), pair("{a}1"));
        Waiting later(*fresh.client, "{c}1", both, fresh.clock + 1s);
        fresh.connection(kReplication).received(error);
        fresh.connection(kReplication).received(":2\r\n");
        EXPECT_EQ(first.result(), kRefused) << error;
        EXPECT_EQ(second.result(), kRefused) << error;
        EXPECT_EQ(other.result(), "waits") << error;
        fresh.ring();
        EXPECT_EQ(commands(fresh.flush(kReplication)), pair("{b}1"));
        fresh.connection(kReplication).received("+OK\r\n:2\r\n");
        EXPECT_EQ(other.result(), "ok") << error;
        EXPECT_EQ(later.result(), "ok") << error;
    }
}

TEST_F(RedisReplication, ItsConnectionIsNoSecret) {
    using Lost = std::vector<std::string>;
    world.client->start();
    world.close(kReplication, "refused");
    EXPECT_EQ(world.lost, Lost{}) << "nobody knows yet how the server is";
    world.greet(0);
    for (int i = 0; i < 3; ++i) {
        world.advance(600ms);
        world.close(kReplication, "refused");
    }
    EXPECT_EQ(world.lost, Lost{"refused"}) << "once until it is there";
    world.advance(600ms);
    world.greet(kReplication);
    world.close(kReplication);
    EXPECT_EQ(world.lost, Lost({"refused", "closed"}));
    world.advance(600ms);
    world.close(kReplication, "refused");
    EXPECT_EQ(world.lost, Lost({"refused", "closed", "refused"}));
    EXPECT_EQ(world.events, Lost{});
}

}  // namespace
}  // namespace mfa_reset::test
