// See base64url.hpp.
#include "auth/base64url.hpp"

#include <array>
#include <cstdint>

namespace mfa_reset::auth {

namespace {

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() noexcept {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoDigit);
    for (std::size_t at = 0; at < kDigits.size(); ++at) {
        values[static_cast<unsigned char>(kDigits[at])] = static_cast<std::uint8_t>(at);
    }
    return values;
}

constexpr auto kValues = make_values();

}  // namespace

std::optional<std::string_view> decode_base64url(std::string_view text, Memory& memory) {
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    if (text.empty()) {
        return std::string_view{};
    }
    auto* const bytes = static_cast<char*>(memory.allocate(text.size() / 4 * 3 + 2, 1));
    std::size_t size = 0;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char digit : text) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(digit)];
        if (value == kNoDigit) {
            return std::nullopt;
        }
        bits = bits << 6U | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes[size++] = static_cast<char>(bits >> count);
            bits &= (1U << count) - 1;
        }
    }
    return bits == 0 ? std::optional(std::string_view{bytes, size}) : std::nullopt;
}

}  // namespace mfa_reset::auth
