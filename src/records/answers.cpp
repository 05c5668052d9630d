#include "records/answers.hpp"

#include "redis/protocol/errors.hpp"

namespace mfa_reset::records {

Answer answer_of(const redis::Outcome& outcome) noexcept {
    using Kind = Failure::Kind;
    if (outcome.kind == redis::Outcome::Kind::uncertain) {
        return {Failure{Kind::uncertain, outcome.why}};
    }
    if (outcome.kind == redis::Outcome::Kind::unavailable) {
        return {Failure{Kind::unavailable, outcome.why}};
    }
    const Reply& reply = outcome.reply;
    if (reply.is(Reply::Type::error)) {
        const bool passing = redis::error_class(reply).passing;
        return {Failure{passing ? Kind::unavailable : Kind::broken, reply.text}, reply};
    }
    return {{}, reply};
}

}  // namespace mfa_reset::records
