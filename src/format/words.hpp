// Text eight bytes at a time, in one general register: what a loop over bytes would take several
// times as long for.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mfa_reset::format {

/// Eight bytes, the first one lowest. Marks are words with the highest bit of some bytes set.
using Word = std::uint64_t;

inline constexpr Word kOnes = 0x0101010101010101U;
inline constexpr Word kHighs = 0x80 * kOnes;

/// The first eight bytes of `text`, which has as many.
inline Word load_word(const char* text) noexcept {
    Word word = 0;
    std::memcpy(&word, text, sizeof(word));
    return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// Marks the bytes that are `byte`, which is ASCII; after the first of them perhaps others, too.
constexpr Word mark_from_first(Word word, char byte) noexcept {
    const Word difference = word ^ (static_cast<unsigned char>(byte) * kOnes);
    return (difference - kOnes) & ~difference & kHighs;
}

/// Marks exactly the bytes that are `byte`.
constexpr Word mark(Word word, char byte) noexcept {
    const Word difference = word ^ (static_cast<unsigned char>(byte) * kOnes);
    return ~(((difference & ~kHighs) + ~kHighs) | difference) & kHighs;
}

/// Which of the eight bytes is the first, and the last, one marked; there is one.
constexpr std::size_t first_mark(Word marks) noexcept {
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}
constexpr std::size_t last_mark(Word marks) noexcept {
    return 7 - static_cast<std::size_t>(std::countl_zero(marks)) / 8;
}

constexpr std::size_t count_marks(Word marks) noexcept {
    return static_cast<std::size_t>(((marks >> 7U) * kOnes) >> 56U);
}

}  // namespace mfa_reset::format
