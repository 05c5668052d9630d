// Quotes as CSV and JSV have them: a quote within quotes is written twice.
#pragma once

#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// What is in the quotes that `rest` begins with, and takes it off `rest` with both its quotes:
/// a view into `rest`, or a copy in `memory` where quotes were doubled. Nothing where the quotes do
/// not end.
std::optional<std::string_view> take_quoted(std::string_view& rest, Memory& memory);

}  // namespace mfa_reset::format
