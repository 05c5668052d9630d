// The memory of one request: a block that one request has after the other, and what does not fit in
// it, from the request's pool. The pool gets its memory from malloc() by the block of 4 KiB and
// gives it back, which for what a request takes here are a thousand instructions.
#pragma once

#include "nginx/pool_memory.hpp"

namespace mfa_reset::nginx {

class RequestMemory final : public Memory {
public:
    /// The block goes back when `pool` ends, which is after the log phase. Where there is no memory
    /// for one, all comes from `pool`.
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
