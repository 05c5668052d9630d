// Memory that lives as long as one request: nginx's pool of the request; tests have their own. All
// memory of a request comes from it, and nothing is freed before the request ends.
//
// These rules hold in all of include/ and src/, and are not repeated there:
//
//   - Functions throw std::bad_alloc and nothing else, also if OpenSSL fails for another reason.
//     What is noexcept does not throw.
//   - What a function gets by view, span or reference lives until the function returns; a Task's
//     until the Task has ended or is destroyed. What a constructor gets lives as long as the
//     object.
//   - A view that a function returns is into its arguments, or into the Memory among them.
#pragma once

#include <cstring>
#include <memory_resource>
#include <string_view>

namespace mfa_reset {

using Memory = std::pmr::memory_resource;

/// Copies `text` into `memory`.
inline std::string_view copy(std::string_view text, Memory& memory) {
    if (text.empty()) {
        return {};
    }
    auto* bytes = static_cast<char*>(memory.allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
}

}  // namespace mfa_reset
