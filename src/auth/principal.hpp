// Who is calling, as a session or a token says it.
#pragma once

#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "format/members.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// All views live as long as the memory it was read into.
struct Principal {
    explicit Principal(Memory& memory)
        : roles(&memory), permissions(&memory), details(&memory), nested(&memory) {}

    std::string_view id;  ///< of the caller's record; never empty in one that was read
    std::pmr::vector<std::string_view> roles;
    std::pmr::vector<std::string_view> permissions;
    format::Members details;                    ///< members that are text, a number or a boolean
    std::pmr::vector<std::string_view> nested;  ///< names of members that cannot be read as text

    /// Exact, as ServiceStack compares them.
    bool has_role(std::string_view role) const noexcept;
    bool has_permission(std::string_view permission) const noexcept;

    /// The member of that name, compared without case, as text; nothing where there is none or it
    /// is null. It may be empty.
    std::optional<std::string_view> find_text(std::string_view name) const noexcept;

    /// Whether there is a member of that name (without case) that is a list, a record or a number
    /// with a fraction: something is said there that find_text does not see. Whoever takes an
    /// absent member for a licence asks this first.
    bool is_nested(std::string_view name) const noexcept;
};

}  // namespace mfa_reset::auth
