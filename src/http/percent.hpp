// Percent-encoding, as URIs and HTML forms use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::http {

/// What a `+` stands for: itself in a path, a blank in a form's names and values.
enum class Plus : std::uint8_t { literal, blank };

/// Whether every `%` has two hex digits after it.
bool is_percent_encoded(std::string_view text) noexcept;

enum class Case : std::uint8_t { exact, ignored };

/// As is_encoded_as, of any size.
bool is_any_encoded_as(std::string_view encoded, std::string_view name, Case compared) noexcept;

/// Whether a form writes `name` as `encoded`. `name` has no `+` and no NUL. Decodes nothing, and
/// stops at the first difference.
inline bool is_encoded_as(std::string_view encoded, std::string_view name, Case compared) noexcept {
    constexpr std::size_t kLongest = 3;  // of one byte
    return encoded.size() >= name.size() && encoded.size() <= kLongest * name.size() &&
           (encoded == name || is_any_encoded_as(encoded, name, compared));
}

/// `text` decoded once: itself where nothing is encoded, a copy in `memory` otherwise; nothing
/// where a `%` has no two hex digits after it. The result may hold any byte.
std::optional<std::string_view> decode_percent(std::string_view text, Plus plus, Memory& memory);

/// `name` as one part of a path of names, for people to read: `/` and `%` are encoded. Itself where
/// it has neither, a copy in `memory` otherwise.
std::string_view encode_slashes(std::string_view name, Memory& memory);

/// `path` with `%` encoded: a path of names, none of which holds a `/`, for people to read.
std::string_view encode_path(std::string_view path, Memory& memory);

/// `/alpha/demo`: the path `/alpha`, or `/`, and `name` as one more part of it. In `memory`.
std::string_view path_below(std::string_view path, std::string_view name, Memory& memory);

}  // namespace mfa_reset::http
