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

/// What a sentinel is to be believed to say. Neither an address nor a `why`: it does not know the
/// master.
struct SentinelAnswer {
    std::optional<Address> master;
    std::string why;  ///< why it said nothing of use, for the log
};

/// The answer in a reply to SENTINEL GET-MASTER-ADDR-BY-NAME. Whatever else comes, an address that
/// can be none included, is no answer: sentinels are not trusted to be well. Throws std::bad_alloc.
SentinelAnswer read_sentinel_answer(const Reply& reply);

/// Who waits for a SentinelQuery.
class SentinelListener {
public:
    /// One has ended. Comes from where commands are completed: it only takes note.
    virtual void query_ended() noexcept = 0;

protected:
    ~SentinelListener() = default;
};

class SentinelQuery final : public Command {
public:
    /// `words` and `listener` outlive the query.
    SentinelQuery(std::span<const std::string_view> words, Milliseconds deadline,
                  SentinelListener& listener) noexcept
        : Command(words, {.deadline = deadline, .background = true}), listener_(listener) {}
    SentinelQuery(const SentinelQuery&) = delete;
    SentinelQuery& operator=(const SentinelQuery&) = delete;
    ~SentinelQuery() override = default;

    /// Nothing until it has ended.
    std::optional<SentinelAnswer>& answer() noexcept { return answer_; }

    // Command
    void complete(const Reply& reply) noexcept override;
    void fail(Outcome::Kind kind, std::string_view why) noexcept override;

private:
    SentinelListener& listener_;
    std::optional<SentinelAnswer> answer_;
};

}  // namespace mfa_reset::redis
