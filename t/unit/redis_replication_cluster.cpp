// Waiting for replicas in a cluster: on which server, while it is not known, down or changing.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "redis_cluster_world.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::Asking;
using test::ClusterWorld;
using test::Words;
using Commands = std::vector<Words>;

Settings one_replica() {
    Settings settings = ClusterWorld::three_seeds();
    settings.wait = {.replicas = 1, .timeout = 100ms};
    return settings;
}

class RedisReplicationCluster : public testing::Test {
protected:
    /// The node's connection for waiting: its second one.
    Connection& waiting(int port) {
        Connection* found = nullptr;
        for (const ClusterWorld::Link* link : world.links) {
            if (link->address.port == port) {
                found = &link->connection;
            }
        }
        return *found;
    }
    Commands sent(int port) {
        std::string bytes;
        Connection& connection = waiting(port);
        for (auto out = connection.output(); !out.empty(); out = connection.output()) {
            bytes += out;
            connection.sent(out.size());
        }
        return test::commands(bytes);
    }
    void greet(int port) {
        waiting(port).opened();
        for (std::size_t count = sent(port).size(); count > 0; --count) {
            waiting(port).received("+OK\r\n");
        }
        ASSERT_EQ(waiting(port).state(), Connection::State::ready);
    }
    void greet_all() {
        for (const int port : {7000, 7001, 7002}) {
            greet(port);
        }
    }
    /// For a key of 7002's.
    std::unique_ptr<Asking> ask_connection_id() {
        return std::make_unique<Asking>(
            *world.client, Words{"SET", "probe"},
            CommandOptions{.deadline = world.clock + 250ms, .key = "foo", .via_replication = true});
    }
    std::uint64_t connection_id() { return world.client->replication("foo")->connection_id(); }

    const Commands probe{{"SET", "probe"}};
    ClusterWorld world{one_replica()};
};

TEST_F(RedisReplicationCluster, UntilTheMapIsKnownTheRequestWaits) {
    EXPECT_EQ(world.client->replication("foo"), nullptr);
    const auto asking = ask_connection_id();
    EXPECT_EQ(asking->result(), "waits");
    world.ready();
    greet_all();
    for (const int port : {7000, 7001}) {  // whichever it was that was up
        if (sent(port) == probe) {
            waiting(port).received("-MOVED 12182 h:7002\r\n");
        }
    }
    EXPECT_EQ(sent(7002), probe);
    waiting(7002).received("+OK\r\n");
    EXPECT_EQ(asking->turn().outcome().connection_id, connection_id());
    EXPECT_NE(connection_id(), 0U);
}

TEST_F(RedisReplicationCluster, NoCommandWaitsForAServerThatIsDown) {
    world.ready();
    const auto early = ask_connection_id();
    world.close(7002);
    world.advance(60ms);
    EXPECT_EQ(early->turn().result(), "waits");
    world.close(7002, "refused");
    EXPECT_EQ(early->turn().result(), "unavailable: Redis is down");
    EXPECT_EQ(ask_connection_id()->result(), "unavailable: Redis is down");
}

TEST_F(RedisReplicationCluster, TheServerThatHasTheSlotWhenItHasMoved) {
    world.ready();
    greet_all();
    const auto asking = ask_connection_id();
    EXPECT_EQ(sent(7002), probe);
    waiting(7002).received("-ASK 12182 h:7001\r\n");
    EXPECT_EQ(sent(7001), Commands{}) << "who waits there is not asked for this key yet";
    world.advance(25ms);
    EXPECT_EQ(sent(7002), probe);
    waiting(7002).received("-MOVED 12182 h:7001\r\n");
    EXPECT_EQ(sent(7001), probe);
    waiting(7001).received("+OK\r\n");
    EXPECT_EQ(asking->turn().outcome().connection_id, connection_id());
    EXPECT_EQ(connection_id(), waiting(7001).id());
}

}  // namespace
}  // namespace mfa_reset::redis
