// See members.hpp.
#include "format/members.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset::format {

namespace {

bool add(Members& members, const Member& member) {
    if (members.size() == kMaxMembers) {
        return false;
    }
    members.push_back(member);
    return true;
}

}  // namespace

std::optional<std::string_view> find_member(const Members& members,
                                            std::string_view name) noexcept {
    const auto found = std::find_if(
        members.rbegin(), members.rend(),
        [name](const Member& candidate) { return equal_ignoring_case(candidate.name, name); });
    return found == members.rend() || found->is_null ? std::nullopt : std::optional(found->value);
}

bool add_member(Members& members, std::string_view name, std::string_view value) {
    return add(members, {name, value});
}

bool add_null_member(Members& members, std::string_view name) {
    return add(members, {.name = name, .is_null = true});
}

}  // namespace mfa_reset::format
