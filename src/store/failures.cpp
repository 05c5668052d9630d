// See failures.hpp.
#include "store/failures.hpp"

#include "redis/errors.hpp"

namespace mfa_reset::store {

std::optional<Failure> failure_of(const redis::Outcome& outcome) noexcept {
    using Kind = redis::Outcome::Kind;
    if (outcome.kind != Kind::reply) {
        return Failure{
            outcome.kind == Kind::uncertain ? Failure::Kind::uncertain : Failure::Kind::unavailable,
            outcome.why};
    }
    const redis::Reply& reply = outcome.reply;
    if (!reply.is(redis::Reply::Type::error)) {
        return std::nullopt;
    }
    return Failure{
        redis::error_class(reply).passing ? Failure::Kind::unavailable : Failure::Kind::broken,
        reply.text};
}

}  // namespace mfa_reset::store
