// Builds text in the request's memory.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// Grows by copying; the old buffers stay allocated until the request ends.
class Text {
public:
    explicit Text(Memory& memory, std::size_t room = 0) : memory_(memory) {
        if (room > 0) {
            move(room);
        }
    }
    Text(const Text&) = delete;
    Text& operator=(const Text&) = delete;
    ~Text() = default;

    Text& append(std::string_view text) {
        if (text.size() > room_ - size_) {
            grow(text.size());
        }
        size_ += text.copy(bytes_ + size_, text.size());
        return *this;
    }

    Text& append_number(unsigned long number) {
        std::array<char, 20> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        return append({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    void clear() noexcept { size_ = 0; }

    /// Valid until the next append, or as long as the memory.
    std::string_view view() const noexcept { return {bytes_, size_}; }

private:
    /// Makes room for `more` bytes. Not part of append(), so that append() is small enough to be
    /// inlined.
    void grow(std::size_t more);
    void move(std::size_t room);

    Memory& memory_;
    char* bytes_ = nullptr;
    std::size_t size_ = 0;
    std::size_t room_ = 0;
};

/// Concatenates the parts, with one allocation.
template <class... Parts>
std::string_view concat(Memory& memory, const Parts&... parts) {
    Text text(memory, (std::size_t{0} + ... + std::string_view(parts).size()));
    (text.append(parts), ...);
    return text.view();
}

}  // namespace mfa_reset::format
