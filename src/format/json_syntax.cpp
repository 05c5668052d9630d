#include "format/json_syntax.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/words.hpp"

namespace mfa_reset::format {

namespace {

/// Line and column of the last byte of `read`; if that is a line feed, of the next byte.
JsonSyntax fault_after(std::string_view read, JsonFault fault) noexcept {
    std::size_t line = 0;  // where the last line begins
    const std::size_t lines = count_marked(
        read, [](Word word) { return mark(word, '\n'); }, line);
    read.remove_prefix(line);
    // Continuation bytes of UTF-8 begin with the bits 10.
    std::size_t ignored = 0;
    const std::size_t more = count_marked(
        read, [](Word word) { return word & ~(word << 1U) & kHighs; }, ignored);
    return {fault, lines + 1, std::max<std::size_t>(read.size() - more, 1)};
}

}  // namespace

std::size_t find_too_deep(std::string_view text, std::size_t max_depth,
                          std::size_t depth) noexcept {
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        switch (text[at]) {
            case '"': in_string = !in_string; break;
            case '\\': at += in_string ? 1U : 0U; break;
            case '[':
            case '{':
                if (!in_string && ++depth > max_depth) {
                    return at;
                }
                break;
            case ']':
            case '}': depth -= !in_string && depth > 0 ? 1U : 0U; break;
            default: break;
        }
    }
    return std::string_view::npos;
}

JsonSyntax check_json(std::string_view text, std::size_t max_depth) noexcept {
    using Token = JsonReader::Token;
    JsonReader reader(text, max_depth);
    reader.next();
    if (reader.skip() && reader.next() == Token::end) {
        return {};
    }
    if (reader.token_position() == text.size() && is_blank(text)) {
        return {};
    }
    // Nesting too deep is reported before any other fault.
    const std::size_t from = reader.token_position();
    const std::size_t deep = find_too_deep(text.substr(from), max_depth, reader.depth());
    if (deep != std::string_view::npos) {
        return fault_after(text.substr(0, from + deep + 1), JsonFault::too_deep);
    }
    return reader.fault() == JsonFault::trailing
               ? JsonSyntax{JsonFault::trailing, 0, 0}
               : fault_after(text.substr(0, reader.position()), JsonFault::syntax);
}

}  // namespace mfa_reset::format
