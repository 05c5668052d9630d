// ASCII letters and blanks: what HTTP compares without case, whatever the locale says.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mfa_reset::format {

constexpr bool is_ascii(char byte) noexcept { return static_cast<unsigned char>(byte) < 0x80; }

/// The same of a text, eight bytes at a time: nearly every name and body is ASCII.
inline bool is_ascii(std::string_view text) noexcept {
    std::uint64_t seen = 0;
    for (std::uint64_t word = 0; text.size() >= sizeof(word); text.remove_prefix(sizeof(word))) {
        std::memcpy(&word, text.data(), sizeof(word));
        seen |= word;
    }
    return (seen & 0x8080808080808080U) == 0 &&
           std::all_of(text.begin(), text.end(), [](char byte) { return is_ascii(byte); });
}

constexpr char to_lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    // Names mostly come as they are written in their standards.
    return left.size() == right.size() &&
           (left == right || std::equal(left.begin(), left.end(), right.begin(),
                                        [](char a, char b) { return to_lower(a) == to_lower(b); }));
}

constexpr bool is_control(char byte) noexcept {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

/// White space of JSON, XML and JSV.
inline constexpr std::string_view kWhiteSpace = " \t\r\n";

/// `text` without what of `characters` is around it.
constexpr std::string_view trim(std::string_view text, std::string_view characters) noexcept {
    const std::size_t first = text.find_first_not_of(characters);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(characters) - first + 1);
}

/// `text` without the spaces and tabs around it.
constexpr std::string_view trim_blanks(std::string_view text) noexcept { return trim(text, " \t"); }

}  // namespace mfa_reset::format
