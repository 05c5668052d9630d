// XML 1.0 of one flat record, as .NET's DataContractSerializer writes it (contracts: foundry.md,
// "XML").
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/text.hpp"

namespace mfa_reset::format {

/// The children of the root element, by their names without prefix; namespaces are not looked at,
/// nor is the root's name. A child with an attribute `nil` (any prefix) that is true is null; one
/// that has elements of its own is left out. Text, CDATA sections, character references and the
/// five predefined entities make the value. Nothing where the elements of `body` do not nest, where
/// it has a DOCTYPE, another entity in a value or a character that XML 1.0 does not allow, or nests
/// deeper than kMaxMembersDepth. Not all that XML 1.0 forbids is refused: what has no say in the
/// members, as an attribute that is there twice or `--` in a comment, is passed over. An encoding
/// in the XML declaration is not looked at: it is UTF-8.
std::optional<Members> read_xml_members(std::string_view body, Memory& memory,
                                        MemberNames wanted = {});

/// `text` as the content of an element, as .NET escapes it: `& < >` and CR, and neither quotes nor
/// apostrophes. What XML 1.0 cannot hold, and bytes that are not UTF-8, become U+FFFD.
void append_xml_text(Text& out, std::string_view text);

/// `text` as the value of an attribute in double quotes (which are not written): also `"`, tab and
/// LF.
void append_xml_attribute(Text& out, std::string_view text);

}  // namespace mfa_reset::format
