#include "format/quotes.hpp"

#include "format/append_escaped.hpp"

namespace mfa_reset::format {

namespace {

/// Returns the position of the first quote from `at` on; a position behind `text` if there is none.
inline std::size_t find_quote(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && text[at] != '"') {
        ++at;
    }
    return at;
}

}  // namespace

std::optional<Quoted> take_quoted(std::string_view& rest) noexcept {
    bool doubled = false;
    std::size_t end = find_quote(rest, 1);
    while (end + 1 < rest.size() && rest[end + 1] == '"') {
        doubled = true;
        end = find_quote(rest, end + 2);
    }
    if (end >= rest.size()) {
        return std::nullopt;
    }
    const Quoted quoted{rest.substr(1, end - 1), doubled};
    rest.remove_prefix(end + 1);
    return quoted;
}

std::string_view text_of(const Quoted& quoted, Memory& memory) {
    if (!quoted.doubled) {
        return quoted.raw;
    }
    auto* const bytes = static_cast<char*>(memory.allocate(quoted.raw.size(), 1));
    std::size_t size = 0;
    for (std::size_t at = 0; at < quoted.raw.size(); ++at) {
        bytes[size++] = quoted.raw[at];
        at += quoted.raw[at] == '"' ? 1U : 0U;
    }
    return {bytes, size};
}

void append_quoted(Text& out, std::string_view text, std::string_view special, bool always) {
    const std::string_view quote =
        always || text.find_first_of(special) != std::string_view::npos ? "\"" : "";
    out.append(quote);
    append_escaped(out, text, [](std::string_view character) -> std::string_view {
        return character == "\"" ? "\"\"" : "";
    });
    out.append(quote);
}

}  // namespace mfa_reset::format
