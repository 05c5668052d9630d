// Names to Redis keys (docs/reference/redis-schema.md).
//
// A subject is `/realm/…/user`: each part folded, then percent-encoded outside A-Za-z0-9._~@+- in
// upper-case hex, so that no name can end its segment, its braces or its key.
#pragma once

#include <string_view>

#include "format/text.hpp"
#include "mfa_reset/records.hpp"

namespace mfa_reset::records {

/// Appends `name` percent-encoded.
void append_encoded(format::Text& out, std::string_view name);

/// The keys of a user whose realm and name are folded already.
UserKeys user_keys(std::string_view prefix, const Subject& folded, Memory& memory);

}  // namespace mfa_reset::records
