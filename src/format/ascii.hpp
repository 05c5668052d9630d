// ASCII letters and blanks: what HTTP compares without case, whatever the locale says.
#pragma once

#include <algorithm>
#include <string_view>

namespace mfa_reset::format {

constexpr bool is_ascii(char byte) noexcept { return static_cast<unsigned char>(byte) < 0x80; }

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

/// `text` without the spaces and tabs around it.
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace mfa_reset::format
