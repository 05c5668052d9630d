// application/x-www-form-urlencoded: HTML forms, and the queries of URIs.
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"

namespace mfa_reset::http {

/// Reads the fields `name=value&...`, where `+` is a blank. A field without `=` has an empty value;
/// an empty field (`&&`) is skipped. Returns nullopt if a `%` is not followed by two hex digits, or
/// a decoded name or value is not UTF-8.
std::optional<format::Members> read_form_members(std::string_view body, Memory& memory,
                                                 format::MemberNames wanted = {});

}  // namespace mfa_reset::http
