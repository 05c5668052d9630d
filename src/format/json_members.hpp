// Reads the members of a JSON object. (json.hpp writes JSON.)
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"

namespace mfa_reset::format {

/// Reads the members of one object. Numbers and booleans become text as written: `1.50` stays
/// `1.50`. A null member cancels earlier ones of its name. Returns nullopt if `body` is not a JSON
/// object, or nests deeper than kMaxMembersDepth.
std::optional<Members> read_json_members(std::string_view body, Memory& memory,
                                         MemberNames wanted = {});

}  // namespace mfa_reset::format
