// The kinds of devices, as paths, events and the user's record call them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mfa_reset::am {

enum class Factor : std::uint8_t { oath, push, webauthn };

inline constexpr std::array kFactors{Factor::oath, Factor::push, Factor::webauthn};

/// In paths and events.
constexpr std::string_view name_of(Factor factor) noexcept {
    constexpr std::array<std::string_view, kFactors.size()> kNames{"oath", "push", "webauthn"};
    return kNames[static_cast<std::size_t>(factor)];
}

constexpr std::optional<Factor> factor_of(std::string_view name) noexcept {
    for (const Factor factor : kFactors) {
        if (name == name_of(factor)) {
            return factor;
        }
    }
    return std::nullopt;
}

/// The field of the record with the devices: a JSON array.
constexpr std::string_view devices_field(Factor factor) noexcept {
    constexpr std::array<std::string_view, kFactors.size()> kFields{
        "oathDeviceProfiles", "pushDeviceProfiles", "webauthnDeviceProfiles"};
    return kFields[static_cast<std::size_t>(factor)];
}

/// The field with the skip setting; empty: AM has none for this factor.
constexpr std::string_view skip_field(Factor factor) noexcept {
    constexpr std::array<std::string_view, kFactors.size()> kFields{"oath2faEnabled",
                                                                    "push2faEnabled", ""};
    return kFields[static_cast<std::size_t>(factor)];
}

}  // namespace mfa_reset::am
