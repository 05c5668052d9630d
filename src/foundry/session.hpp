// What ServiceStack keeps in Redis about callers, in JSON: sessions, under `urn:iauthsession:{id}`,
// and users, under `urn:iuserauth:{id}` (contracts: foundry.md, "Who is calling").
//
// Names of members are compared without case. Views are into `json` or `memory`. What is larger
// than kMaxStored or nests deeper than 32 is not read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "auth/principal.hpp"

namespace mfa_reset::foundry {

/// Sessions carry the tokens of identity providers, and pictures.
inline constexpr std::size_t kMaxStored = 256UL * 1024;

/// Whether `text` is a session's id by its form: `[A-Za-z0-9+/=_-]`, 1 to 128 characters.
bool is_session_id(std::string_view text) noexcept;

/// Who is logged in: `userAuthId`, `roles`, `permissions` and those members that are `wanted`, or
/// all if there are none. nullopt: `json` is not an object, an `isAuthenticated` is not true or
/// there is none, or there is no `userAuthId`. `__type` is not looked at.
std::optional<auth::Principal> parse_session(std::string_view json, format::MemberNames wanted,
                                             Memory& memory);

/// What a user's own record says of the user.
enum class UserState : std::uint8_t {
    good,
    locked,      ///< `LockedDate` is there and not null
    unreadable,  ///< not a JSON object
};

/// Puts the `Roles` and `Permissions` of a user into the place of the principal's. If the user is
/// not good, the principal has none.
UserState read_user_roles(std::string_view json, auth::Principal& principal, Memory& memory);

}  // namespace mfa_reset::foundry
