// See escape.hpp.
#include "format/escape.hpp"

namespace mfa_reset::format {

Escaped::Escaped(std::string_view text) noexcept {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (const char character : text.substr(0, kMost)) {
        if (character >= ' ' && character <= '~' && character != '"' && character != '\\') {
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
