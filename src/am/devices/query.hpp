// The parameters of a GET, DELETE or PUT of devices (contracts: am_devices.md, "Query"). They are
// checked as AM's CREST does, and of a query none is applied but `_fields`, and `_pageSize` of
// events.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "am/devices/items.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

struct Query {
    explicit Query(Memory& memory) : fields(memory) {}

    /// Any of `_queryFilter`, `_queryId` and `_queryExpression`: makes a GET a query.
    bool is_query = false;
    Fields fields;
    std::size_t page_size = 0;  ///< 0: not given, or no page
    /// Why the request is refused with 400; empty: it is not.
    std::string_view complaint;
};

/// What parameters a request may have.
enum class QueryKind : std::uint8_t {
    get,    ///< a query if it has a parameter of one, else a read
    write,  ///< DELETE and PUT
};

/// Of parameters with several faults the complaint is of the first in the query. `query` is
/// well-encoded. Throws std::bad_alloc.
Query read_query(std::string_view query, QueryKind kind, Memory& memory);

/// Whether `text` is a query filter in CREST's grammar. Linear.
bool is_query_filter(std::string_view text) noexcept;

}  // namespace mfa_reset::am
