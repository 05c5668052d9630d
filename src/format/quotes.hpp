// Quotes as CSV and JSV have them: a quote within quotes is written twice.
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// What was between quotes.
struct Quoted {
    std::string_view raw;  ///< with its doubled quotes
    bool doubled = false;  ///< there are some
};

/// What is in the quotes that `rest` begins with, and takes it off `rest` with both its quotes. If
/// the quotes do not end, returns nullopt.
std::optional<Quoted> take_quoted(std::string_view& rest) noexcept;

/// The text that it stands for: a view, or a copy in `memory` if quotes are doubled.
std::string_view text_of(const Quoted& quoted, Memory& memory);

}  // namespace mfa_reset::format
