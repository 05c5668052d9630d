// The members of one flat record, as every format that a request may come in gives them: names and
// text, in the order of the record.
//
// What all readers (json_members.hpp, jsv.hpp, xml.hpp, csv.hpp, form.hpp) have in common: names
// are not folded and duplicates are kept, so the last one counts (find_member), also where it is
// null and so absent; members whose value is a record or a list are left out. All views are into
// the body that was read or into the memory given. Bytes that are not UTF-8 make a body malformed.
// A body that is empty, or nothing but a byte order mark and white space, has no members. Nothing
// is thrown but std::bad_alloc.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "format/ascii.hpp"
#include "format/utf8.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

struct Member {
    std::string_view name;
    std::string_view value{};  ///< decoded; may hold any character
    bool is_null = false;
};

using Members = std::pmr::vector<Member>;

/// How deep a record may nest, and how many members it may have; past these it is malformed.
inline constexpr std::size_t kMaxMembersDepth = 64;
inline constexpr std::size_t kMaxMembers = 1024;

/// The value of the last member of that name, compared without case (ASCII); nothing where there is
/// none or that one is null. It may be empty.
std::optional<std::string_view> find_member(const Members& members, std::string_view name) noexcept;

/// The same; empty where there is none.
inline std::string_view member(const Members& members, std::string_view name) noexcept {
    return find_member(members, name).value_or(std::string_view{});
}

/// Names of members; of a reader: those that are wanted, compared without case, or all if there are
/// none. Others are read past, and cost no memory.
using MemberNames = std::span<const std::string_view>;

/// For readers: the members so far.
class MemberCollector {
public:
    MemberCollector(Memory& memory, MemberNames wanted) : members_(&memory), wanted_(wanted) {}

    bool wants(std::string_view name) const noexcept;
    /// Whether any name is wanted, or `is_meant` is true of one that is.
    template <class IsMeant>
    bool wants_any(IsMeant is_meant) const noexcept {
        return wanted_.empty() || std::any_of(wanted_.begin(), wanted_.end(), is_meant);
    }

    /// Counts a member; false if there are kMaxMembers already. Wanted or not, each is counted
    /// once.
    bool count() noexcept { return ++counted_ <= kMaxMembers; }

    void add(std::string_view name, std::string_view value) { add({name, value}); }
    void add_null(std::string_view name) { add({.name = name, .is_null = true}); }

    Members take() noexcept { return std::move(members_); }

private:
    /// If names are wanted, each is kept once: the last one counts.
    void add(const Member& member);

    Members members_;
    MemberNames wanted_;
    std::size_t counted_ = 0;
};

/// For readers: what `read` makes of `body` without its byte order mark, if it is UTF-8 and not
/// blank.
template <class Read>
std::optional<Members> read_utf8(std::string_view body, Memory& memory, Read read) {
    body = without_byte_order_mark(body);
    if (is_blank(body)) {
        return Members(&memory);
    }
    return is_utf8(body) ? read(body) : std::nullopt;
}

}  // namespace mfa_reset::format
