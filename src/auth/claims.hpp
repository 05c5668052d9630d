// Copies JSON values, claims of a token for example, into the request's memory.
#pragma once

#include <jansson.h>

#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "auth/principal.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::auth {

/// Returns a string, an integer or a boolean as text; nullopt for any other value and for null.
std::optional<std::string_view> copy_scalar(const json_t* value, Memory& memory);

/// Adds a string, or the strings of an array; other items of the array are ignored.
void add_texts(std::pmr::vector<std::string_view>& texts, const json_t* value, Memory& memory);

/// Adds the members of `object` to `details` or `nested`; null members are skipped.
void add_details(Principal& principal, const json_t* object, Memory& memory);

}  // namespace mfa_reset::auth
