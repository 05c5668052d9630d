// Finds a cookie in a `Cookie` header.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mfa_reset::http {

/// The value of the first cookie of that name, compared without case, without one pair of double
/// quotes around it; it may be empty. Nothing where no cookie has the name.
std::optional<std::string_view> find_cookie(std::string_view header,
                                            std::string_view name) noexcept;

/// The same of several names at once, in one pass: gives each of `values` that is empty the value
/// of the first cookie of its name that is not empty. `values` are as
/// many as `names`.
void find_filled_cookies(std::string_view header, std::span<const std::string_view> names,
                         std::span<std::string_view> values) noexcept;

}  // namespace mfa_reset::http
