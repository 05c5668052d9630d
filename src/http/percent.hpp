// Percent-encoding, as URIs and HTML forms use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::http {

/// What `+` means: itself in a path, a blank in the names and values of a form.
enum class Plus : std::uint8_t { literal, blank };

/// Whether every `%` is followed by two hex digits.
bool is_percent_encoded(std::string_view text) noexcept;

enum class Case : std::uint8_t { exact, ignored };

/// For is_encoded_as(): the same without its quick answers.
bool is_any_encoded_as(std::string_view encoded, std::string_view name, Case compared) noexcept;

/// Whether `encoded` decodes to `name`, which has no `+` and no NUL. Stops at the first difference,
/// so the cost is bounded by `name`.
inline bool is_encoded_as(std::string_view encoded, std::string_view name, Case compared) noexcept {
    constexpr std::size_t kLongest = 3;  // of one byte
    return encoded.size() >= name.size() && encoded.size() <= kLongest * name.size() &&
           (encoded == name || is_any_encoded_as(encoded, name, compared));
}

/// Returns `text` decoded once: a copy in `memory` if anything is encoded, else `text` itself. The
/// result may hold any byte. Returns nullopt if a `%` is not followed by two hex digits.
std::optional<std::string_view> decode_percent(std::string_view text, Plus plus, Memory& memory);

/// Returns `name` as one segment of a readable path: `/` and `%` are encoded, in a copy in `memory`
/// if there are any.
std::string_view encode_slashes(std::string_view name, Memory& memory);

/// Returns a readable path of a path of names, none of which holds a `/`: `%` is encoded.
std::string_view encode_path(std::string_view path, Memory& memory);

/// Returns `/alpha/demo` of the readable path `/alpha` and the name `demo`, in `memory`.
std::string_view path_below(std::string_view path, std::string_view name, Memory& memory);

}  // namespace mfa_reset::http
