// What one sentinel is asked, and what it said: which server is the master of that name.
// Redis's "Guidelines for Redis clients with support for Redis Sentinel", step 2.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "redis/connection/command.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::redis {

/// Without an address and without a `why`: the sentinel does not know the master.
struct SentinelAnswer {
    std::optional<Address> master;
    std::string why;  ///< why there is no usable answer, for the log
};

/// Reads the reply to SENTINEL GET-MASTER-ADDR-BY-NAME. Sentinels are not trusted: anything but an
/// address with a valid host is no answer.
SentinelAnswer read_sentinel_answer(const Reply& reply);

class SentinelListener {
public:
    /// A SentinelQuery has ended. Called while commands are completed: it only takes note.
    virtual void query_ended() noexcept = 0;

protected:
    ~SentinelListener() = default;
};

class SentinelQuery final : public Command {
public:
    SentinelQuery(std::span<const std::string_view> words, Milliseconds deadline,
                  SentinelListener& listener) noexcept
        : Command(words, {.deadline = deadline, .background = true}), listener_(listener) {}
    SentinelQuery(const SentinelQuery&) = delete;
    SentinelQuery& operator=(const SentinelQuery&) = delete;
    ~SentinelQuery() override = default;

    /// nullopt until it has ended.
    std::optional<SentinelAnswer>& answer() noexcept { return answer_; }

    // Command
    void complete(const Reply& reply) noexcept override;
    void fail(Outcome::Kind kind, std::string_view why) noexcept override;

private:
    SentinelListener& listener_;
    std::optional<SentinelAnswer> answer_;
};

}  // namespace mfa_reset::redis
