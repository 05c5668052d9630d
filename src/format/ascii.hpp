// ASCII letters, digits and blanks, independent of the locale.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mfa_reset::format {

constexpr bool is_ascii(char byte) noexcept { return static_cast<unsigned char>(byte) < 0x80; }

/// Eight bytes at a time: nearly every name and body is ASCII.
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
    // Most names are sent in the case of their standard.
    return left.size() == right.size() &&
           (left == right || std::equal(left.begin(), left.end(), right.begin(),
                                        [](char a, char b) { return to_lower(a) == to_lower(b); }));
}

constexpr bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

constexpr bool is_alphanumeric(char byte) noexcept {
    return is_digit(byte) || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

constexpr bool is_letter(char byte) noexcept {
    const char lower = to_lower(byte);
    return lower >= 'a' && lower <= 'z';
}

constexpr bool is_control(char byte) noexcept {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

/// White space of JSON, XML and JSV.
constexpr bool is_white_space(char byte) noexcept {
    constexpr std::uint64_t kSet = 1UL << ' ' | 1UL << '\n' | 1UL << '\r' | 1UL << '\t';
    const auto value = static_cast<unsigned char>(byte);
    return value <= ' ' && (kSet >> value & 1U) != 0;
}

/// Returns the place behind the white space at `at`.
constexpr const char* skip_white_space(const char* at, const char* end) noexcept {
    while (at != end && is_white_space(*at)) {
        ++at;
    }
    return at;
}

/// Whether `text` is empty or all white space.
constexpr bool is_blank(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_white_space);
}

/// `text` without the bytes at either end for which `is_around` is true.
template <class IsAround>
constexpr std::string_view trim(std::string_view text, IsAround is_around) noexcept {
    while (!text.empty() && is_around(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_around(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

constexpr std::string_view trim_white_space(std::string_view text) noexcept {
    return trim(text, is_white_space);
}

/// `text` without spaces and tabs at either end.
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    return trim(text, [](char byte) { return byte == ' ' || byte == '\t'; });
}

}  // namespace mfa_reset::format
