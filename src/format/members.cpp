// See members.hpp.
#include "format/members.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset::format {

std::optional<std::string_view> find_member(const Members& members,
                                            std::string_view name) noexcept {
    const auto found = std::find_if(
        members.rbegin(), members.rend(),
        [name](const Member& candidate) { return equal_ignoring_case(candidate.name, name); });
    return found == members.rend() ? std::nullopt : std::optional(found->value);
}

bool add_member(Members& members, std::string_view name, std::string_view value) {
    if (members.size() == kMaxMembers) {
        return false;
    }
    members.push_back({name, value});
    return true;
}

void add_null_member(Members& members, std::string_view name) {
    std::erase_if(members, [name](const Member& candidate) {
        return equal_ignoring_case(candidate.name, name);
    });
}

}  // namespace mfa_reset::format
