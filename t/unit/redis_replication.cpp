// Waiting for replicas: which commands share a probe, and what makes it invalid.
#include <gtest/gtest.h>

#include <coroutine>
#include <string_view>

#include "redis_replication_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;
using redis::ConnectionIds;
using redis::Replicated;
using redis::Settings;

TEST_F(RedisReplication, OffUnlessAskedFor) {
    World without(World::one_connection());
    without.ready();
    EXPECT_EQ(without.client->replication("k"), nullptr);
    EXPECT_EQ(without.transports.size(), 1U) << "no connection for it";
}

TEST_F(RedisReplication, OneProbeIsValidForAllEarlierReplies) {
    world.ready();
    const auto a = wait("a");
    const auto b = wait("b");
    EXPECT_EQ(sent(), pair("a"));
    const auto c = wait("c");
    const auto d = wait("d");
    EXPECT_EQ(sent(), Commands{}) << "one pair at a time";
    reply("+OK\r\n");
    EXPECT_EQ(a->result(), "waits");
    reply(":2\r\n");
    EXPECT_EQ(a->result(), "ok");
    EXPECT_EQ(b->result(), "ok");
    EXPECT_EQ(c->result(), "waits") << "its write may be behind that pair";
    world.ring();
    EXPECT_EQ(sent(), pair("c"));
    reply("+OK\r\n:3\r\n");
    EXPECT_EQ(c->result(), "ok");
    EXPECT_EQ(d->result(), "ok");
    EXPECT_EQ(waiters(), 0U);
    world.ring();
    EXPECT_EQ(sent(), Commands{});
}

TEST_F(RedisReplication, WaitersAreServedInOrder) {
    world.ready();
    const auto a = wait("a");
    sent();
    const auto b = wait("b");
    reply("+OK\r\n:2\r\n");
    const auto c = wait("c");
    EXPECT_EQ(sent(), Commands{}) << "the next pair is b's";
    world.ring();
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(b->result(), "ok");
    EXPECT_EQ(c->result(), "ok");
}

TEST_F(RedisReplication, TooFewOrRefused) {
    const struct {
        const char* replies;
        const char* why;
    } table[] = {
        {"+OK\r\n:1\r\n", kTooFew},
        {"+OK\r\n:0\r\n", kTooFew},
        {"+OK\r\n-UNBLOCKED force unblock from blocking operation\r\n", kTooFew},
        {"+OK\r\n$1\r\n2\r\n", kTooFew},
        {"-READONLY You can't write against a read only replica.\r\n:2\r\n", kRefused},
        {":1\r\n:2\r\n", kRefused},
    };
    for (const auto& row : table) {
        World fresh(two_replicas());
        fresh.ready();
        const ConnectionIds both{.command = fresh.connection(0).id(),
                                 .replication = fresh.client->replication("k")->connection_id()};
        Waiting waiting(*fresh.client, "a", both, fresh.clock + 1s);
        fresh.flush(kReplication);
        fresh.connection(kReplication).received(row.replies);
        EXPECT_EQ(waiting.result(), row.why) << row.replies;
        EXPECT_EQ(fresh.client->replication("k")->waiters(), 0U);
    }
}

TEST_F(RedisReplication, EitherConnectionLost) {
    for (const std::size_t lost : {std::size_t{0}, kReplication}) {
        World fresh(two_replicas());
        fresh.ready();
        const ConnectionIds both{.command = fresh.connection(0).id(),
                                 .replication = fresh.client->replication("k")->connection_id()};
        Waiting waiting(*fresh.client, "a", both, fresh.clock + 1s);
        fresh.flush(kReplication);
        fresh.advance(2ms);
        fresh.close(lost);
        fresh.advance(60ms);
        fresh.greet(lost);
        if (lost == 0) {
            EXPECT_EQ(waiting.result(), "waits");
            fresh.connection(kReplication).received("+OK\r\n:2\r\n");
        }
        EXPECT_EQ(waiting.result(), lost == 0 ? kLost : "the connection to Redis was lost");
    }
}

TEST_F(RedisReplication, AProbeOnALaterConnectionIsNotValid) {
    world.ready();
    const ConnectionIds before = connection_ids();
    for (const std::size_t lost : {std::size_t{0}, kReplication}) {
        world.close(lost);
        world.advance(60ms);
        world.greet(lost);
        Waiting waiting(*world.client, "a", before, world.clock + 1s);
        EXPECT_EQ(sent(), Commands{});
        EXPECT_EQ(waiting.result(), kLost);
    }
    const auto good = wait("b");
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(good->result(), "ok");
}

