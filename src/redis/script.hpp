// A Lua script that Redis runs: by its SHA1 first, by its text where Redis does not know it yet.
#pragma once

#include <string_view>

namespace mfa_reset::redis {

struct Script {
    std::string_view sha1;  ///< of `text`, 40 hex digits
    std::string_view text;
};

}  // namespace mfa_reset::redis
