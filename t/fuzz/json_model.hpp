// RFC 8259's grammar once more, by recursive descent.
#pragma once

#include <string_view>

namespace mfa_reset::fuzz {

/// One JSON value with white space around it, or nothing but white space; arrays and objects nested
/// no deeper than `max_depth`. Strings are UTF-8. Takes lone surrogates and numbers of any size, as
/// the grammar does.
bool model_json(std::string_view text, int max_depth);

}  // namespace mfa_reset::fuzz
