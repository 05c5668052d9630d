// Requests that wait for replicas, and the world in which they do.
#pragma once

#include <gtest/gtest.h>

#include <coroutine>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "redis/topology/client.hpp"
#include "redis/topology/replicated.hpp"
#include "redis_fakes.hpp"

namespace mfa_reset::test {

using Commands = std::vector<Words>;

inline constexpr std::size_t kReplication = 1;  // its transport, behind the one of commands
inline constexpr const char* kLost =
    "a connection to Redis was lost while replicas were waited for";
inline constexpr const char* kRefused = "Redis refused what replicas are waited for with";
inline constexpr const char* kReadonly = "-READONLY a replica\r\n";
inline constexpr const char* kTooFew = "too few replicas have it in time";

inline redis::Settings two_replicas() {
    redis::Settings settings = World::one_connection();
    settings.wait = {.replicas = 2, .timeout = Milliseconds{100}};
    return settings;
}

/// One request whose command was answered, and which waits for replicas now.
class Waiting final : public Scheduler {
public:
    Waiting(redis::Client& client, std::string key, redis::ConnectionIds connections,
            Milliseconds deadline)
        : key_(std::move(key)), task_(wait(*this, client, connections, deadline)) {
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
    static Task<bool> wait(Waiting& self, redis::Client& client, redis::ConnectionIds connections,
                           Milliseconds deadline) {
        redis::Replicated replicated(client, self.key_, connections, deadline, self);
        self.why_ = co_await replicated;
        co_return true;
    }

    PoolLikeMemory memory_;
    std::string key_;
    std::string why_;
    std::coroutine_handle<> waiting_;
    Task<bool> task_;  // the last, so that it goes first
};

/// Waits for two replicas.
class RedisReplication : public testing::Test {
protected:
    redis::ConnectionIds connection_ids() {
        return {.command = world.connection(0).id(),
                .replication = world.client->replication("k")->connection_id()};
    }
    std::unique_ptr<Waiting> wait(const std::string& key, Milliseconds limit = Milliseconds{1000}) {
        return std::make_unique<Waiting>(*world.client, key, connection_ids(), world.clock + limit);
    }
    /// A request that asks for the connection id first.
    std::unique_ptr<Asking> ask_connection_id(Milliseconds limit = Milliseconds{1000}) {
        return std::make_unique<Asking>(
            *world.client, Words{"SET", "probe"},
            redis::CommandOptions{
                .deadline = world.clock + limit, .key = "k", .via_replication = true});
    }
    Commands sent() { return commands(world.flush(kReplication)); }
    void reply(std::string_view bytes) { world.connection(kReplication).received(bytes); }
    std::size_t waiters() { return world.client->replication("k")->waiters(); }

    static Commands pair(const std::string& key) {
        return {{"SET", key, "1", "EX", "60"}, {"WAIT", "2", "100"}};
    }

    World world{two_replicas()};
};

}  // namespace mfa_reset::test
