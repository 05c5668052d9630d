// Which texts are JSON, and where a fault is, by jansson: check_json is compared with it.
#pragma once

#include <jansson.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "format/ascii.hpp"
#include "format/json_syntax.hpp"

namespace mfa_reset::test {

/// As check_json, but that jansson jumps over a NUL behind a number or a word.
inline format::JsonSyntax ask_jansson(std::string_view text, std::size_t max_depth) {
    using format::JsonFault;
    if (format::is_blank(text)) {
        return {};
    }
    if (const std::size_t deep = format::find_too_deep(text, max_depth);
        deep != std::string_view::npos) {
        const std::string_view before = text.substr(0, deep);
        const std::string_view last = before.substr(before.find_last_of('\n') + 1);
        const auto lines = std::count(before.begin(), before.end(), '\n');
        const auto characters = std::count_if(last.begin(), last.end(), [](char byte) {
            return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
        });
        return {JsonFault::too_deep, static_cast<std::size_t>(lines) + 1,
                static_cast<std::size_t>(characters) + 1};
    }
    // Integers as reals: jansson would refuse those past 64 bits, which are JSON.
    constexpr std::size_t kFlags =
        JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK;
    json_error_t error{};
    const std::unique_ptr<json_t, decltype(&json_decref)> value(
        json_loadb(text.data(), text.size(), kFlags, &error), &json_decref);
    if (!value) {
        return {JsonFault::syntax, static_cast<std::size_t>(std::max(error.line, 1)),
                static_cast<std::size_t>(std::max(error.column, 1))};
    }
    return format::is_blank(text.substr(static_cast<std::size_t>(error.position)))
               ? format::JsonSyntax{}
               : format::JsonSyntax{JsonFault::trailing, 0, 0};
}

}  // namespace mfa_reset::test
