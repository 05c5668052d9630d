// HTTP's Basic credentials (RFC 7617), as `Authorization` has them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

struct BasicCredentials {
    std::string_view name;  ///< not empty, without a colon
    std::string_view key;   ///< not empty; may have colons
};

/// What is longer in base64 is nobody's: it is refused unread.
inline constexpr std::size_t kMaxBasic = 1024;

/// The credentials in the header's value, decoded into `memory`. Nothing for another scheme, bad
/// base64, no colon, an empty name or key, or a control character (RFC 7617, section 2). Throws
/// std::bad_alloc.
std::optional<BasicCredentials> parse_basic(std::string_view authorization, Memory& memory);

}  // namespace mfa_reset::auth
