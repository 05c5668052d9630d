// See json_syntax.hpp. The grammar is jansson's; it nests up to 2048 by recursion, so the depth is
// looked at before.
#include "format/json_syntax.hpp"

#include <jansson.h>

#include <algorithm>
#include <memory>

#include "format/ascii.hpp"

namespace mfa_reset::format {

namespace {

using Value = std::unique_ptr<json_t, decltype(&json_decref)>;

JsonSyntax too_deep(std::string_view before) noexcept {
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::string_view last = before.substr(before.find_last_of('\n') + 1);
    const auto characters = std::count_if(last.begin(), last.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    });
    return {JsonSyntax::Fault::too_deep, static_cast<std::size_t>(lines) + 1,
            static_cast<std::size_t>(characters) + 1};
}

}  // namespace

std::size_t find_too_deep(std::string_view text, std::size_t max_depth) noexcept {
    std::size_t depth = 0;
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

JsonSyntax check_json(std::string_view text, std::size_t max_depth) {
    const std::string_view content = trim(text, kWhiteSpace);
    if (content.empty() || content == "{}") {
        return {};
    }
    const std::size_t deep = find_too_deep(text, max_depth);
    if (deep != std::string_view::npos) {
        return too_deep(text.substr(0, deep));
    }
    // Integers as reals: jansson would refuse those past 64 bits, which are JSON.
    constexpr std::size_t kFlags =
        JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK;
    json_error_t error{};
    const Value value(json_loadb(text.data(), text.size(), kFlags, &error), &json_decref);
    if (!value) {
        return {JsonSyntax::Fault::syntax, static_cast<std::size_t>(std::max(error.line, 1)),
                static_cast<std::size_t>(std::max(error.column, 1))};
    }
    const std::string_view rest = text.substr(static_cast<std::size_t>(error.position));
    return trim(rest, kWhiteSpace).empty() ? JsonSyntax{}
                                           : JsonSyntax{JsonSyntax::Fault::trailing, 0, 0};
}

}  // namespace mfa_reset::format
