// Bytes as lower-case hex.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

namespace mfa_reset::auth {

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

}  // namespace mfa_reset::auth
