// The strings of JSON.
#pragma once

#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// A string that was scanned.
struct JsonString {
    const char* end =
        nullptr;           ///< behind the closing quote; if it is not good, where that was seen
    bool good = false;     ///< RFC 8259, section 7, in UTF-8, and without surrogates that are alone
    bool escaped = false;  ///< escapes are in it
    bool nul = false;      ///< one of them is \u0000
};

/// The string that begins behind its opening quote, or goes on without an escape before, at `at`.
/// Surrogates are judged once all of it has been read.
JsonString scan_json_string(const char* at, const char* end) noexcept;

/// To the first byte that is not printable ASCII other than `"` and `\`; looks at some few bytes,
/// as most strings are short.
inline const char* skip_plain_json(const char* at, const char* end) noexcept {
    constexpr std::ptrdiff_t kMost = 12;
    const char* const most = end - at < kMost ? end : at + kMost;
    while (at != most && *at >= ' ' && *at != '"' && *at != '\\') {
        ++at;
    }
    return at;
}

/// What is between the quotes of a good string, without its escapes; in `memory`. Throws
/// std::bad_alloc.
std::string_view unescape_json(std::string_view raw, Memory& memory);

}  // namespace mfa_reset::format
