// The header Accept-API-Version.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;

    friend constexpr auto operator<=>(const Version&, const Version&) = default;
};

inline constexpr Version kResourceVersion{1, 0};         ///< the one that is served
inline constexpr Version kNewestSessionVersion{5, 0};    ///< of getSessionInfo; all from 1.0 on
inline constexpr Version kDefaultProtocolVersion{2, 1};  ///< the first where a POST may create

struct AcceptedVersions {
    std::optional<Version> protocol;
    std::optional<Version> resource;
};

/// Nothing where `value` breaks the grammar; empty is as if the header were absent.
std::optional<AcceptedVersions> parse_versions(std::string_view value) noexcept;

/// `2.0`
std::string_view to_text(Version version, Memory& memory);

}  // namespace mfa_reset::am
