// Reads the members of a JSON object. (json.hpp writes JSON.)
#pragma once

#include <optional>
#include <string_view>

#include "format/members.hpp"

namespace mfa_reset::format {

/// The members of one object (contracts: foundry.md, "Reading the request"); nothing if `body`
/// is not JSON, not an object, or nests deeper than kMaxMembersDepth. Numbers and booleans become
/// text as they are written, `1.50` stays `1.50`. A member that is null takes back earlier ones of
/// its name.
std::optional<Members> read_json_members(std::string_view body, Memory& memory,
                                         MemberNames wanted = {});

}  // namespace mfa_reset::format
