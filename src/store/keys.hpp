// Names to Redis keys (docs/reference/redis-schema.md).
//
// A subject is `/realm/…/user`: each part folded, then percent-encoded outside A-Za-z0-9._~@+- in
// upper-case hex, so that no name breaks out of its part, its braces or its key.
#pragma once

#include <string_view>

#include "format/text.hpp"
#include "mfa_reset/memory.hpp"
#include "mfa_reset/store.hpp"

namespace mfa_reset::store {

/// What the keys of one user and one session are called. The views live in the given memory.
struct UserKeys {
    std::string_view record;  ///< mfa:{/alpha/demo}
    std::string_view events;  ///< mfa:{/alpha/demo}:events
};

/// `text` with A-Z as a-z where the case says so. Throws std::bad_alloc.
std::string_view fold(std::string_view text, SubjectCase subject_case, Memory& memory);

/// All parts of `subject`, folded. Throws std::bad_alloc.
Subject fold(const Subject& subject, SubjectCase subject_case, Memory& memory);

/// Appends `name` percent-encoded. Throws std::bad_alloc.
void append_encoded(format::Text& out, std::string_view name);

/// The keys of a user whose realm and name are folded already. Throws std::bad_alloc.
UserKeys user_keys(std::string_view prefix, const Subject& folded, Memory& memory);

/// `mfa:session:<sha256 hex of the token>`, where `kind` is `session:`. Throws std::bad_alloc.
std::string_view session_key(std::string_view prefix, std::string_view kind,
                             std::string_view token_sha256, Memory& memory);

}  // namespace mfa_reset::store
