#include "format/json.hpp"

#include <algorithm>
#include <array>

#include "format/append_escaped.hpp"
#include "format/ascii.hpp"

namespace mfa_reset::format {

namespace {

/// The characters of one byte that are written as they are.
constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t character = ' '; character < 0x80; ++character) {
        plain[character] = character != '"' && character != '\\';
    }
    return plain;
}();

constexpr bool is_plain(char character) noexcept {
    return kPlain[static_cast<unsigned char>(character)];
}

/// The short form of a character that has one; empty otherwise.
constexpr std::string_view short_form(char character) noexcept {
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

/// The long form, `\u0001`, which exists for every character.
class LongForm {
public:
    std::string_view of(char character) noexcept {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const auto value = static_cast<unsigned char>(character);
        text_[4] = kDigits[value >> 4U];
        text_[5] = kDigits[value & 0xFU];
        return {text_.data(), text_.size()};
    }

private:
    std::array<char, 6> text_{'\\', 'u', '0', '0'};
};

}  // namespace

void append_json_string(Text& out, std::string_view text) {
    if (std::all_of(text.begin(), text.end(), is_plain)) {
        out.append("\"").append(text).append("\"");
        return;
    }
    LongForm long_form;
    out.append("\"");
    append_escaped(out, text, [&long_form](std::string_view character) -> std::string_view {
        const char first = character.front();
        if (!is_ascii(first) || is_plain(first)) {
            return {};
        }
        const std::string_view form = short_form(first);
        return form.empty() ? long_form.of(first) : form;
    });
    out.append("\"");
}

void JsonObject::member(std::string_view name) {
    out_.append(empty_ ? "{" : ",").append(pretty_ ? "\n  \"" : "\"");
    empty_ = false;
    out_.append(name).append(pretty_ ? "\" : " : "\":");
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

JsonObject& JsonObject::json(std::string_view name, std::string_view value) {
    member(name);
    out_.append(value);
    return *this;
}

void JsonObject::end() {
    if (empty_) {
        out_.append("{");
    }
    out_.append(pretty_ && !empty_ ? "\n}" : "}");
}

}  // namespace mfa_reset::format
