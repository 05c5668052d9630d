// Turns the outcome of a Redis command into an Answer.
#pragma once

#include "mfa_reset/records.hpp"
#include "redis/connection/command.hpp"

namespace mfa_reset::records {

/// A temporary error is `unavailable`, any other one `broken`.
Answer answer_of(const redis::Outcome& outcome) noexcept;

}  // namespace mfa_reset::records
