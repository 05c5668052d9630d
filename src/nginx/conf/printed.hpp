// The output of scripts/directives: text that is made at compile time, in a section of its own in
// the module's file.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mfa_reset::nginx {

struct Printed {
    constexpr Printed& operator<<(std::string_view words) {
        for (const char c : words) {
            text.at(size++) = c;
        }
        return *this;
    }
    constexpr Printed& operator<<(long number) {
        if (number >= 10) {
            *this << number / 10;
        }
        text.at(size++) = static_cast<char>('0' + number % 10);
        return *this;
    }

    std::array<char, 8192> text{};
    std::size_t size = 0;
};

/// The text that `Write` prints, in an array of its size.
template <auto Write>
consteval auto printed() {
    constexpr Printed whole = [] {
        Printed printed;
        Write(printed);
        return printed;
    }();
    std::array<char, whole.size> text{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        text[i] = whole.text[i];
    }
    return text;
}

/// For a constant made by printed().
#define MFA_RESET_PRINTED [[gnu::section("mfa_reset_directives"), gnu::used]]

}  // namespace mfa_reset::nginx
