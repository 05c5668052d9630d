// The memory of one request: a block that requests reuse, and the request's pool for what does not
// fit. The pool allocates and frees blocks of 4 KiB by malloc(): a thousand instructions for each
// request.
#pragma once

#include "nginx/pool_memory.hpp"

namespace mfa_reset::nginx {

class RequestMemory final : public Memory {
public:
    /// The block is given back when `pool` is destroyed, after the log phase. Without memory for a
    /// block, everything comes from `pool`.
    explicit RequestMemory(ngx_pool_t* pool) noexcept;

private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        void* const place = std::align(alignment, size, next_, left_);
        if (place == nullptr) {
            return pool_.allocate(size, alignment);
        }
        next_ = static_cast<std::byte*>(place) + size;
        left_ -= size;
        return place;
    }
    void do_deallocate(void* /*place*/, std::size_t /*size*/, std::size_t /*alignment*/) override {}
    bool do_is_equal(const Memory& other) const noexcept override { return this == &other; }

    PoolMemory pool_;
    void* next_ = nullptr;
    std::size_t left_ = 0;
};

}  // namespace mfa_reset::nginx
