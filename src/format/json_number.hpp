// JSON's numbers, kept as text: no value is computed.
#pragma once

#include <cstddef>

#include "format/ascii.hpp"

namespace mfa_reset::format {

struct JsonNumber {
    const char* end = nullptr;  ///< if it is not good: of the part that could be the start of one
    bool good = false;          ///< a number (RFC 8259, section 6) that a double can hold
};

/// The number that begins at `integer` and whose integer part, without a minus, ends at `at`.
JsonNumber read_json_number_from(const char* integer, const char* at, const char* end) noexcept;

/// The number that begins at `at`. Linear, and no arithmetic on more than its exponent.
inline JsonNumber read_json_number(const char* at, const char* end) noexcept {
    constexpr std::ptrdiff_t kShort = 200;
    const char* const integer = at != end && *at == '-' ? at + 1 : at;
    at = integer;
    while (at != end && is_digit(*at)) {
        ++at;
    }
    const std::ptrdiff_t size = at - integer;
    if (size != 1 && (size == 0 || *integer == '0')) {
        return {size == 0 ? at : integer + 1, false};
    }
    const char next = at == end ? ',' : *at;
    const bool goes_on = next != ',' && (next == '.' || (next | 0x20) == 'e');
    return goes_on || size > kShort ? read_json_number_from(integer, at, end)
                                    : JsonNumber{at, true};
}

}  // namespace mfa_reset::format
