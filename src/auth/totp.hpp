// Time-based one-time passwords (RFC 6238): HMAC-SHA-1, 6 digits, steps of 30 seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mfa_reset::auth {

/// A device that shows these codes.
struct TotpDevice {
    std::string_view secret;  ///< the key's bytes, not hex; not empty
    std::int32_t drift_seconds =
        0;  ///< how far the device's clock is ahead of ours; may be negative
};

/// Returns the step, by a device's clock, whose code is `code`; at most one step before or after
/// `now` (seconds since the epoch). If several steps of all devices match, returns the latest.
/// Returns nullopt if no step matches, or `code` is not six digits. Always computes and compares
/// every candidate. The caller must check that the step was not used before.
std::optional<std::int64_t> match_totp(std::span<const TotpDevice> devices, std::string_view code,
                                       std::int64_t now);

}  // namespace mfa_reset::auth
