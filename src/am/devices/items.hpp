// Resources in answers: one alone, or in the envelope of a query; compact or as Jackson, Java's
// writer, makes it pretty (contracts: am_devices.md, "Query").
#pragma once

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "format/text.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

struct ItemMember {
    std::string_view name;
    std::string_view json;  ///< the value as JSON; empty: no such member
};

struct Item {
    std::string_view id;  ///< as JSON
    unsigned long revision = 0;
    std::span<const ItemMember> members;  ///< in the order in which they are shown
};

/// The members that a client asked for by `_fields`.
struct Fields {
    explicit Fields(Memory& memory) : names(&memory) {}

    /// Adds what one `_fields` says, a list with commas. A name counts once, and names that no item
    /// has are dropped: what is left is short, however long the list is.
    void add(std::string_view list);

    bool all = true;  ///< nothing was asked for, or everything
    std::pmr::vector<std::string_view> names;

private:
    bool whole_ = false;  // an empty name means all
};

/// How the items of one answer are written.
struct ItemManner {
    const Fields& fields;
    bool identified = true;  ///< `_id` and `_rev` first; protocol 1.x has neither
    bool pretty = false;
};

/// `text` as a JSON string, in `memory`.
std::string_view to_json(std::string_view text, Memory& memory);
std::string_view to_json(unsigned long number, Memory& memory);

/// An answer of one item.
std::string_view write_item(const Item& item, const ItemManner& manner, Memory& memory);

/// An answer to a query.
class ItemList {
public:
    /// `bytes`: about how many the answer will have.
    ItemList(const ItemManner& manner, std::size_t bytes, Memory& memory);

    void add(const Item& item);
    /// The answer. To be called once, at the end.
    std::string_view end();

    bool empty() const noexcept { return count_ == 0; }

private:
    ItemManner manner_;
    format::Text text_;
    std::size_t count_ = 0;
};

}  // namespace mfa_reset::am
