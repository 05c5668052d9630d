// AM's universal ids: a user's distinguished name (RFC 4514), which names the realm too. Here for
// the user in a path; the id of a session is read by store/reset.lua, in the same way.
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

struct UniversalId {
    std::string_view user;   ///< without the DN's escapes
    std::string_view realm;  ///< `/`, `/alpha/eu`
};

/// `id=demo,ou=user,o=eu,o=alpha,ou=services,dc=…` is demo of /alpha/eu: the realm is what `o=`
/// parts follow `ou=user` at once, from the inside out. Nothing where `name` is no user's universal
/// id, and so a plain name.
std::optional<UniversalId> parse_universal_id(std::string_view name, Memory& memory);

}  // namespace mfa_reset::am
