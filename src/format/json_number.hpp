// The numbers of JSON, which are text here: none is computed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "format/ascii.hpp"

namespace mfa_reset::format {

struct JsonNumber {
    std::size_t size = 0;  ///< if it is not good, of what could have begun one
    bool good = false;     ///< a number (RFC 8259, section 6) that a double can hold
};

/// The number that `text` begins with. Linear, and no arithmetic on more than its exponent.
JsonNumber read_any_json_number(std::string_view text) noexcept;

/// The same, and fast for a short integer, as most numbers are.
inline JsonNumber read_json_number(std::string_view text) noexcept {
    constexpr std::size_t kShort = 16;
    std::size_t size = text.starts_with('-') ? 1 : 0;
    const bool zero = size < text.size() && text[size] == '0';
    const std::size_t most = std::min(text.size(), zero ? size + 1 : kShort);
    const std::size_t first = size;
    while (size < most && is_digit(text[size])) {
        ++size;
    }
    const char next = size < text.size() ? text[size] : ' ';
    const bool goes_on = is_digit(next) || next == '.' || next == 'e' || next == 'E';
    return size == first || goes_on ? read_any_json_number(text) : JsonNumber{size, true};
}

}  // namespace mfa_reset::format
