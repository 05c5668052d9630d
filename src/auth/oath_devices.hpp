// The devices in a record's `oathDeviceProfiles`, as AM keeps them (design: the store).
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "auth/totp.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// More profiles than this of one user are not looked at.
inline constexpr std::size_t kMaxTotpDevices = 16;

/// The TOTP devices of a JSON array of profiles, in order; none where `profiles` is empty or not
/// such an array. No device is a profile that is not an object (AM encrypts them whole), whose
/// `sharedSecret` is not hex of 10 to 256 bytes, whose `clockDriftSeconds` is neither absent nor
/// within a day either way, or that was used by counter only (HOTP: `counter` without `lastLogin`).
/// Secrets are copied into `memory`.
std::pmr::vector<TotpDevice> read_totp_devices(std::string_view profiles, Memory& memory);

/// Whether `profiles` holds a device of any kind. Text that cannot be read (encrypted, broken, too
/// large) counts as one: only an empty text and an empty JSON array hold none.
bool has_profiles(std::string_view profiles);

}  // namespace mfa_reset::auth
