// Base64 (RFC 4648), read strictly: of all texts that could stand for some bytes, only the one that
// an encoder writes is read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// Bytes that `text` stands for at most, with or without padding.
constexpr std::size_t base64_room(std::string_view text) noexcept {
    return (text.size() + 3) / 4 * 3;
}

/// Decodes base64 with padding (RFC 4648, 4) into `out`, which has base64_room(text) bytes. Returns
/// how many they are, or nullopt if `text` holds another character, lacks padding, or has bits left
/// over that are not zero.
std::optional<std::size_t> decode_base64(std::string_view text,
                                         std::span<unsigned char> out) noexcept;

/// Decodes base64url without padding (RFC 4648, 5; RFC 7515, 2) into `memory`. Returns nullopt as
/// decode_base64() does, and for padding.
std::optional<std::string_view> decode_base64url(std::string_view text, Memory& memory);

}  // namespace mfa_reset::auth
