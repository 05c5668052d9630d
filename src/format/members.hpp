// The members of one flat record, as every format that a request may come in gives them: names and
// text, in the order of the record.
//
// What all readers (json_members.hpp, jsv.hpp, xml.hpp, csv.hpp, form.hpp) have in common: names
// are not folded and duplicates are kept, so the last one counts (find_member); members that are
// null are left out, and so are members whose value is a record or a list. All views are into the
// body that was read or into the memory given. Bytes that are not UTF-8 make a body malformed. A
// body that is empty, or nothing but a byte order mark and white space, has no members. Nothing is
// thrown but std::bad_alloc.
#pragma once

#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

struct Member {
    std::string_view name;
    std::string_view value;  ///< decoded; may hold any character
};

using Members = std::pmr::vector<Member>;

/// How deep a record may nest; what is deeper is malformed.
inline constexpr std::size_t kMaxMembersDepth = 64;

/// The value of the last member of that name, compared without case (ASCII); nothing where there is
/// none. It may be empty.
std::optional<std::string_view> find_member(const Members& members, std::string_view name) noexcept;

/// The same; empty where there is none.
inline std::string_view member(const Members& members, std::string_view name) noexcept {
    return find_member(members, name).value_or(std::string_view{});
}

/// `body` without a UTF-8 byte order mark.
constexpr std::string_view without_byte_order_mark(std::string_view body) noexcept {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return body.starts_with(kMark) ? body.substr(kMark.size()) : body;
}

}  // namespace mfa_reset::format
