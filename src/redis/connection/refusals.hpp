// With which classes of errors a Redis refuses commands now: so that the log says it once when it
// begins, and once when it is over, however many requests there are between.
#pragma once

#include <array>
#include <cstddef>

#include "redis/connection/settings.hpp"
#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

class Refusals {
public:
    /// A class must have been away for so long before it is over: where some commands are refused
    /// and others are not, it has neither begun nor ended with each of them.
    static constexpr Milliseconds kQuiet{5000};

    /// A command was refused with `error`, of error_classes(). True: it has begun, or begins again.
    bool begins(const ErrorClass& error, Milliseconds now) noexcept;

    /// A command was answered; `wrote`: it has changed something. A class that is over by this, and
    /// is forgotten; nullptr: no more.
    const ErrorClass* take_ended(bool wrote, Milliseconds now) noexcept;

private:
    struct Refusal {
        bool lasts = false;
        Milliseconds last{};
    };
    std::array<Refusal, kErrorClasses> refusals_{};  // as error_classes()
    std::size_t lasting_ = 0;
};

}  // namespace mfa_reset::redis
