// What the claims of a token and the members of a session have in common: JSON values that are to
// be copied into the request's memory.
#pragma once

#include <jansson.h>

#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// A string, an integer or a boolean as text; nothing for any other value, and for null.
std::optional<std::string_view> copy_scalar(const json_t* value, Memory& memory);

/// Adds a string, or the strings of an array; what else is in the array does not count.
void add_texts(std::pmr::vector<std::string_view>& texts, const json_t* value, Memory& memory);

/// Sorts the members of `object` into `details` and `nested`; null is neither.
void add_details(Principal& principal, const json_t* object, Memory& memory);

}  // namespace mfa_reset::auth
