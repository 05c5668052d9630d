// See json_members.hpp. jansson says whether it is JSON; what is read here afterwards is known to
// be well-formed, and is read again because jansson keeps neither the order of duplicates nor a
// number as it was written.
#include "format/json_members.hpp"

#include "format/json_syntax.hpp"
#include "format/percent.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::format {

namespace {

/// Reads one object of well-formed JSON. What is not well-formed is read wrongly, but never past
/// its end.
class Reader {
public:
    Reader(std::string_view text, Memory& memory) : rest_(text), memory_(memory) {}

    std::optional<Members> read() {
        Members members(&memory_);
        take(1);  // the {
        skip_white_space();
        while (!rest_.empty() && rest_.front() != '}') {
            const std::string_view name = string();
            skip_past_colon();
            if (!read_value(members, name)) {
                return std::nullopt;
            }
            skip_white_space();
            if (rest_.starts_with(',')) {
                take(1);
                skip_white_space();
            }
        }
        return members;
    }

private:
    std::string_view take(std::size_t size) noexcept {
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    void skip_white_space() noexcept {
        take(std::min(rest_.find_first_not_of(kWhiteSpace), rest_.size()));
    }

    void skip_past_colon() noexcept {
        skip_white_space();
        take(1);
        skip_white_space();
    }

    bool read_value(Members& members, std::string_view name) {
        switch (rest_.empty() ? '}' : rest_.front()) {
            case '"': return add_member(members, name, string());
            case '{':
            case '[': skip_nested(); return true;
            default: break;
        }
        const std::string_view literal = take(rest_.find_first_of(",}] \t\r\n"));
        return literal == "null" ? add_null_member(members, name)
                                 : add_member(members, name, literal);
    }

    /// Brackets in strings are part of the strings.
    void skip_nested() noexcept {
        std::size_t depth = 0;
        do {
            take(std::min(rest_.find_first_of("\"[]{}"), rest_.size()));
            if (rest_.starts_with('"')) {
                raw_string();
                continue;
            }
            const std::string_view bracket = take(1);
            depth = bracket == "[" || bracket == "{" ? depth + 1 : depth - 1;
        } while (depth > 0 && !rest_.empty());
    }

    /// What is between the quotes, with its escapes.
    std::string_view raw_string() noexcept {
        take(1);
        std::size_t end = 0;
        while (end < rest_.size() && rest_[end] != '"') {
            end += rest_[end] == '\\' ? 2U : 1U;
        }
        const std::string_view raw = take(end);
        take(1);
        return raw;
    }

    std::string_view string() {
        std::string_view raw = raw_string();
        std::size_t escape = raw.find('\\');
        if (escape == std::string_view::npos) {
            return raw;
        }
        // Every escape is longer than the UTF-8 that it stands for.
        auto* const bytes = static_cast<char*>(memory_.allocate(raw.size(), 1));
        std::size_t size = 0;
        while (escape != std::string_view::npos) {
            size += raw.copy(bytes + size, escape);
            raw.remove_prefix(escape);
            size += unescape(raw, bytes + size);
            escape = raw.find('\\');
        }
        size += raw.copy(bytes + size, raw.size());
        return {bytes, size};
    }

    /// Writes the character whose escape `raw` begins with, and takes the escape off it.
    static std::size_t unescape(std::string_view& raw, char* out) noexcept {
        const char kind = raw.size() > 1 ? raw[1] : '\\';
        if (kind == 'u') {
            return unescape_unicode(raw, out);
        }
        raw.remove_prefix(std::min<std::size_t>(raw.size(), 2));
        switch (kind) {
            case 'b': *out = '\b'; break;
            case 'f': *out = '\f'; break;
            case 'n': *out = '\n'; break;
            case 'r': *out = '\r'; break;
            case 't': *out = '\t'; break;
            default: *out = kind; break;
        }
        return 1;
    }

    static std::size_t unescape_unicode(std::string_view& raw, char* out) noexcept {
        char32_t character = code_unit(raw);
        raw.remove_prefix(std::min<std::size_t>(raw.size(), 6));
        if (character >= 0xD800 && character < 0xDC00) {
            character = 0x10000 + ((character - 0xD800) << 10U) + (code_unit(raw) - 0xDC00);
            raw.remove_prefix(std::min<std::size_t>(raw.size(), 6));
        }
        return encode_utf8(character, out);
    }

    /// Of `\uXXXX`.
    static char32_t code_unit(std::string_view escape) noexcept {
        if (escape.size() < 6) {
            return 0;
        }
        const auto high = static_cast<unsigned char>(decode_hex(escape.substr(2)).value_or('\0'));
        const auto low = static_cast<unsigned char>(decode_hex(escape.substr(4)).value_or('\0'));
        return static_cast<char32_t>(high) << 8U | low;
    }

    std::string_view rest_;
    Memory& memory_;
};

}  // namespace

std::optional<Members> read_json_members(std::string_view body, Memory& memory) {
    body = without_byte_order_mark(body);
    if (is_blank(body)) {
        return Members(&memory);
    }
    if (check_json(body, kMaxMembersDepth).fault != JsonSyntax::Fault::none) {
        return std::nullopt;
    }
    body.remove_prefix(body.find_first_not_of(kWhiteSpace));
    if (!body.starts_with('{')) {
        return std::nullopt;
    }
    return Reader(body, memory).read();
}

}  // namespace mfa_reset::format
