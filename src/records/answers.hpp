// What the outcome of a command means to who asked.
#pragma once

#include "mfa_reset/records.hpp"
#include "redis/connection/command.hpp"

namespace mfa_reset::records {

/// An error is `unavailable` if it passes, else `broken`.
Answer answer_of(const redis::Outcome& outcome) noexcept;

}  // namespace mfa_reset::records
