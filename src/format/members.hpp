// The members of one flat record, whatever its format: names and text, in the order of the record.
//
// All readers have in common: names are not folded. The last member of a name counts, also if it is
// null, which means absent. Members whose value is a record or a list are left out. All views are
// into the body or into `memory`. A body that is not UTF-8 is malformed. A body that is empty, or
// only a byte order mark and white space, has no members.
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

/// Returns the value of the last member of that name, compared case-insensitively (ASCII); it may
/// be empty. Returns nullopt if there is no such member or it is null.
std::optional<std::string_view> find_member(const Members& members, std::string_view name) noexcept;

/// As find_member(); an absent member counts as an empty one.
inline std::string_view member(const Members& members, std::string_view name) noexcept {
    return find_member(members, name).value_or(std::string_view{});
}

/// The names that a reader looks for, compared case-insensitively; empty: all. Other members cost
/// no memory.
using MemberNames = std::span<const std::string_view>;

/// For readers: collects the members.
class MemberCollector {
public:
    MemberCollector(Memory& memory, MemberNames wanted) : members_(&memory), wanted_(wanted) {}

    bool wants(std::string_view name) const noexcept;
    /// Whether any name is wanted, or `is_meant` is true of one that is.
    template <class IsMeant>
    bool wants_any(IsMeant is_meant) const noexcept {
        return wanted_.empty() || std::any_of(wanted_.begin(), wanted_.end(), is_meant);
    }

    /// Counts a member, wanted or not. Returns false if there are too many.
    bool count() noexcept { return ++counted_ <= kMaxMembers; }

    void add(std::string_view name, std::string_view value) { add({name, value}); }
    void add_null(std::string_view name) { add({.name = name, .is_null = true}); }

    Members take() noexcept { return std::move(members_); }

private:
    /// If only some names are wanted, each is kept once: the last one.
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
