// Waiting until replicas have what was written, as something that a coroutine awaits when the reply
// of the command has come:
//
//     Replicated replicated(client, key, connections, deadline, scheduler);
//     const std::string_view why = co_await replicated;    // empty: they have it
#pragma once

#include <coroutine>
#include <string_view>

#include "mfa_reset/scheduler.hpp"
#include "redis/topology/client.hpp"
#include "redis/topology/replication.hpp"

namespace mfa_reset::redis {

class Replicated final : public ReplicaWait {
public:
    /// See ReplicaWait.
    Replicated(Client& client, std::string_view key, ConnectionIds connections,
               Milliseconds deadline, Scheduler& scheduler) noexcept
        : ReplicaWait(key, connections, deadline), client_(client), scheduler_(scheduler) {}
    Replicated(const Replicated&) = delete;
    Replicated& operator=(const Replicated&) = delete;
    ~Replicated() override = default;

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) noexcept;
    std::string_view await_resume() const noexcept { return why_; }

    // Command
    void complete(const Reply& reply) noexcept override;
    void fail(Outcome::Kind kind, std::string_view why) noexcept override;

private:
    Client& client_;
    Scheduler& scheduler_;
    std::coroutine_handle<> waiting_;
    std::string_view why_;
};

}  // namespace mfa_reset::redis
