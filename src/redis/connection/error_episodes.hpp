// The error episodes of one Redis: while it refuses commands with a class of errors, the log has
// one line when that begins and one when it is over, however many requests fail between.
#pragma once

#include <array>
#include <cstddef>

#include "redis/connection/settings.hpp"
#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

class ErrorEpisodes {
public:
    /// Debounce: an error class is over after this time without one.
    static constexpr Milliseconds kQuiet{5000};

    /// A command was refused with `error`, of error_classes(). True: an episode begins.
    bool begins(const ErrorClass& error, Milliseconds now) noexcept;

    /// A command was answered; `wrote`: it has changed something. Ends one episode that is over,
    /// and returns its class; nullptr: no episode is over. Call it until then.
    const ErrorClass* take_ended(bool wrote, Milliseconds now) noexcept;

private:
    struct Episode {
        bool lasts = false;
        Milliseconds last{};
    };
    std::array<Episode, kErrorClasses> episodes_{};  // as error_classes()
    std::size_t lasting_ = 0;
};

}  // namespace mfa_reset::redis
