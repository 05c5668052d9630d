// Measures how long a request waits for Redis.
#pragma once

#include <chrono>
#include <cstdint>

#include "mfa_reset/trace.hpp"

namespace mfa_reset::records {

/// Adds its own lifetime to the request's time with the store.
class StoreTimer {
public:
    explicit StoreTimer(Trace& trace) noexcept : trace_(trace) {}
    StoreTimer(const StoreTimer&) = delete;
    StoreTimer& operator=(const StoreTimer&) = delete;
    ~StoreTimer() {
        const auto spent = std::chrono::steady_clock::now() - begin_;
        trace_.store_asked = true;
        trace_.store_time += static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
    }

private:
    Trace& trace_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace mfa_reset::records
