// A command that a coroutine awaits:
//
//     Call call(client, words, …);
//     const Outcome& outcome = co_await call;
//
// A Call lives in the coroutine's frame. Only the Scheduler resumes the coroutine.
#pragma once

#include <coroutine>
#include <span>
#include <string_view>

#include "mfa_reset/memory.hpp"
#include "mfa_reset/scheduler.hpp"
#include "redis/connection/command.hpp"

namespace mfa_reset::redis {

class Client;

class Call final : public Command {
public:
    /// `words`: the command and its arguments.
    Call(Client& client, std::span<const std::string_view> words, CommandOptions options,
         Scheduler& scheduler, Memory& memory) noexcept
        : Command(words, options), client_(client), scheduler_(scheduler), memory_(memory) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() override = default;

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiting) noexcept;
    const Outcome& await_resume() const noexcept { return outcome_; }

    // Command
    void complete(const Reply& reply) noexcept override;
    void fail(Outcome::Kind kind, std::string_view why) noexcept override;

private:
    Client& client_;
    Scheduler& scheduler_;
    Memory& memory_;
    Outcome outcome_;
    std::coroutine_handle<> waiting_;
};

}  // namespace mfa_reset::redis
