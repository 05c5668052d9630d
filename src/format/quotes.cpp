// See quotes.hpp.
#include "format/quotes.hpp"

#include "format/text.hpp"

namespace mfa_reset::format {

namespace {

std::string_view without_doubled_quotes(std::string_view raw, Memory& memory) {
    Text text(memory, raw.size());
    while (!raw.empty()) {
        const std::size_t quote = raw.find('"');
        if (quote == std::string_view::npos) {
            text.append(raw);
            break;
        }
        text.append(raw.substr(0, quote + 1));
        raw.remove_prefix(quote + 2);
    }
    return text.view();
}

}  // namespace

std::optional<std::string_view> take_quoted(std::string_view& rest, Memory& memory) {
    const std::string_view inside = rest.substr(1);
    std::size_t end = 0;
    bool doubled = false;
    while ((end = inside.find('"', end)) != std::string_view::npos &&
           inside.substr(end + 1).starts_with('"')) {
        end += 2;
        doubled = true;
    }
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view raw = inside.substr(0, end);
    rest = inside.substr(end + 1);
    return doubled ? without_doubled_quotes(raw, memory) : raw;
}

}  // namespace mfa_reset::format
