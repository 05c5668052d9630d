#include "format/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "format/text.hpp"
#include "format/utf8.hpp"
#include "format/words.hpp"

namespace mfa_reset::format {

namespace {

/// Room for one character in UTF-8.
using Room = std::array<char, 4>;

/// The character that the digits of `&#...;` stand for; empty if there is no such character.
std::string_view character_of(std::string_view digits, Room& room) noexcept {
    const int base = digits.starts_with('x') ? 16 : 10;
    digits.remove_prefix(base == 16 ? 1 : 0);
    std::uint32_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
    if (error != std::errc{} || stop != end) {
        return {};
    }
    const std::string_view character(room.data(), encode_utf8(number, room.data()));
    return !character.empty() && is_xml_character(character) ? character : std::string_view{};
}

/// The character that `&name;` stands for; empty if there is no such entity.
std::string_view expansion_of(std::string_view name, Room& room) noexcept {
    switch (name.empty() ? '\0' : name.front()) {
        case '#': return character_of(name.substr(1), room);
        case 'l': return name == "lt" ? "<" : "";
        case 'g': return name == "gt" ? ">" : "";
        case 'q': return name == "quot" ? "\"" : "";
        case 'a': return name == "amp" ? "&" : name == "apos" ? "'" : "";
        default: return {};
    }
}

/// Size of the predefined entity at the start of `text`, from behind its `&` to its `;`; 0 if there
/// is none.
std::size_t predefined_at(std::string_view text) noexcept {
    if (text.starts_with("lt;") || text.starts_with("gt;")) {
        return 3;
    }
    if (text.starts_with("amp;")) {
        return 4;
    }
    return text.starts_with("quot;") || text.starts_with("apos;") ? 5 : 0;
}

/// The reference at the start of `text`, with `&` and `;`; empty if it is not closed.
std::string_view reference_at(std::string_view text) noexcept {
    const std::size_t end = find_byte(text, ';');
    return end == text.size() ? std::string_view{} : text.substr(0, end + 1);
}

/// The character that a reference stands for; empty if it is invalid.
std::string_view expansion_of_reference(std::string_view reference, Room& room) noexcept {
    return reference.empty() ? reference
                             : expansion_of(reference.substr(1, reference.size() - 2), room);
}

}  // namespace

bool is_xml_text(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        if (byte < 0x80) {
            const bool printable =
                text.size() >= sizeof(Word) &&
                ((load_word(text.data()) | (load_word(text.data()) - ' ' * kOnes)) & kHighs) == 0;
            if (!printable && !is_xml_character(text.substr(0, 1))) {
                return false;
            }
            text.remove_prefix(printable ? sizeof(Word) : 1);
            continue;
        }
        const std::size_t size = utf8_character(text);
        if (size == 0 || !is_xml_character(text.substr(0, size))) {
            return false;
        }
        text.remove_prefix(size);
    }
    return true;
}

bool has_good_references(std::string_view text) noexcept {
    Room room{};
    for (std::size_t at = find_byte(text, '&'); at < text.size();) {
        std::size_t size = predefined_at(text.substr(at + 1));
        if (size == 0) {
            const std::string_view reference = reference_at(text.substr(at));
            if (expansion_of_reference(reference, room).empty()) {
                return false;
            }
            size = reference.size() - 1;
        }
        at += 1 + size;
        at += at < text.size() && text[at] != '&' ? find_byte(text.substr(at), '&') : 0;
    }
    return true;
}

void append_read_xml(Text& out, std::string_view text, bool references) {
    Room room{};
    std::size_t begin = 0;  // of the text that is not yet appended
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\r') {
            const bool before_line_feed = at + 1 < text.size() && text[at + 1] == '\n';
            out.append(text.substr(begin, at - begin)).append(before_line_feed ? "" : "\n");
            begin = ++at;
        } else if (text[at] == '&' && references) {
            const std::string_view reference = reference_at(text.substr(at));
            out.append(text.substr(begin, at - begin));
            out.append(expansion_of_reference(reference, room));
            at += std::max<std::size_t>(reference.size(), 1);
            begin = at;
        } else {
            ++at;
        }
    }
    out.append(text.substr(begin));
}

}  // namespace mfa_reset::format
