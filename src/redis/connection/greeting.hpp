// What is said on a new connection before any command: who we are, which database; and what is
// asked: whether this is a master, and whether it keeps what it is given. All of it is sent at
// once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "redis/protocol/reply.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::redis {

struct GreetingOptions {
    Credentials credentials;
    unsigned database = 0;
    bool must_be_master = false;  ///< asks for the ROLE, and refuses a replica
    bool keeps_records = false;   ///< looks whether it would evict keys without a TTL
};

class Greeting {
public:
    /// Throws std::bad_alloc.
    explicit Greeting(const GreetingOptions& options);

    /// The commands, as they go over the wire.
    std::string_view wire() const noexcept { return wire_; }
    /// How many replies come for it; at least one.
    std::size_t size() const noexcept { return steps_.size(); }

    /// What the reply to step number `step` says. `refusal` is empty where the connection may go
    /// on, else a sentence for the log: it quotes nothing that may hold a password. Throws
    /// std::bad_alloc.
    struct Judgement {
        std::string refusal;
        std::string remark = {};  ///< a sentence for the log, as `refusal`; the connection goes on
        std::string_view eviction_policy = {};  ///< where the reply tells it; lives in the reply
    };
    Judgement judge(std::size_t step, const Reply& reply) const;

private:
    struct Step {
        std::string_view name;
        Judgement (*judge)(std::string_view name, const Reply& reply);
    };

    std::string password_;
    std::string wire_;
    std::vector<Step> steps_;
};

}  // namespace mfa_reset::redis
