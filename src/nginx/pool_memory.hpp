// A request's pool as the library's Memory.
#pragma once

#include <cstdint>
#include <memory>
#include <new>

#include "mfa_reset/memory.hpp"
#include "nginx/ngx.hpp"

namespace mfa_reset::nginx {

class PoolMemory final : public Memory {
public:
    explicit PoolMemory(ngx_pool_t* pool) noexcept : pool_(pool) {}

private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        void* place = nullptr;
        if (alignment == 1) {
            place = ngx_pnalloc(pool_, size);
        } else if (alignment <= NGX_ALIGNMENT) {
            place = ngx_palloc(pool_, size);
        } else {
            std::size_t space = size + alignment - 1;
            place = ngx_palloc(pool_, space);
            if (place != nullptr) {
                place = std::align(alignment, size, place, space);
            }
        }
        if (place == nullptr) {
            throw std::bad_alloc();
        }
        return place;
    }
    void do_deallocate(void* /*place*/, std::size_t /*size*/, std::size_t /*alignment*/) override {}
    bool do_is_equal(const Memory& other) const noexcept override { return this == &other; }

    ngx_pool_t* pool_;
};

}  // namespace mfa_reset::nginx
