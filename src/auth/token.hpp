// The form of an SSO token. Only the store knows whether it is valid.
#pragma once

#include <cstddef>
#include <string_view>

namespace mfa_reset::auth {

/// Client-side sessions have up to about 8 KiB. Longer tokens are refused.
inline constexpr std::size_t kMaxToken = 16UL * 1024;

/// Whether `text` has a token's characters only, is not empty and not too long.
bool is_token(std::string_view text) noexcept;

}  // namespace mfa_reset::auth
