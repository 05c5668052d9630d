// base64url without padding (RFC 4648, 5; RFC 7515, 2).
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// The bytes, in `memory`; nothing where `text` holds another character (padding too), has a length
/// that no bytes give, or ends in bits that are not zero: no bytes have two spellings.
std::optional<std::string_view> decode_base64url(std::string_view text, Memory& memory);

}  // namespace mfa_reset::auth
