// What the bodies of the acts on devices say. Bodies are JSON by then (crest.cpp); of a name that
// is there twice the last one counts.
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

/// Whether the JSON value `body` is an object; no body is not.
bool is_json_object(std::string_view body) noexcept;

/// Whether it is an object with the member `name`.
bool has_member(std::string_view body, std::string_view name, Memory& memory);

/// `deviceName` of a renaming. nullopt: it is missing, no text, not of 1 to 256 bytes, or has a
/// control character. Views `body` or `memory`.
std::optional<std::string_view> read_device_name(std::string_view body, Memory& memory);

/// `value` of a skip. nullopt: it is missing, or no boolean.
std::optional<bool> read_skip(std::string_view body, Memory& memory);

}  // namespace mfa_reset::am
