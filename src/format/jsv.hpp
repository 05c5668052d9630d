// JSV, ServiceStack's own text format: JSON's shapes with CSV's quotes (contracts: foundry.md,
// "JSV").
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/text.hpp"

namespace mfa_reset::format {

/// The members of one `{name:value,...}`, read leniently: white space around tokens is skipped, a
/// value without quotes runs to the next `,` or `}` and is trimmed, names may be quoted. Nothing
/// where `body` is anything else or nests deeper than kMaxMembersDepth.
std::optional<Members> read_jsv_members(std::string_view body, Memory& memory,
                                        MemberNames wanted = {});

/// `text` as one JSV string: quoted where it is empty or holds one of `" : , { } [ ]` CR LF, as
/// ServiceStack writes it, else raw. White space around raw text is lost to who reads leniently. A
/// byte that is not UTF-8 becomes U+FFFD.
void append_jsv_string(Text& out, std::string_view text);

}  // namespace mfa_reset::format
