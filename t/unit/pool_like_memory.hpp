// Memory like nginx's pools in the worst case: a piece is aligned as requested and not more,
// nothing is freed before the end, and it can run out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::test {

class PoolLikeMemory final : public Memory {
public:
    PoolLikeMemory() = default;
    PoolLikeMemory(const PoolLikeMemory&) = delete;
    PoolLikeMemory& operator=(const PoolLikeMemory&) = delete;
    ~PoolLikeMemory() override = default;

    /// After `count` more pieces there is no more memory.
    void fail_after(std::size_t count) { left_ = count; }
    std::size_t pieces() const { return blocks_.size(); }
    std::size_t bytes() const { return bytes_; }

private:
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        if (left_ == 0) {
            throw std::bad_alloc();
        }
        --left_;
        bytes_ += size;
        blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size + 2 * alignment));
        std::byte* block = blocks_.back().get();
        const auto past = reinterpret_cast<std::uintptr_t>(block) % (2 * alignment);
        return block + (3 * alignment - past) % (2 * alignment);
    }
    void do_deallocate(void* /*piece*/, std::size_t /*size*/, std::size_t /*alignment*/) override {}
    bool do_is_equal(const Memory& other) const noexcept override { return this == &other; }

    // Each piece is an allocation of its own, so that the sanitizer sees a write past its end.
    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::size_t bytes_ = 0;
    std::size_t left_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace mfa_reset::test
