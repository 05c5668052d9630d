// The form of an SSO token. Whether it is anybody's is the store's to say.
#pragma once

#include <cstddef>
#include <string_view>

namespace mfa_reset::auth {

/// Client-side sessions run to some 8 KiB; what is longer than this is nobody's token.
inline constexpr std::size_t kMaxToken = 16UL * 1024;

/// Not empty, not too long, and only characters that tokens are made of.
bool is_token(std::string_view text) noexcept;

}  // namespace mfa_reset::auth
