#include "format/members.hpp"

#include <algorithm>

#include "format/ascii.hpp"

namespace mfa_reset::format {

std::optional<std::string_view> find_member(const Members& members,
                                            std::string_view name) noexcept {
    const auto found = std::find_if(
        members.rbegin(), members.rend(),
        [name](const Member& candidate) { return equal_ignoring_case(candidate.name, name); });
    return found == members.rend() || found->is_null ? std::nullopt : std::optional(found->value);
}

bool MemberCollector::wants(std::string_view name) const noexcept {
    return wants_any([name](std::string_view wanted) { return equal_ignoring_case(wanted, name); });
}

void MemberCollector::add(const Member& member) {
    const auto same =
        wanted_.empty()
            ? members_.end()
            : std::find_if(members_.begin(), members_.end(), [&member](const Member& other) {
                  return equal_ignoring_case(other.name, member.name);
              });
    if (same == members_.end()) {
        members_.push_back(member);
    } else {
        *same = member;
    }
}

}  // namespace mfa_reset::format