TEST_F(RedisReplication, EndsByTheDeadline) {
    world.ready();
    const auto first = wait("a", 80ms);
    sent();
    const auto second = wait("b", 50ms);
    EXPECT_TRUE(world.alarms.front()->awaited) << "a worker that ends waits for it";
    world.advance(50ms);
    EXPECT_EQ(first->result(), "waits");
    EXPECT_EQ(second->result(), kTooFew);
    world.advance(30ms);
    EXPECT_EQ(first->result(), kTooFew);
    EXPECT_FALSE(world.alarms.front()->awaited);
    const auto third = wait("c");
    EXPECT_EQ(sent(), pair("c"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(third->result(), "waits") << "that is the pair of those who were given up";
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(third->result(), "ok");
}

TEST_F(RedisReplication, ASilentServerEndsTheProbe) {
    world.ready();
    const auto first = wait("a", 10s);
    sent();
    const auto second = wait("b", 10s);
    world.advance(349ms);
    EXPECT_EQ(first->result(), "waits");
    world.advance(1ms);  // the pair's own: timeout= and mfa_reset_redis_timeout
    EXPECT_EQ(first->result(), "Redis did not answer in time");
    EXPECT_EQ(second->result(), "waits");
    world.advance(0ms);
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(second->result(), "waits") << "these are the late replies";
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(second->result(), "ok");
}

TEST_F(RedisReplication, WaitersCountAsPending) {
    Settings settings = two_replicas();
    settings.max_pending = 4;
    World fresh(settings);
    fresh.ready();
    const ConnectionIds both{.command = fresh.connection(0).id(),
                             .replication = fresh.client->replication("k")->connection_id()};
    Waiting first(*fresh.client, "a", both, fresh.clock + 1s);
    EXPECT_EQ(fresh.client->pending(), 3U) << "a pair is two commands";
    Waiting second(*fresh.client, "b", both, fresh.clock + 1s);
    EXPECT_EQ(fresh.ask({"GET", "x"})->result(), "unavailable: too many commands wait for Redis");
    Waiting third(*fresh.client, "c", both, fresh.clock + 1s);
    fresh.flush(kReplication);
    fresh.connection(kReplication).received("+OK\r\n:2\r\n");
    EXPECT_EQ(third.result(), "ok") << "what was done is never refused";
    EXPECT_EQ(fresh.client->pending(), 0U);
}

TEST_F(RedisReplication, AWaiterThatLeavesIsForgotten) {
    world.ready();
    const auto a = wait("a");
    const auto b = wait("b");
    a->leave();
    EXPECT_EQ(sent(), pair("a")) << "the key is copied";
    const auto c = wait("c");
    c->leave();
    b->leave();
    EXPECT_EQ(waiters(), 0U);
    EXPECT_FALSE(world.alarms.front()->awaited);
    reply("+OK\r\n:2\r\n");
    world.ring();
    EXPECT_EQ(sent(), Commands{});
}

#if !defined(__SANITIZE_ADDRESS__)
#define MFA_RESET_HUGE_ALLOCATION_FAILS 1
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#undef MFA_RESET_HUGE_ALLOCATION_FAILS  // it ends the program there
#endif
#endif
#endif
#if defined(MFA_RESET_HUGE_ALLOCATION_FAILS)
TEST_F(RedisReplication, WithoutMemoryItEndsAtOnce) {
    struct Posts final : Scheduler {
        void resume_later(std::coroutine_handle<> /*waiting*/) noexcept override { ++count; }
        int count = 0;
    } posts;
    world.ready();
    const std::string_view huge{"a", std::size_t{1} << 62U};  // its copy cannot be made
    Replicated replicated(*world.client, huge, connection_ids(), world.clock + 1s, posts);
    replicated.await_suspend(std::noop_coroutine());
    EXPECT_EQ(posts.count, 1);
    EXPECT_EQ(replicated.await_resume(), "no memory");
    EXPECT_EQ(waiters(), 0U);
    const auto later = wait("b");
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(later->result(), "ok");
}
#endif

}  // namespace
}  // namespace mfa_reset::test
