// The first commands on a new connection, all sent at once: credentials, database and name; then
// whether the server is a master, and whether it would evict keys.
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
    bool keeps_records = false;   ///< asks whether it would evict keys without a TTL
};

class Greeting {
public:
    explicit Greeting(const GreetingOptions& options);

    /// The commands, as they go over the wire.
    std::string_view wire() const noexcept { return wire_; }
    /// The number of replies; at least one.
    std::size_t size() const noexcept { return steps_.size(); }

    struct Judgement {
        /// Empty: the connection may go on. Else a sentence for the log, without any password.
        std::string refusal;
        std::string remark = {};                ///< the same, but the connection goes on
        std::string_view eviction_policy = {};  ///< points into the reply; empty: not in this reply
    };
    /// Judges the reply to step number `step`.
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
