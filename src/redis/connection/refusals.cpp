// See refusals.hpp.
#include "redis/connection/refusals.hpp"

#include <utility>

namespace mfa_reset::redis {

namespace {

std::size_t index_of(const ErrorClass& error) noexcept {
    return static_cast<std::size_t>(&error - error_classes().data());
}

}  // namespace

bool Refusals::begins(const ErrorClass& error, Milliseconds now) noexcept {
    if (error.advice.empty()) {
        return false;
    }
    Refusal& refusal = refusals_[index_of(error)];
    refusal.last = now;
    if (std::exchange(refusal.lasts, true)) {
        return false;
    }
    ++lasting_;
    return true;
}

const ErrorClass* Refusals::take_ended(bool wrote, Milliseconds now) noexcept {
    if (lasting_ == 0) {
        return nullptr;
    }
    for (const ErrorClass& error : error_classes()) {
        Refusal& refusal = refusals_[index_of(error)];
        const bool proven = wrote || error.proof == Proof::answer;
        if (refusal.lasts && proven && now - refusal.last >= kQuiet) {
            refusal.lasts = false;
            --lasting_;
            return &error;
        }
    }
    return nullptr;
}

}  // namespace mfa_reset::redis
