// JSON as jansson's tree, for what is read once and not kept.
#pragma once

#include <jansson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mfa_reset::format {

struct JsonFree {
    void operator()(json_t* value) const noexcept { json_decref(value); }
};

using JsonTree = std::unique_ptr<json_t, JsonFree>;

/// What to do where an object has a name twice.
enum class JsonDuplicates : std::uint8_t { last, refused };

/// One object or array; null where `text` is not one or nests deeper than `max_depth`. Strings may
/// hold NUL: read them with json_view. Throws std::bad_alloc.
JsonTree parse_json(std::string_view text, std::size_t max_depth, JsonDuplicates duplicates);

// jansson's own are macros, which warn where they are negated.
inline bool is_object(const json_t* value) noexcept { return json_is_object(value); }
inline bool is_string(const json_t* value) noexcept { return json_is_string(value); }
inline bool is_integer(const json_t* value) noexcept { return json_is_integer(value); }
inline bool is_number(const json_t* value) noexcept { return json_is_number(value); }

/// The text of a JSON string, as long as its value lives; empty for any other value and for null.
inline std::string_view json_view(const json_t* value) noexcept {
    return json_is_string(value)
               ? std::string_view(json_string_value(value), json_string_length(value))
               : std::string_view{};
}

}  // namespace mfa_reset::format
