// HTTP Basic credentials (RFC 7617).
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

/// Longer credentials, in base64, are refused unread.
inline constexpr std::size_t kMaxBasic = 1024;

/// Decodes the value of an Authorization header into `memory`. Returns nullopt for another scheme,
/// invalid base64, a missing colon, an empty name or key, and a control character (RFC 7617,
/// section 2).
std::optional<BasicCredentials> parse_basic(std::string_view authorization, Memory& memory);

}  // namespace mfa_reset::auth
