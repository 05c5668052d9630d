// What the calls of the store have in common: how their words are written, how long they took, and
// what an answer of Redis that is none means.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mfa_reset/memory.hpp"
#include "mfa_reset/trace.hpp"

namespace mfa_reset::store {

/// Of a script's call: EVALSHA, what to run, how many keys, and the keys.
inline constexpr std::size_t kFirstKey = 3;

/// A number as text, in the object's own bytes.
class Decimal {
public:
    explicit Decimal(std::int64_t number) noexcept
        : end_(std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr) {}
    std::string_view text() const noexcept { return {digits_.data(), end_}; }

private:
    std::array<char, 20> digits_{};
    const char* end_;
};

/// The words of a script's call, with room for what RedisStore::run() puts before them.
inline std::pmr::vector<std::string_view> script_words(std::span<const std::string_view> keys,
                                                       std::span<const std::string_view> arguments,
                                                       Memory& memory) {
    constexpr std::string_view kCounts = "0123456789";
    std::pmr::vector<std::string_view> words{&memory};
    words.reserve(3 + keys.size() + arguments.size());
    words.assign({{}, {}, kCounts.substr(keys.size(), 1)});
    words.insert(words.end(), keys.begin(), keys.end());
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

/// Adds the time since its making to the request's time with the store.
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

}  // namespace mfa_reset::store
