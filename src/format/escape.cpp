#include "format/escape.hpp"

namespace mfa_reset::format {

Escaped::Escaped(std::string_view text) noexcept {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (const char character : text) {
        const bool plain =
            character >= ' ' && character <= '~' && character != '"' && character != '\\';
        if (size_ + (plain ? 1 : 4) > kMost) {
            return;
        }
        if (plain) {
            bytes_[size_++] = character;
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        for (const char written : {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]}) {
            bytes_[size_++] = written;
        }
    }
}

}  // namespace mfa_reset::format
