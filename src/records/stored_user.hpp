// Reads a user's name from a record: `/alpha/demo`, as in the user's key. Another program wrote it,
// so it is parsed and encoded again before it becomes part of a key.
#pragma once

#include <optional>
#include <string_view>

#include "records/keys.hpp"

namespace mfa_reset::records {

/// Implements Records::read_user().
std::optional<StoredUser> parse_stored_user(std::string_view text, SubjectCase subject_case,
                                            std::string_view prefix, Memory& memory);

}  // namespace mfa_reset::records
