// See base64.hpp.
#include "auth/base64.hpp"

#include <array>
#include <cassert>
#include <cstdint>

namespace mfa_reset::auth {

namespace {

constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() noexcept {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::uint8_t, 256> values{};
    values.fill(kNone);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr auto kValues = make_values();

}  // namespace

std::optional<std::size_t> decode_base64(std::string_view text,
                                         std::span<unsigned char> out) noexcept {
    assert(out.size() >= base64_room(text));
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t size = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
        if (value == kNone) {
            return std::nullopt;
        }
        bits = bits << 6U | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[size++] = static_cast<unsigned char>(bits >> count & 0xFFU);
        }
    }
    const std::uint32_t left_over = bits & ((1U << count) - 1U);
    return left_over == 0 ? std::optional(size) : std::nullopt;
}

}  // namespace mfa_reset::auth
