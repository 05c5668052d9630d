// What CSV and JSV have in common: text with or without quotes, where a quote within quotes is
// doubled.
#pragma once

#include <optional>
#include <string_view>

#include "format/text.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::format {

/// Text as it was written.
struct Quoted {
    std::string_view raw;  ///< without the quotes around it, but with those doubled within
    bool doubled = false;  ///< there are some
};

/// Removes the quoted text from the start of `rest`, which begins with a quote. Returns nullopt if
/// it is not closed.
std::optional<Quoted> take_quoted(std::string_view& rest) noexcept;

/// Removes from `rest` the bytes before the first one for which `is_end` is true, and returns them.
template <class IsEnd>
std::string_view take_until(std::string_view& rest, IsEnd is_end) noexcept {
    std::size_t end = 0;
    while (end < rest.size() && !is_end(rest[end])) {
        ++end;
    }
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end);
    return taken;
}

/// Removes `token` from the start of `rest`. Returns false if it is not there.
inline bool take(std::string_view& rest, std::string_view token) noexcept {
    if (!rest.starts_with(token)) {
        return false;
    }
    rest.remove_prefix(token.size());
    return true;
}

/// The text that `quoted` stands for: a view, or a copy in `memory` if quotes are doubled.
std::string_view text_of(const Quoted& quoted, Memory& memory);

/// Appends `text`, in quotes if it has a byte of `special`, or if `always`. A byte that is not
/// UTF-8 becomes U+FFFD.
void append_quoted(Text& out, std::string_view text, std::string_view special, bool always = false);

}  // namespace mfa_reset::format
