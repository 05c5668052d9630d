#include "auth/base64.hpp"

#include <array>
#include <cassert>
#include <cstdint>

namespace mfa_reset::auth {

namespace {

constexpr std::uint8_t kNoDigit = 0xFF;

using Values = std::array<std::uint8_t, 256>;

/// The value of each digit. `last`: the digits for 62 and 63.
constexpr Values make_values(std::string_view last) noexcept {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    Values values{};
    values.fill(kNoDigit);
    std::uint8_t value = 0;
    for (const std::string_view digits : {kDigits, last}) {
        for (const char digit : digits) {
            values[static_cast<unsigned char>(digit)] = value++;
        }
    }
    return values;
}

constexpr Values kStandard = make_values("+/");
constexpr Values kUrl = make_values("-_");

/// Decodes digits without padding. Returns how many bytes they are, or nullopt.
std::optional<std::size_t> decode(std::string_view digits, const Values& values,
                                  unsigned char* out) noexcept {
    if (digits.size() % 4 == 1) {
        return std::nullopt;
    }
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t size = 0;
    for (const char digit : digits) {
        const std::uint8_t value = values[static_cast<unsigned char>(digit)];
        if (value == kNoDigit) {
            return std::nullopt;
        }
        bits = bits << 6U | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[size++] = static_cast<unsigned char>(bits >> count);
            bits &= (1U << count) - 1;
        }
    }
    return bits == 0 ? std::optional(size) : std::nullopt;
}

}  // namespace

std::optional<std::size_t> decode_base64(std::string_view text,
                                         std::span<unsigned char> out) noexcept {
    assert(out.size() >= base64_room(text));
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    return decode(text.substr(0, text.size() - padding), kStandard, out.data());
}

std::optional<std::string_view> decode_base64url(std::string_view text, Memory& memory) {
    if (text.empty()) {
        return std::string_view{};
    }
    auto* const bytes = static_cast<unsigned char*>(memory.allocate(base64_room(text), 1));
    const auto size = decode(text, kUrl, bytes);
    return size ? std::optional(std::string_view{reinterpret_cast<const char*>(bytes), *size})
                : std::nullopt;
}

}  // namespace mfa_reset::auth
