// The caller, as a session or a token describes it.
#pragma once

#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "format/members.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// Views are into the memory that it was read into.
struct Principal {
    explicit Principal(Memory& memory)
        : roles(&memory), permissions(&memory), details(&memory), nested(&memory) {}

    std::string_view id;  ///< of the caller's record; not empty once it was read
    std::pmr::vector<std::string_view> roles;
    std::pmr::vector<std::string_view> permissions;
    format::Members details;                    ///< members that are text, a number or a boolean
    std::pmr::vector<std::string_view> nested;  ///< names of the other members

    /// Case-sensitive.
    bool has_role(std::string_view role) const noexcept;
    bool has_permission(std::string_view permission) const noexcept;

    /// Returns the member of that name, compared case-insensitively, as text, which may be empty.
    /// Returns nullopt if there is no such member or it is null.
    std::optional<std::string_view> find_text(std::string_view name) const noexcept;

    /// Whether there is a member of that name (case-insensitive) that is a list, a record or a
    /// number with a fraction, which find_text() does not return. If an absent member grants a
    /// right, check this first.
    bool is_nested(std::string_view name) const noexcept;
};

}  // namespace mfa_reset::auth
