// Task: lazy, awaited once, in the request's memory, aligned as compilers lay frames out.
#include "mfa_reset/task.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "pool_like_memory.hpp"

namespace mfa_reset {
namespace {

static_assert(alignof(long double) == kFrameAlignment);

/// What the coroutines here take: something with a memory().
struct Place {
    Memory& memory() { return pool; }
    test::PoolLikeMemory pool;
};

bool is_aligned(const void* address) {
    return reinterpret_cast<std::uintptr_t>(address) % kFrameAlignment == 0;
}

Task<int> count_up(Place& /*place*/, int& count) {
    ++count;
    co_return count;
}

TEST(Task, StartsWhenItIsDriven) {
    Place place;
    int count = 0;
    const auto task = count_up(place, count);
    EXPECT_TRUE(task);
    EXPECT_EQ(count, 0);
    task.frame().resume();
    EXPECT_EQ(count, 1);
    EXPECT_TRUE(task.frame().done());
    EXPECT_EQ(task.frame().promise().take(), 1);
}

TEST(Task, MayNeverBeStarted) {
    Place place;
    int count = 0;
    { const auto task = count_up(place, count); }
    EXPECT_EQ(count, 0);
}

Task<bool> has_aligned_local(Place& /*place*/) {
    const long double local = 1;  // lives over a wait, so it is in the frame
    co_await std::suspend_always{};
    co_return is_aligned(&local);
}

TEST(Task, FramesAreAlignedThoughTheMemoryIsNot) {
    Place place;
    const void* small = place.pool.allocate(8, 8);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(small) % 16, 8U)
        << "the memory gives no more than asked";
    for (int i = 0; i < 10; ++i) {
        const auto task = has_aligned_local(place);
        EXPECT_TRUE(is_aligned(task.frame().address()));
        task.frame().resume();
        task.frame().resume();
        EXPECT_TRUE(task.frame().promise().take());
    }
}

class Service {
public:
    Task<int> answer(int number, Place& /*place*/) const { co_return number + offset_; }

private:
    int offset_ = 40;
};

TEST(Task, FindsTheMemoryAmongTheArguments) {
    Place place;
    const Service service;
    const auto task = service.answer(2, place);
    EXPECT_EQ(place.pool.pieces(), 1U);
    task.frame().resume();
    EXPECT_EQ(task.frame().promise().take(), 42);
}

TEST(Task, WithoutMemoryItIsEmpty) {
    Place place;
    place.pool.fail_after(0);
    int count = 0;
    const auto task = count_up(place, count);
    EXPECT_FALSE(task);
    EXPECT_THROW((void)task.await_ready(), std::bad_alloc);
    EXPECT_EQ(count, 0);
    EXPECT_FALSE(Task<int>{});
}

TEST(Task, Moves) {
    Place place;
    int count = 0;
    auto first = count_up(place, count);
    auto second = std::move(first);
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): empty is what it must be
    second.frame().resume();
    EXPECT_EQ(count, 1);
    second = {};
    EXPECT_FALSE(second);
}

Task<std::unique_ptr<std::string>> gives(Place& /*place*/) {
    co_return std::make_unique<std::string>("only one owner");
}

Task<std::string> takes(Place& place) {
    const auto owner = co_await gives(place);
    co_return *owner;
}

TEST(Task, ReturnsMoveOnlyValues) {
    Place place;
    const auto task = takes(place);
    task.frame().resume();
    ASSERT_TRUE(task.frame().done());
    EXPECT_EQ(task.frame().promise().take(), "only one owner");
}

Task<int> deep(Place& place, int depth) {
    if (depth == 0) {
        co_return 0;
    }
    const int below = co_await deep(place, depth - 1);
    co_return below + 1;
}

TEST(Task, ManyDeep) {
    Place place;
    const auto task = deep(place, 500);
    task.frame().resume();
    ASSERT_TRUE(task.frame().done());
    EXPECT_EQ(task.frame().promise().take(), 500);
}

Task<int> survives(Place& place, int& count) {
    place.pool.fail_after(0);
    try {
        co_await count_up(place, count);
    } catch (const std::bad_alloc&) {
        co_return -1;
    }
    co_return 1;
}

TEST(Task, WithoutMemoryAwaitingThrows) {
    Place place;
    int count = 0;
    const auto task = survives(place, count);
    task.frame().resume();
    ASSERT_TRUE(task.frame().done());
    EXPECT_EQ(task.frame().promise().take(), -1);
    EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace mfa_reset
