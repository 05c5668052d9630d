// UTF-8 (RFC 3629): without overlong forms, surrogates and characters past U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace mfa_reset::format {

/// Size of the first character of `text`, 1 to 4 bytes; 0 if it is invalid.
std::size_t utf8_character(std::string_view text) noexcept;

/// Whether a character of two bytes begins at `at`, which is not the end. Fast.
constexpr bool is_utf8_of_two(const char* at, const char* end) noexcept {
    const auto lead = static_cast<unsigned char>(*at);
    return lead >= 0xC2 && lead <= 0xDF && end - at > 1 &&
           (static_cast<unsigned char>(at[1]) & 0xC0) == 0x80;
}

/// Writes `character` to `out`, which has room for 4 bytes. Returns the number of bytes written; 0
/// for a surrogate and past U+10FFFF.
std::size_t encode_utf8(char32_t character, char* out) noexcept;

/// Number of bytes at the start of `text` that are UTF-8.
std::size_t utf8_prefix(std::string_view text) noexcept;

/// Whether all of `text` is UTF-8.
bool is_utf8(std::string_view text) noexcept;

/// `text` without the byte order mark that some editors write.
constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

}  // namespace mfa_reset::format
