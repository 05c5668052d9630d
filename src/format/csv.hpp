// CSV (RFC 4180).
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/text.hpp"

namespace mfa_reset::format {

/// Reads one record: a header row and one row with as many fields. Lines end with CRLF or LF; empty
/// lines may follow. Returns nullopt for any other number of rows, and for quotes in a place where
/// RFC 4180 does not allow them.
std::optional<Members> read_csv_members(std::string_view body, Memory& memory,
                                        MemberNames wanted = {});

/// Appends `text` as one field, in quotes if it holds `"`, a comma, CR or LF. A byte that is not
/// UTF-8 becomes U+FFFD.
void append_csv_field(Text& out, std::string_view text);

}  // namespace mfa_reset::format
