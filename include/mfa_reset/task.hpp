// Task<T>: a coroutine that is awaited once, and whose frame lives in the request's memory.
//
// A Task starts when it is awaited and resumes its awaiter when it ends. The frame is taken from
// the first argument of the coroutine that has a `memory()` (Services has one), aligned to 16 bytes
// as compilers lay frames out, where ngx_palloc alone would give 8. Without memory the Task is
// empty, and awaiting it throws std::bad_alloc; making a frame does not throw.
//
// The memory of frames is freed with the request's. Destroying a Task destroys the frame, and with
// it everything that the coroutine holds, down to the call it waits for.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory_resource>
#include <new>
#include <optional>
#include <utility>

#include "mfa_reset/memory.hpp"

namespace mfa_reset {

/// Alignment of every coroutine frame, in bytes: __STDCPP_DEFAULT_NEW_ALIGNMENT__ on x86-64 and
/// arm64.
inline constexpr std::size_t kFrameAlignment = 16;

namespace detail {

template <class T>
concept HasMemory = requires(T& object) {
    { object.memory() } -> std::same_as<Memory&>;
};

/// The memory of the first argument that has one.
template <class First, class... Rest>
Memory& frame_memory(First& first, Rest&... rest) noexcept {
    if constexpr (HasMemory<First>) {
        return first.memory();
    } else {
        static_assert(sizeof...(Rest) > 0, "a Task's coroutine takes an argument with memory()");
        return frame_memory(rest...);
    }
}

inline void* allocate_frame(std::size_t size, Memory& memory) noexcept {
    try {
        return memory.allocate(size, kFrameAlignment);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

class PromiseBase {
public:
    template <class... Args>
    static void* operator new(std::size_t size, Args&... args) noexcept {
        return allocate_frame(size, frame_memory(args...));
    }
    static void operator delete(void* /*frame*/, std::size_t /*size*/) noexcept {}

    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct ResumeAwaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
            const std::coroutine_handle<> awaiter = ended.promise().awaiter_;
            return awaiter ? awaiter : std::noop_coroutine();
        }
        void await_resume() const noexcept {}
    };
    ResumeAwaiter final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { error_ = std::current_exception(); }
    void set_awaiter(std::coroutine_handle<> awaiter) noexcept { awaiter_ = awaiter; }

protected:
    void rethrow() const {
        if (error_) {
            std::rethrow_exception(error_);
        }
    }

private:
    std::coroutine_handle<> awaiter_;
    std::exception_ptr error_;
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
public:
    class promise_type : public detail::PromiseBase {
    public:
        Task get_return_object() noexcept {
            return Task{std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        static Task get_return_object_on_allocation_failure() noexcept { return Task{}; }
        void return_value(T value) noexcept(std::is_nothrow_move_constructible_v<T>) {
            value_.emplace(std::move(value));
        }
        /// Returns what the coroutine returned, or throws what it threw.
        T take() {
            rethrow();
            return std::move(*value_);
        }

    private:
        std::optional<T> value_;
    };

    Task() noexcept = default;
    Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() {
        if (frame_) {
            frame_.destroy();
        }
    }

    /// False if there was no memory for the frame.
    explicit operator bool() const noexcept { return static_cast<bool>(frame_); }

    /// For the driver of the outermost Task: its frame, to be resumed until done().
    std::coroutine_handle<promise_type> frame() const noexcept { return frame_; }

    bool await_ready() const {
        if (!frame_) {
            throw std::bad_alloc();
        }
        return false;
    }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) const noexcept {
        frame_.promise().set_awaiter(awaiter);
        return frame_;
    }
    T await_resume() const { return frame_.promise().take(); }

private:
    explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

    std::coroutine_handle<promise_type> frame_;
};

}  // namespace mfa_reset
