// See json.hpp.
#include "format/json.hpp"

#include <array>

#include "format/utf8.hpp"

namespace mfa_reset::format {

namespace {

/// What an ASCII character is written as; empty where it stands for itself.
constexpr std::string_view escape_of(char character) noexcept {
    switch (character) {
        case '"': return "\\\"";
        case '\\': return "\\\\";
        case '\b': return "\\b";
        case '\t': return "\\t";
        case '\n': return "\\n";
        case '\f': return "\\f";
        case '\r': return "\\r";
        default: return {};
    }
}

void append_control(Text& out, char character) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(character);
    const std::array<char, 2> digits{kDigits[value >> 4U], kDigits[value & 0xFU]};
    out.append("\\u00").append({digits.data(), digits.size()});
}

}  // namespace

void append_json_string(Text& out, std::string_view text) {
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    out.append("\"");
    while (!text.empty()) {
        const std::size_t size = utf8_character(text);
        const std::string_view escape = escape_of(text.front());
        if (size == 0) {
            out.append(kReplacement);
        } else if (!escape.empty()) {
            out.append(escape);
        } else if (size == 1 && static_cast<unsigned char>(text.front()) < 0x20) {
            append_control(out, text.front());
        } else {
            out.append(text.substr(0, size));
        }
        text.remove_prefix(size == 0 ? 1 : size);
    }
    out.append("\"");
}

void JsonObject::member(std::string_view name) {
    out_.append(empty_ ? "{" : ",").append(pretty_ ? "\n  " : "");
    empty_ = false;
    append_json_string(out_, name);
    out_.append(pretty_ ? " : " : ":");
}

JsonObject& JsonObject::number(std::string_view name, unsigned long value) {
    member(name);
    out_.append_number(value);
    return *this;
}

JsonObject& JsonObject::string(std::string_view name, std::string_view value) {
    member(name);
    append_json_string(out_, value);
    return *this;
}

void JsonObject::end() {
    if (empty_) {
        out_.append("{");
    }
    out_.append(pretty_ && !empty_ ? "\n}" : "}");
}

}  // namespace mfa_reset::format
