// The slot of a key in Redis Cluster (Redis Cluster specification, "Key distribution
// model" and "Hash tags").
#pragma once

#include <cstdint>
#include <string_view>

namespace mfa_reset::redis {

inline constexpr std::uint16_t kSlots = 16384;

/// CRC-16/XMODEM: polynomial 0x1021, initial value 0, not reflected.
std::uint16_t crc16(std::string_view bytes) noexcept;

/// The part of `key` that is hashed: between the first `{` and the first `}` after it, unless that
/// is empty; else the whole key.
std::string_view hash_tag(std::string_view key) noexcept;

std::uint16_t key_slot(std::string_view key) noexcept;

}  // namespace mfa_reset::redis
