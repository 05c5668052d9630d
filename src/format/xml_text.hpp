// Characters and references of XML 1.0.
#pragma once

#include <optional>
#include <string_view>

#include "format/text.hpp"

namespace mfa_reset::format {

/// Whether XML 1.0 allows `character` (2.2, Char), which is one character in UTF-8.
constexpr bool is_xml_character(std::string_view character) noexcept {
    if (character.size() == 1) {
        const auto byte = static_cast<unsigned char>(character.front());
        return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
    }
    return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";  // U+FFFE, U+FFFF
}

/// Whether `text` is UTF-8 and XML 1.0 allows all its characters.
bool is_xml_text(std::string_view text) noexcept;

/// Whether each `&` in `text` begins a valid character reference or one of the five predefined
/// entities.
bool has_good_references(std::string_view text) noexcept;

/// Appends `text` as a reader gets it: line ends become line feeds and, if `references`, valid
/// references are expanded.
void append_read_xml(Text& out, std::string_view text, bool references);

}  // namespace mfa_reset::format
