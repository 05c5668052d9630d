// What the fuzzers' models of the grammars are made of. It shares nothing with the library, so that
// a mistake there is not made here again: strings that own their bytes, jansson's UTF-8, POSIX
// regular expressions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfa_reset::fuzz {

/// Ends the run, and so makes the input a finding, where a property does not hold.
void require(bool holds, const char* property, std::string_view seen = {});

inline std::string_view view(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Copies that end where their allocation ends: whoever reads past one is seen by the sanitizer.
class ExactCopies {
public:
    std::string_view keep(std::string_view text);

private:
    std::vector<std::unique_ptr<char[]>> copies_;
};

/// The parts between `separator`s, one more than there are separators.
std::vector<std::string> split(std::string_view text, char separator);

/// ASCII letters only.
std::string lower(std::string_view text);

/// Without the spaces and tabs around it.
std::string trimmed(std::string_view text);

/// Without one slash at each end.
std::string without_outer_slashes(std::string_view text);

/// That many hex digits and nothing else.
bool is_hex(std::string_view text, std::size_t digits);

/// Nothing where a `%` has no two hex digits after it.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);

bool is_utf8(std::string_view text);

/// All bytes from 0x20 to 0x7E.
bool is_printable(std::string_view text);

/// The groups of a POSIX extended expression that matches the whole of `text`, the first one being
/// all of it; nothing where it does not match. A group that took no part is empty.
std::optional<std::vector<std::string>> match(const char* expression, std::string_view text);

}  // namespace mfa_reset::fuzz
