// Is this text JSON? Says where not, and keeps nothing of what it read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mfa_reset::format {

/// Where the bracket stands that goes deeper than `max_depth`; npos where none does. Brackets in
/// strings do not count. What is not JSON may be counted wrongly. To be asked before jansson, which
/// recurses.
std::size_t find_too_deep(std::string_view text, std::size_t max_depth) noexcept;

struct JsonSyntax {
    enum class Fault : std::uint8_t {
        none,      ///< one JSON value, or nothing but white space
        syntax,    ///< not JSON
        too_deep,  ///< arrays and objects nested deeper than allowed
        trailing,  ///< one JSON value, and something after it
    };
    Fault fault = Fault::none;
    std::size_t line = 0;    ///< of the fault (not of `trailing`), from 1
    std::size_t column = 0;  ///< in characters
};

/// Any JSON value counts, strings and numbers too. A number that no double can hold (1e999), a lone
/// surrogate escape ("\ud800") and a member's name with \u0000 in it are within JSON's grammar and
/// refused all the same, as `syntax`.
JsonSyntax check_json(std::string_view text, std::size_t max_depth);

}  // namespace mfa_reset::format
