// Copies text and replaces some characters, for the writers of all formats.
#pragma once

#include <string_view>

#include "format/ascii.hpp"
#include "format/text.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::format {

/// Written instead of a character that the format cannot hold: U+FFFD.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// Appends `text`. `escape_of` gets each character in UTF-8 and returns what to write instead, or
/// an empty text to write the character itself. A byte that is not UTF-8 becomes U+FFFD.
template <class EscapeOf>
void append_escaped(Text& out, std::string_view text, EscapeOf escape_of) {
    std::size_t written = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t size = is_ascii(text[at]) ? 1 : utf8_character(text.substr(at));
        const std::string_view instead =
            size == 0 ? kReplacementCharacter : std::string_view(escape_of(text.substr(at, size)));
        const std::size_t next = at + (size == 0 ? 1 : size);
        if (!instead.empty()) {
            out.append(text.substr(written, at - written)).append(instead);
            written = next;
        }
        at = next;
    }
    out.append(text.substr(written));
}

}  // namespace mfa_reset::format
