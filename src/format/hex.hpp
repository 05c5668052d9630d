// Hexadecimal: reads digits of either case, writes lower-case ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace mfa_reset::format {

/// The value of each hex digit; negative for any other byte.
inline constexpr auto kHexValues = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t value = 0; value < 16; ++value) {
        values[static_cast<unsigned char>("0123456789ABCDEF"[value])] =
            static_cast<std::int8_t>(value);
        values[static_cast<unsigned char>("0123456789abcdef"[value])] =
            static_cast<std::int8_t>(value);
    }
    return values;
}();

constexpr int hex_value(char digit) noexcept {
    return kHexValues[static_cast<unsigned char>(digit)];
}

/// The byte that two digits stand for; negative if one of them is not a digit.
constexpr int hex_pair(const char* digits) noexcept {
    return hex_value(digits[0]) << 4 | hex_value(digits[1]);
}

constexpr bool is_hex_digit(char byte) noexcept { return hex_value(byte) >= 0; }

/// The byte that the first two characters of `text` stand for; nullopt if they are not hex digits.
constexpr std::optional<char> decode_hex(std::string_view text) noexcept {
    const int value = text.size() < 2 ? -1 : hex_pair(text.data());
    return value < 0 ? std::nullopt : std::optional(static_cast<char>(value));
}

/// The two digits of every byte.
inline constexpr auto kHexOfByte = [] {
    constexpr char kDigits[] = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
        pairs[byte] = {kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    }
    return pairs;
}();

/// Writes two digits for each byte; `out` has room for twice as many characters.
inline void to_hex(std::span<const unsigned char> bytes, char* out) noexcept {
    for (const unsigned char byte : bytes) {
        std::memcpy(out, kHexOfByte[byte].data(), 2);
        out += 2;
    }
}

}  // namespace mfa_reset::format
