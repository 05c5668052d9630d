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

JsonString scan_full_json_string(const char* at, const char* end) noexcept;

/// The string that begins behind its opening quote, at `at`. Surrogates are judged once all of it
/// has been read.
inline JsonString scan_json_string(const char* at, const char* end) noexcept {
    const bool empty = at != end && *at == '"';
    return empty ? JsonString{at + 1, true} : scan_full_json_string(at, end);
}

/// What is between the quotes of a good string, without its escapes; in `memory`. Throws
/// std::bad_alloc.
std::string_view unescape_json(std::string_view raw, Memory& memory);

}  // namespace mfa_reset::format
