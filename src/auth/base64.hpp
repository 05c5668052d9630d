// Base64 as RFC 4648, section 4, defines it, read strictly.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace mfa_reset::auth {

/// Bytes that `text` stands for at most.
constexpr std::size_t base64_room(std::string_view text) noexcept { return text.size() / 4 * 3; }

/// Decodes `text` into `out`, which has base64_room(text) bytes; returns how many it is. Nothing
/// for what no encoder writes: another character, a blank, missing padding, bits that are left
/// over.
std::optional<std::size_t> decode_base64(std::string_view text,
                                         std::span<unsigned char> out) noexcept;

}  // namespace mfa_reset::auth
