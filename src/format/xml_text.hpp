// Characters and references of XML 1.0.
#pragma once

#include <optional>
#include <string_view>

#include "format/text.hpp"

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

/// Whether each `&` in `text` begins a character reference, to one that is_xml_character allows, or
/// one of the five predefined entities.
bool has_good_references(std::string_view text) noexcept;

/// Appends `text` as a reader gets it: line ends are line feeds, and references, if `references`,
/// are expanded; they are good ones.
void append_read_xml(Text& out, std::string_view text, bool references);

}  // namespace mfa_reset::format
