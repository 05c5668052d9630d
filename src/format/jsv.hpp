// JSV: JSON's structure with CSV's quotes.
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/text.hpp"

namespace mfa_reset::format {

/// Reads the members of one `{name:value,...}` leniently: white space around tokens is skipped, a
/// value without quotes ends at the next `,` or `}` and is trimmed, names may be quoted. Returns
/// nullopt if `body` is anything else, or nests deeper than kMaxMembersDepth.
std::optional<Members> read_jsv_members(std::string_view body, Memory& memory,
                                        MemberNames wanted = {});

/// Appends `text` as one JSV string: in quotes if it is empty or holds one of `" : , { } [ ]` CR
/// LF, else raw. A lenient reader loses white space around raw text. A byte that is not UTF-8
/// becomes U+FFFD.
void append_jsv_string(Text& out, std::string_view text);

}  // namespace mfa_reset::format
