#include "format/jsv.hpp"

#include <array>
#include <cstdint>

#include "format/append_escaped.hpp"
#include "format/quotes.hpp"

namespace mfa_reset::format {

namespace {

constexpr auto kSpecial = [] {
    std::array<bool, 256> special{};
    for (const char byte : std::string_view("\":,{}[]")) {
        special[static_cast<unsigned char>(byte)] = true;
    }
    return special;
}();

constexpr bool is_special(char byte) noexcept { return kSpecial[static_cast<unsigned char>(byte)]; }

/// Behind the quotes that begin at `at`; nullptr if they do not end.
const char* skip_quoted(const char* at, const char* end) noexcept {
    std::string_view rest(at, end);
    return take_quoted(rest) ? rest.data() : nullptr;
}

/// Behind the name, and its colon, that begins at `at`; nullptr if there is none.
const char* skip_name(const char* at, const char* end) noexcept {
    const char* const first = at;
    if (at != end && *at == '"') {
        at = skip_quoted(at, end);
        at = at == nullptr ? end : skip_white_space(at, end);
    } else {
        while (at != end && !is_special(*at)) {
            ++at;
        }
    }
    return at != first && at != end && *at == ':' ? skip_white_space(at + 1, end) : nullptr;
}

/// Behind the record or list that begins at `at`, within a record; nullptr if it is none, or nests
/// too deep. One loop, without a copy: what is skipped can be large.
const char* skip_jsv(const char* at, const char* end) noexcept {
    std::uint64_t records = 1;  // a bit for each that is open, the innermost lowest: 1 for `{`
    std::size_t depth = 1;
    while (at != nullptr && at != end) {
        // A value begins here.
        char close = (records & 1U) != 0 ? '}' : ']';
        if (*at == '{' || *at == '[') {
            if (++depth > kMaxMembersDepth) {
                return nullptr;
            }
            const bool record = *at == '{';
            close = record ? '}' : ']';
            records = records << 1U | static_cast<std::uint64_t>(record);
            at = skip_white_space(at + 1, end);
            if (!record || at == end || *at != '}') {
                at = record ? skip_name(at, end) : at;
                continue;
            }
        } else if (*at == '"') {
            at = skip_quoted(at, end);
        } else {
            while (at != end && *at != ',' && *at != close) {
                ++at;
            }
        }
        // Behind a value.
        for (at = at == nullptr ? end : skip_white_space(at, end); at != end && *at == close;
             at = skip_white_space(at, end)) {
            ++at;
            records >>= 1U;
            if (--depth == 1) {
                return at;
            }
            close = (records & 1U) != 0 ? '}' : ']';
        }
        if (at == end || *at != ',') {
            return nullptr;
        }
        at = skip_white_space(at + 1, end);
        at = close == '}' ? skip_name(at, end) : at;
    }
    return nullptr;
}

/// Reads one record: `{name:value,…}`.
class Reader {
public:
    Reader(std::string_view text, Memory& memory, MemberNames wanted)
        : rest_(trim_white_space(text)), memory_(memory), members_(memory, wanted) {}

    std::optional<Members> read() {
        if (!take('{') || !read_members() || !rest_.empty()) {
            return std::nullopt;
        }
        return members_.take();
    }

private:
    bool take(char token) noexcept {
        skip_white_space();
        if (!rest_.starts_with(token)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    void skip_white_space() noexcept {
        std::size_t end = 0;
        while (end < rest_.size() && is_white_space(rest_[end])) {
            ++end;
        }
        rest_.remove_prefix(end);
    }

    /// What follows the first `{`, with its `}`.
    bool read_members() {
        if (take('}')) {
            return true;
        }
        do {
            const auto name = read_name();
            if (!name || !take(':') || !read_value(*name)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    std::optional<Quoted> read_name() noexcept {
        skip_white_space();
        if (rest_.starts_with('"')) {
            return take_quoted(rest_);
        }
        std::size_t end = 0;
        while (end < rest_.size() && !is_special(rest_[end])) {
            ++end;
        }
        if (end == rest_.size() || rest_[end] != ':') {
            return std::nullopt;
        }
        const std::string_view name = trim_white_space(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return name.empty() ? std::nullopt : std::optional(Quoted{name});
    }

    /// One value of the first record.
    bool read_value(const Quoted& quoted_name) {
        skip_white_space();
        if (rest_.starts_with('{') || rest_.starts_with('[')) {
            return skip_nested();
        }
        const auto value = read_text('}');
        if (!value || !members_.count()) {
            return false;
        }
        const std::string_view name = text_of(quoted_name, memory_);
        if (members_.wants(name)) {
            members_.add(name, text_of(*value, memory_));
        }
        return true;
    }

    /// A value that is text, within a record or list that ends with `close`.
    std::optional<Quoted> read_text(char close) noexcept {
        if (rest_.starts_with('"')) {
            return take_quoted(rest_);
        }
        std::size_t end = 0;
        while (end < rest_.size() && rest_[end] != ',' && rest_[end] != close) {
            ++end;
        }
        if (end == rest_.size()) {
            return std::nullopt;
        }
        const std::string_view value = trim_white_space(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return Quoted{value};
    }

    /// A record or list within the first record.
    bool skip_nested() noexcept {
        const char* const behind = skip_jsv(rest_.data(), rest_.data() + rest_.size());
        if (behind == nullptr) {
            return false;
        }
        rest_.remove_prefix(static_cast<std::size_t>(behind - rest_.data()));
        return true;
    }

    std::string_view rest_;
    Memory& memory_;
    MemberCollector members_;
};

}  // namespace

std::optional<Members> read_jsv_members(std::string_view body, Memory& memory, MemberNames wanted) {
    body = without_byte_order_mark(body);
    if (is_blank(body)) {
        return Members(&memory);
    }
    if (!is_utf8(body)) {
        return std::nullopt;
    }
    return Reader(body, memory, wanted).read();
}

void append_jsv_string(Text& out, std::string_view text) {
    constexpr std::string_view kQuoted = "\":,{}[]\r\n";
    const bool quoted = text.empty() || text.find_first_of(kQuoted) != std::string_view::npos;
    out.append(quoted ? "\"" : "");
    append_escaped(out, text, [](std::string_view character) -> std::string_view {
        return character == "\"" ? "\"\"" : "";
    });
    out.append(quoted ? "\"" : "");
}

}  // namespace mfa_reset::format
