// CSV as RFC 4180 has it.
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/text.hpp"

namespace mfa_reset::format {

/// One record: a header row and one row with as many fields. Lines end with CRLF or LF; empty lines
/// may follow. Nothing where there are fewer or more rows, or quotes where RFC 4180 has none.
std::optional<Members> read_csv_members(std::string_view body, Memory& memory,
                                        MemberNames wanted = {});

/// `text` as one field: quoted where it holds `"`, a comma, CR or LF. A byte that is not UTF-8
/// becomes U+FFFD.
void append_csv_field(Text& out, std::string_view text);

}  // namespace mfa_reset::format
