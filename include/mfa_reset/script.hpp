// A Lua script that Redis runs: by its SHA1, or by its text if Redis does not know it yet.
//
// Every `*.lua` in an API's folder is such a constant, in the generated header `API/scripts.hpp`
// (cmake/scripts.cmake).
#pragma once

#include <string_view>

namespace mfa_reset {

struct Script {
    std::string_view sha1;  ///< of `text`, 40 hex digits
    std::string_view text;
};

}  // namespace mfa_reset
