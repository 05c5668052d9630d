// The parameters of a header's value (RFC 9110, 5.6.6): `form-data; name="a"; filename=b`.
#pragma once

#include <optional>
#include <string_view>

namespace mfa_reset::http {

/// The value of the first parameter of that name, compared without case, without its quotes; it may
/// be empty. A quoted value is as it is written, with its backslashes. nullopt: there is none, or a
/// quote before it does not end.
std::optional<std::string_view> find_parameter(std::string_view value,
                                               std::string_view name) noexcept;

}  // namespace mfa_reset::http
