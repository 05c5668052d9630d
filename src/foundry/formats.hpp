// The formats that requests and answers come in, and their names: as media types, as suffixes of
// the path, and as values of `?format=`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "format/ascii.hpp"

namespace mfa_reset::foundry {

enum class Format : std::uint8_t { json, xml, jsv, csv };

inline constexpr std::size_t kFormats = 4;

/// In the order of Format.
inline constexpr std::array<std::string_view, kFormats> kFormatNames{"json", "xml", "jsv", "csv"};

/// By its name in lower case.
constexpr std::optional<Format> format_by_name(std::string_view name) noexcept {
    for (std::size_t at = 0; at < kFormats; ++at) {
        if (name == kFormatNames[at]) {
            return static_cast<Format>(at);
        }
    }
    return std::nullopt;
}

/// By its name in any case.
constexpr std::optional<Format> format_ignoring_case(std::string_view name) noexcept {
    for (std::size_t at = 0; at < kFormats; ++at) {
        if (format::equal_ignoring_case(name, kFormatNames[at])) {
            return static_cast<Format>(at);
        }
    }
    return std::nullopt;
}

/// By a media type without parameters, in any case: `application/json`, `text/json`, …, `text/csv`.
constexpr std::optional<Format> format_by_media_type(std::string_view type) noexcept {
    constexpr std::string_view kShortest = "text/xml";
    const std::size_t slash =
        type.size() < kShortest.size() ? std::string_view::npos : type.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto format = format_ignoring_case(type.substr(slash + 1));
    const std::string_view top = type.substr(0, slash);
    const bool is_text = format::equal_ignoring_case(top, "text");
    const bool is_application =
        format::equal_ignoring_case(top, "application") && format != Format::csv;
    return is_text || is_application ? format : std::nullopt;
}

/// By a value of `?format=`, in any case: a name or a media type. What follows a `.` is a variant
/// (`json.compact`) and does not count.
constexpr std::optional<Format> format_by_query_value(std::string_view value) noexcept {
    value = value.substr(0, value.find('.'));
    const auto format = format_ignoring_case(value);
    return format ? format : format_by_media_type(value);
}

/// How an answer is written.
struct Form {
    Format format = Format::json;
    bool text_jsv = false;  ///< JSV under the name `text/jsv`, as the client asked for it
};

}  // namespace mfa_reset::foundry
