// What the unit tests put in the place of nginx and Redis: a request's memory, the event loop, the
// store of users and sessions.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <memory_resource>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "mfa_reset/api.hpp"
#include "mfa_reset/driver.hpp"
#include "mfa_reset/store.hpp"

namespace mfa_reset::test {

/// Like a request's pool: nothing is given back before the end. Each piece is an allocation of its
/// own, so that the sanitizer sees who reads or writes past one.
class RequestMemory final : public std::pmr::memory_resource {
public:
    RequestMemory() = default;
    RequestMemory(const RequestMemory&) = delete;
    RequestMemory& operator=(const RequestMemory&) = delete;
    ~RequestMemory() override {
        for (void* piece : pieces_) {
            std::free(piece);
        }
    }

    /// The allocation after `count` more fails, and all that follow.
    void fail_after(std::size_t count) { left_ = count; }
    std::size_t allocations() const { return pieces_.size(); }
    std::size_t bytes() const { return bytes_; }

private:
    void* do_allocate(std::size_t size, std::size_t /*alignment*/) override {
        if (left_ == 0) {
            throw std::bad_alloc();
        }
        --left_;
        void* piece = std::malloc(size);  // aligned to 16, like ngx_palloc's for frames
        if (piece == nullptr) {
            throw std::bad_alloc();
        }
        pieces_.push_back(piece);
        bytes_ += size;
        return piece;
    }
    void do_deallocate(void* /*piece*/, std::size_t /*size*/, std::size_t /*alignment*/) override {}
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::vector<void*> pieces_;
    std::size_t left_ = static_cast<std::size_t>(-1);
    std::size_t bytes_ = 0;
};

/// An event loop that goes round when the test says so.
class FakeScheduler final : public Scheduler {
public:
    void resume_later(std::coroutine_handle<> waiting) noexcept override { waiting_ = waiting; }
    /// Who waits, taken out of the loop; empty where nobody does.
    std::coroutine_handle<> take() { return std::exchange(waiting_, nullptr); }

private:
    std::coroutine_handle<> waiting_;
};

/// What a store answers.
inline ResetAnswer answer_of(ResetAnswer::Verdict verdict, std::string_view user = {},
                             std::string_view realm = {}, std::string_view universal_id = {}) {
    ResetAnswer answer;
    answer.verdict = verdict;
    answer.caller_user = user;
    answer.caller_realm = realm;
    answer.caller_universal_id = universal_id;
    answer.why = "the store's own reason";
    return answer;
}

/// Gives the answer that the test says, and keeps the orders.
class FakeStore final : public Store {
public:
    Task<ResetAnswer> reset(const ResetOrder& order, Services& services) override {
        orders.push_back(order);
        services.trace().store_asked = true;
        if (suspends) {
            Turn turn{services.scheduler()};
            co_await turn;
        }
        co_return answer;
    }

    ResetAnswer answer = answer_of(ResetAnswer::Verdict::done);
    bool suspends = false;
    std::vector<ResetOrder> orders;

private:
    /// Waits for the next turn of the event loop.
    struct Turn {
        Scheduler& scheduler;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept {
            scheduler.resume_later(waiting);
        }
        void await_resume() const noexcept {}
    };
};

}  // namespace mfa_reset::test
