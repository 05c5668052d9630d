// application/x-www-form-urlencoded: HTML forms, and the queries of URIs.
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"

namespace mfa_reset::http {

/// The fields `name=value&...`; `+` is a blank, a field without `=` is empty, an empty field
/// (`&&`) is none. Nothing where a `%` has no two hex digits after it, or a decoded name or value
/// is not UTF-8.
std::optional<format::Members> read_form_members(std::string_view body, Memory& memory,
                                                 format::MemberNames wanted = {});

}  // namespace mfa_reset::http
