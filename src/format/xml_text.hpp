// Characters and references of XML 1.0.
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// Whether XML 1.0 allows the character (2.2, Char), which is in UTF-8 and one.
constexpr bool is_xml_character(std::string_view character) noexcept {
    if (character.size() == 1) {
        const auto byte = static_cast<unsigned char>(character.front());
        return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
    }
    return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";  // U+FFFE, U+FFFF
}

/// Whether `text` is UTF-8 and all of it characters that XML 1.0 allows.
bool is_xml_text(std::string_view text) noexcept;

/// `text` with its character references and predefined entities expanded: itself where there are
/// none, a copy in `memory` otherwise; nothing where an `&` begins anything else, or a reference
/// names what is_xml_character does not allow.
std::optional<std::string_view> expand_xml(std::string_view text, Memory& memory);

}  // namespace mfa_reset::format
