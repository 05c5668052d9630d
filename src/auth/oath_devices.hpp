// The TOTP devices in a record's `oathDeviceProfiles` (docs/reference/redis-schema.md).
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "auth/totp.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// Further devices of a user are ignored.
inline constexpr std::size_t kMaxTotpDevices = 16;

/// Reads the TOTP devices of a JSON array of profiles, in order; none if `profiles` is empty or not
/// such an array. Skips a profile that is not an object (it is encrypted), whose `sharedSecret` is
/// not hex of 10 to 256 bytes, whose `clockDriftSeconds` is more than a day either way, or that was
/// used by counter only (HOTP: `counter` without `lastLogin`). Secrets are copied into `memory`.
std::pmr::vector<TotpDevice> read_totp_devices(std::string_view profiles, Memory& memory);

/// Whether `profiles` holds a device of any kind. Text that cannot be read (encrypted, invalid, too
/// large) counts as one: only an empty text and an empty JSON array hold no device.
bool has_profiles(std::string_view profiles);

}  // namespace mfa_reset::auth
