// Bearer tokens, as `Authorization` has them (RFC 6750, section 2.1).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mfa_reset::auth {

/// A longer bearer token is refused unread.
inline constexpr std::size_t kMaxBearer = 8UL * 1024;

/// What follows the scheme in the header's value, which may be empty; nullopt for another scheme.
std::optional<std::string_view> find_bearer(std::string_view authorization) noexcept;

/// Whether `text` is `[A-Za-z0-9._~+/-]+=*` and at most kMaxBearer bytes.
bool is_bearer_token(std::string_view text) noexcept;

}  // namespace mfa_reset::auth
