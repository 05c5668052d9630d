// Finds a cookie in a `Cookie` header.
#pragma once

#include <optional>
#include <string_view>

namespace mfa_reset::auth {

/// The value of the first cookie of that name, compared without case, without one pair of double
/// quotes around it; it may be empty. Nothing where no cookie has the name.
std::optional<std::string_view> find_cookie(std::string_view header,
                                            std::string_view name) noexcept;

/// The same of the first cookie that is not empty; empty where there is none.
std::string_view find_filled_cookie(std::string_view header, std::string_view name) noexcept;

}  // namespace mfa_reset::auth
