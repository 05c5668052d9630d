#include "auth/principal.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset::auth {

bool Principal::has_role(std::string_view role) const noexcept {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool Principal::has_permission(std::string_view permission) const noexcept {
    return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

std::optional<std::string_view> Principal::find_text(std::string_view name) const noexcept {
    return format::find_member(details, name);
}

bool Principal::is_nested(std::string_view name) const noexcept {
    return std::any_of(nested.begin(), nested.end(), [name](std::string_view other) {
        return format::equal_ignoring_case(other, name);
    });
}

}  // namespace mfa_reset::auth
