// Time-based one-time passwords (RFC 6238): HMAC-SHA-1, 6 digits, steps of 30 seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mfa_reset::auth {

/// A device that shows such codes.
struct TotpDevice {
    std::string_view secret;  ///< the key's bytes, not hex; not empty
    std::int32_t drift_seconds =
        0;  ///< how far the device's clock is ahead of ours; may be negative
};

/// The step of the device's clock whose code this is, one step either way of `now` (seconds since
/// the epoch) allowed; the latest where several match, over all devices; nothing where none does,
/// and where `code` is not six digits. Every candidate is computed and compared whichever matches.
/// Whether the step was used before is not known here. Throws std::bad_alloc.
std::optional<std::int64_t> match_totp(std::span<const TotpDevice> devices, std::string_view code,
                                       std::int64_t now);

}  // namespace mfa_reset::auth
