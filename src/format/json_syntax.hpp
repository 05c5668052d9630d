// Is this text JSON? Says where not. Linear, and nothing is allocated.
#pragma once

#include <cstddef>
#include <string_view>

#include "format/json_reader.hpp"

namespace mfa_reset::format {

/// Where the bracket stands that goes deeper than `max_depth`; npos if none does. `depth`: how many
/// are open before `text`. Brackets in strings do not count. What is not JSON may be counted
/// wrongly. To be asked before jansson, which recurses.
std::size_t find_too_deep(std::string_view text, std::size_t max_depth,
                          std::size_t depth = 0) noexcept;

struct JsonSyntax {
    using Fault = JsonFault;
    Fault fault = Fault::none;  ///< none for blank text, too
    std::size_t line = 0;       ///< of the fault (not of `trailing`), from 1
    std::size_t column = 0;     ///< in characters
};

/// Any JSON value counts, strings and numbers too; what is refused beyond the grammar is in
/// json_reader.hpp. `max_depth`: at most JsonReader::kMaxDepth.
JsonSyntax check_json(std::string_view text, std::size_t max_depth) noexcept;

}  // namespace mfa_reset::format
