// Finds cookies in a `Cookie` header. Names are compared case-insensitively; one pair of double
// quotes around a value is removed.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mfa_reset::http {

/// Returns the value of the first cookie of that name, which may be empty; nullopt if there is no
/// such cookie.
std::optional<std::string_view> find_cookie(std::string_view header,
                                            std::string_view name) noexcept;

/// Finds several cookies in one pass: sets each element of `values` that is empty to the first
/// value of the cookie named by the same element of `names` that is not empty.
void find_filled_cookies(std::string_view header, std::span<const std::string_view> names,
                         std::span<std::string_view> values) noexcept;

}  // namespace mfa_reset::http
