// Waiting for replicas: who shares a pair of a write and WAIT, and what breaks the promise.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "redis/client.hpp"
#include "redis_fakes.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::Asking;
using test::commands;
using test::Words;
using test::World;
using Commands = std::vector<Words>;

constexpr std::size_t kReplication = 1;  // its transport, behind the one of commands
constexpr const char* kLost = "a connection to Redis was lost while replicas were waited for";
constexpr const char* kRefused = "Redis refused what replicas are waited for with";
constexpr const char* kReadonly = "-READONLY a replica\r\n";
constexpr const char* kTooFew = "too few replicas have it in time";

Settings two_replicas() {
    Settings settings = World::one_connection();
    settings.wait = {.replicas = 2, .timeout = 100ms};
    return settings;
}

/// One request whose command was answered, and which waits for replicas now.
class Waiting final : public Scheduler {
public:
    Waiting(Client& client, std::string key, Passages passages, Milliseconds deadline)
        : key_(std::move(key)), task_(wait(*this, client, passages, deadline)) {
        task_.frame().resume();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() = default;

    Memory& memory() { return memory_; }
    void resume_later(std::coroutine_handle<> waiting) noexcept override {
        EXPECT_FALSE(waiting_) << "posted twice";
        waiting_ = waiting;
    }
    /// `ok`, why not, or `waits`.
    std::string result() {
        if (waiting_) {
            std::exchange(waiting_, nullptr).resume();
        }
        if (!task_.frame().done()) {
            return "waits";
        }
        return why_.empty() ? "ok" : why_;
    }
    void leave() { task_ = {}; }

private:
    static Task<bool> wait(Waiting& self, Client& client, Passages passages,
                           Milliseconds deadline) {
        Replicated replicated(client, self.key_, passages, deadline, self);
        self.why_ = co_await replicated;
        co_return true;
    }

    test::PoolLikeMemory memory_;
    std::string key_;
    std::string why_;
    std::coroutine_handle<> waiting_;
    Task<bool> task_;  // the last, so that it goes first
};

class RedisReplication : public testing::Test {
protected:
    Passages passages() {
        return {.command = world.connection(0).passage(),
                .replication = world.client->replication("k")->passage()};
    }
    std::unique_ptr<Waiting> wait(const std::string& key, Milliseconds limit = 1s) {
        return std::make_unique<Waiting>(*world.client, key, passages(), world.clock + limit);
    }
    /// A request that wants to know the passage before it does anything.
    std::unique_ptr<Asking> ask_passage(Milliseconds limit = 1s) {
        return std::make_unique<Asking>(
            *world.client, Words{"SET", "probe"},
            CommandOptions{.deadline = world.clock + limit, .key = "k", .vouching = true});
    }
    Commands sent() { return commands(world.flush(kReplication)); }
    void reply(std::string_view bytes) { world.connection(kReplication).received(bytes); }
    std::size_t waiters() { return world.client->replication("k")->waiters(); }

    static Commands pair(const std::string& key) {
        return {{"SET", key, "1", "EX", "60"}, {"WAIT", "2", "100"}};
    }

    World world{two_replicas()};
};

TEST_F(RedisReplication, OffUnlessAskedFor) {
    World without(World::one_connection());
    without.ready();
    EXPECT_EQ(without.client->replication("k"), nullptr);
    EXPECT_EQ(without.transports.size(), 1U) << "no connection for it";
}

TEST_F(RedisReplication, OnePairVouchesForAllThatCameBeforeIt) {
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

TEST_F(RedisReplication, NobodyIsOvertaken) {
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
        const Passages both{.command = fresh.connection(0).passage(),
                            .replication = fresh.client->replication("k")->passage()};
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
        const Passages both{.command = fresh.connection(0).passage(),
                            .replication = fresh.client->replication("k")->passage()};
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

TEST_F(RedisReplication, ConnectionsMadeAfterTheCommandVouchForNothing) {
    world.ready();
    const Passages before = passages();
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

TEST_F(RedisReplication, ASilentServerEndsThePair) {
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

TEST_F(RedisReplication, AServerThatIsNoMasterAnyMoreIsLeft) {
    world.ready();
    world.advance(2s);
    const auto waiting = wait("a");
    sent();
    reply(kReadonly);
    EXPECT_EQ(waiting->result(), kRefused);
    EXPECT_EQ(passages().replication, 0U) << "nothing is to be done that it cannot vouch for";
    reply("-ERR WAIT cannot be used with replica instances\r\n");
    const auto probe = ask_passage();
    EXPECT_EQ(sent(), Commands{});
    world.advance(0ms);
    ASSERT_EQ(world.transport(kReplication).connects, 2) << "behind the name is another server";
    world.greet(kReplication);
    EXPECT_EQ(sent(), Commands({{"SET", "probe"}}));
    reply("+OK\r\n");
    EXPECT_EQ(probe->turn().outcome().passage, passages().replication);
    const auto later = wait("b");
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(later->result(), "ok");
}

TEST_F(RedisReplication, AServerThatIsNoMasterIsLeftOnceASecond) {
    world.ready();
    for (int i = 0; i < 5; ++i) {
        const auto probe = ask_passage();
        sent();
        reply(kReadonly);
        EXPECT_EQ(probe->turn().result(), "-READONLY a replica");
        EXPECT_EQ(passages().replication, 0U);
        world.advance(250ms);
        EXPECT_EQ(world.transport(kReplication).connects, i < 4 ? 1 : 2) << i;
    }
}

TEST_F(RedisReplication, AServerThatIsAMasterAgainVouches) {
    world.ready();
    const auto first = wait("a");
    sent();
    reply(kReadonly);
    reply(":0\r\n");
    const auto probe = ask_passage();
    sent();
    reply("+OK\r\n");
    Passages both = passages();
    both.replication = probe->turn().outcome().passage;
    Waiting second(*world.client, "b", both, world.clock + 1s);
    EXPECT_EQ(sent(), pair("b"));
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(second.result(), "ok");
    EXPECT_EQ(passages().replication, both.replication);
}

TEST_F(RedisReplication, IsLeftTogetherWithTheOthers) {
    world.ready();
    world.advance(2s);
    const auto waiting = wait("a");
    sent();
    const auto command = world.ask({"SET", "x"}, true);
    world.flush();
    world.connection().received(kReadonly);
    EXPECT_EQ(passages().replication, 0U);
    reply("+OK\r\n:2\r\n");
    EXPECT_EQ(waiting->result(), "ok") << "the pair that is under way is heard out";
    world.advance(0ms);
    EXPECT_EQ(world.transport(kReplication).connects, 2);
}

TEST_F(RedisReplication, ASlotOnItsWayConcernsNobodyElse) {
    for (const char* error : {"-ASK 1 h:7001\r\n", "-MOVED 1 h:7001\r\n", "-TRYAGAIN later\r\n"}) {
        World fresh(two_replicas());
        fresh.ready();
        const Passages both{.command = fresh.connection(0).passage(),
                            .replication = fresh.client->replication("k")->passage()};
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
    Replicated replicated(*world.client, huge, passages(), world.clock + 1s, posts);
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

TEST_F(RedisReplication, WhoWaitsTakesAPlace) {
    Settings settings = two_replicas();
    settings.max_pending = 4;
    World fresh(settings);
    fresh.ready();
    const Passages both{.command = fresh.connection(0).passage(),
                        .replication = fresh.client->replication("k")->passage()};
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

TEST_F(RedisReplication, WhoLeavesIsForgotten) {
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

}  // namespace
}  // namespace mfa_reset::redis
