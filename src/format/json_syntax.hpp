// Checks whether a text is JSON, and finds the fault. Linear; allocates nothing.
#pragma once

#include <cstddef>
#include <string_view>

#include "format/json_reader.hpp"

namespace mfa_reset::format {

/// Returns the place of the first bracket that nests deeper than `max_depth`; npos if there is
/// none. `depth`: brackets that are open before `text`. Brackets in strings do not count. For a
/// text that is not JSON the result may be wrong. Check this before jansson, which recurses.
std::size_t find_too_deep(std::string_view text, std::size_t max_depth,
                          std::size_t depth = 0) noexcept;

struct JsonSyntax {
    using Fault = JsonFault;
    Fault fault = Fault::none;  ///< none for blank text, too
    std::size_t line = 0;       ///< of the fault (not of `trailing`), from 1
    std::size_t column = 0;     ///< in characters
};

/// Accepts any JSON value, strings and numbers too. json_reader.hpp says what is refused beyond the
/// grammar. `max_depth`: at most JsonReader::kMaxDepth.
JsonSyntax check_json(std::string_view text, std::size_t max_depth) noexcept;

}  // namespace mfa_reset::format
