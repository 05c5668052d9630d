// Memory that lives as long as one request.
//
// In nginx it ends with the request's pool; tests use a resource of their own. Everything that a
// request allocates comes from it and nothing is given back before the request ends, so
// string_views into it stay good until the answer has been sent.
#pragma once

#include <cstring>
#include <memory_resource>
#include <string_view>

namespace mfa_reset {

using Memory = std::pmr::memory_resource;

/// A copy of `text` that lives as long as `memory`. Throws std::bad_alloc.
inline std::string_view copy(std::string_view text, Memory& memory) {
    if (text.empty()) {
        return {};
    }
    auto* bytes = static_cast<char*>(memory.allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
}

}  // namespace mfa_reset
