#include "nginx/request/request_memory.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace mfa_reset::nginx {

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kMostFree = 0;  // so that a use after the request's end is seen
#else
constexpr std::size_t kMostFree = 64;
#endif

/// Enough for most requests; they take about 4 KiB.
struct Block {
    std::unique_ptr<Block> next;
    alignas(std::max_align_t) std::byte bytes[8160];
};

/// The unused blocks of the worker.
class FreeBlocks {
public:
    std::unique_ptr<Block> take() noexcept {
        std::unique_ptr<Block> block = std::move(first_);
        if (!block) {
            return std::unique_ptr<Block>(new (std::nothrow) Block);
        }
        first_ = std::move(block->next);
        --count_;
        return block;
    }
    void give(std::unique_ptr<Block> block) noexcept {
        if (count_ < kMostFree) {
            block->next = std::move(first_);
            first_ = std::move(block);
            ++count_;
        }
    }

private:
    std::unique_ptr<Block> first_;
    std::size_t count_ = 0;
};

FreeBlocks free_blocks;

void give_back(void* block) noexcept {
    free_blocks.give(std::unique_ptr<Block>(static_cast<Block*>(block)));
}

}  // namespace

RequestMemory::RequestMemory(ngx_pool_t* pool) noexcept : pool_(pool) {
    ngx_pool_cleanup_t* const cleanup = ngx_pool_cleanup_add(pool, 0);
    std::unique_ptr<Block> block = cleanup == nullptr ? nullptr : free_blocks.take();
    if (block) {
        next_ = block->bytes;
        left_ = sizeof(block->bytes);
        cleanup->data = block.release();
        cleanup->handler = give_back;
    }
}

}  // namespace mfa_reset::nginx
