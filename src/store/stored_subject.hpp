// A subject that a record of the store holds, `/alpha/demo` as in the user's key. Whoever wrote it
// is another program: it is taken apart, and encoded again, before it becomes part of a key.
#pragma once

#include <optional>
#include <string_view>

#include "store/keys.hpp"

namespace mfa_reset::store {

struct StoredSubject {
    Subject names;  ///< the realm as it stands there, the user's name percent-decoded; for logs
    UserKeys keys;
};

/// Nothing for what is no subject: it does not begin with a slash, a segment is empty or a dot
/// segment, its percent-encoding is bad, or it is not UTF-8, holds a NUL or is longer than 1024
/// bytes. Throws std::bad_alloc.
std::optional<StoredSubject> parse_stored_subject(std::string_view text, SubjectCase subject_case,
                                                  std::string_view prefix, Memory& memory);

}  // namespace mfa_reset::store
