// JSON as jansson's tree, for text that is read once and not kept.
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

/// What to do if an object has a name twice.
enum class JsonDuplicates : std::uint8_t { last, refused };

/// Reads one object or array. Returns null if `text` is neither, or nests deeper than `max_depth`.
/// Strings may hold NUL: read them with json_view().
JsonTree parse_json(std::string_view text, std::size_t max_depth, JsonDuplicates duplicates);

// jansson's own are macros that cause warnings if they are negated.
inline bool is_object(const json_t* value) noexcept { return json_is_object(value); }
inline bool is_string(const json_t* value) noexcept { return json_is_string(value); }
inline bool is_integer(const json_t* value) noexcept { return json_is_integer(value); }
inline bool is_number(const json_t* value) noexcept { return json_is_number(value); }

/// The text of a JSON string, owned by `value`; empty for any other value and for nullptr.
inline std::string_view json_view(const json_t* value) noexcept {
    return json_is_string(value)
               ? std::string_view(json_string_value(value), json_string_length(value))
               : std::string_view{};
}

}  // namespace mfa_reset::format
