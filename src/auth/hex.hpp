// Bytes as lower-case hex.
#pragma once

#include <cstddef>
#include <span>

namespace mfa_reset::auth {

/// Writes two digits for each byte; `out` has room for twice as many characters.
inline void to_hex(std::span<const unsigned char> bytes, char* out) noexcept {
    constexpr char kDigits[] = "0123456789abcdef";
    for (const unsigned char byte : bytes) {
        *out++ = kDigits[byte >> 4U];
        *out++ = kDigits[byte & 0xFU];
    }
}

}  // namespace mfa_reset::auth
