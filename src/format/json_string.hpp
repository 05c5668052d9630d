// The strings of JSON.
#pragma once

#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// A string that was scanned.
struct JsonString {
    const char* end =
        nullptr;           ///< behind the closing quote; if it is not good, the place of the fault
    bool good = false;     ///< RFC 8259, section 7, in UTF-8, without lone surrogates
    bool escaped = false;  ///< it has escapes
    bool nul = false;      ///< one of them is \u0000
};

/// Scans a string from `at`, which is behind its opening quote, or later if no escape was seen
/// before. Lone surrogates are reported at its end.
JsonString scan_json_string(const char* at, const char* end) noexcept;

/// Returns the first byte that is `"`, `\` or not printable ASCII. Looks at a few bytes only, as
/// most strings are short.
inline const char* skip_plain_json(const char* at, const char* end) noexcept {
    constexpr std::ptrdiff_t kMost = 12;
    const char* const most = end - at < kMost ? end : at + kMost;
    while (at != most && *at >= ' ' && *at != '"' && *at != '\\') {
        ++at;
    }
    return at;
}

/// Replaces the escapes in `raw`, the text between the quotes of a good string. In `memory`.
std::string_view unescape_json(std::string_view raw, Memory& memory);

}  // namespace mfa_reset::format
