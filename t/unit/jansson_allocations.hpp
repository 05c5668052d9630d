// Counts what jansson allocates, which it does for each node of a tree.
#pragma once

#include <jansson.h>

#include <cstddef>
#include <cstdlib>

namespace mfa_reset::test {

/// As long as it lives. One at a time.
class JanssonAllocations {
public:
    JanssonAllocations() {
        count_ = 0;
        json_set_alloc_funcs(
            [](std::size_t size) {
                ++count_;
                return std::malloc(size);
            },
            std::free);
    }
    JanssonAllocations(const JanssonAllocations&) = delete;
    JanssonAllocations& operator=(const JanssonAllocations&) = delete;
    ~JanssonAllocations() { json_set_alloc_funcs(std::malloc, std::free); }

    std::size_t count() const { return count_; }

private:
    static inline std::size_t count_ = 0;
};

}  // namespace mfa_reset::test
