// XML 1.0 of one flat record, as .NET's DataContractSerializer writes it.
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"
#include "format/text.hpp"

namespace mfa_reset::format {

/// Reads the children of the root element, by their names without prefix. Namespaces and the root's
/// name are ignored. A child with an attribute `nil` (of any prefix) that is true is null; one that
/// has child elements is left out. Its value is its text, CDATA sections, character references and
/// the five predefined entities. The text is UTF-8, whatever the XML declaration says. Returns
/// nullopt if the elements do not nest, for a DOCTYPE, another entity in a value, a character that
/// XML 1.0 does not allow, and if it nests deeper than kMaxMembersDepth. Faults that cannot change
/// a member, such as a repeated attribute or `--` in a comment, are not found.
std::optional<Members> read_xml_members(std::string_view body, Memory& memory,
                                        MemberNames wanted = {});

/// Appends `text` as the content of an element, escaped as .NET does: `& < >` and CR, but neither
/// quotes nor apostrophes. Characters that XML 1.0 cannot hold, and bytes that are not UTF-8,
/// become U+FFFD.
void append_xml_text(Text& out, std::string_view text);

/// Appends `text` as the value of an attribute in double quotes, without these quotes. Escapes `"`,
/// tab and LF besides.
void append_xml_attribute(Text& out, std::string_view text);

}  // namespace mfa_reset::format
