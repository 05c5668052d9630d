// A session as ServiceStack keeps it: JSON under `urn:iauthsession:{id}` (contracts: foundry.md,
// "Who is calling").
#pragma once

#include <optional>
#include <string_view>

#include "auth/principal.hpp"

namespace mfa_reset::foundry {

/// Whether `text` is a session's id by its form: `[A-Za-z0-9+/=_-]`, 1 to 128 characters.
bool is_session_id(std::string_view text) noexcept;

/// Whether a session is larger than any that is read.
bool is_too_large_session(std::string_view json) noexcept;

/// Who is logged in: `userAuthId`, `roles`, `permissions` and every member that is text, by names
/// in any case. Nothing where `json` is not an object or too large, `isAuthenticated` is not true,
/// or there is no `userAuthId`. `__type` is not looked at. Everything is copied into `memory`.
std::optional<auth::Principal> parse_session(std::string_view json, Memory& memory);

}  // namespace mfa_reset::foundry
