// application/x-www-form-urlencoded: HTML forms, and the queries of URIs.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/words.hpp"

namespace mfa_reset::http {

/// Takes the first field off `body`, with the `&` behind it; empty between two `&`.
inline std::string_view take_field(std::string_view& body) noexcept {
    const std::size_t end = format::find_byte(body, '&');
    const std::string_view field = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    return field;
}

/// The fields `name=value&...`; `+` is a blank, a field without `=` is empty, an empty field
/// (`&&`) is none. Nothing where a `%` has no two hex digits after it, or a decoded name or value
/// is not UTF-8.
std::optional<format::Members> read_form_members(std::string_view body, Memory& memory,
                                                 format::MemberNames wanted = {});

}  // namespace mfa_reset::http
