// UTF-8 as Unicode and RFC 3629 define it: no overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace mfa_reset::format {

/// Bytes of the character that `text` begins with, 1 to 4; 0 where it begins with none.
std::size_t utf8_character(std::string_view text) noexcept;

/// Whether `at`, which is not the end, begins a character of two bytes. Fast.
constexpr bool is_utf8_of_two(const char* at, const char* end) noexcept {
    const auto lead = static_cast<unsigned char>(*at);
    return lead >= 0xC2 && lead <= 0xDF && end - at > 1 &&
           (static_cast<unsigned char>(at[1]) & 0xC0) == 0x80;
}

/// Writes `character` to `out`, which has room for 4 bytes; returns how many it wrote. 0, and
/// nothing written, for a surrogate and past U+10FFFF.
std::size_t encode_utf8(char32_t character, char* out) noexcept;

/// How many bytes `text` begins with that are UTF-8.
std::size_t utf8_prefix(std::string_view text) noexcept;

/// Whether `text` is UTF-8 all through.
bool is_utf8(std::string_view text) noexcept;

/// `text` without the byte order mark that some editors put before it.
constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

}  // namespace mfa_reset::format
