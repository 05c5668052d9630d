// See jsv.hpp.
#include "format/jsv.hpp"

#include <algorithm>

#include "format/append_escaped.hpp"
#include "format/quotes.hpp"

namespace mfa_reset::format {

namespace {

class Reader {
public:
    Reader(std::string_view text, Memory& memory)
        : rest_(trim_white_space(text)), memory_(memory) {}

    std::optional<Members> read() {
        Members members(&memory_);
        if (!take('{') || !read_record(1, &members) || !rest_.empty()) {
            return std::nullopt;
        }
        return members;
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
        while (!rest_.empty() && is_white_space(rest_.front())) {
            rest_.remove_prefix(1);
        }
    }

    /// What follows a `{`, with its `}`. Members go to `members`; null where nobody wants them.
    bool read_record(std::size_t depth, Members* members) {
        if (depth > kMaxMembersDepth) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        do {
            const auto name = read_name();
            if (!name || !take(':') || !read_value(depth, '}', *name, members)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    /// What follows a `[`, with its `]`.
    bool skip_list(std::size_t depth) {
        if (depth > kMaxMembersDepth) {
            return false;
        }
        do {
            if (!read_value(depth, ']', {}, nullptr)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    std::optional<std::string_view> read_name() {
        skip_white_space();
        if (rest_.starts_with('"')) {
            return take_quoted(rest_, memory_);
        }
        const std::size_t end = rest_.find_first_of("\":,{}[]");
        if (end == std::string_view::npos || rest_[end] != ':') {
            return std::nullopt;
        }
        const std::string_view name = trim_white_space(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return name.empty() ? std::nullopt : std::optional(name);
    }

    /// One value within a record or list that ends with `close`.
    bool read_value(std::size_t depth, char close, std::string_view name, Members* members) {
        if (take('{')) {
            return read_record(depth + 1, nullptr);
        }
        if (take('[')) {
            return skip_list(depth + 1);
        }
        const auto value = rest_.starts_with('"') ? take_quoted(rest_, memory_) : read_raw(close);
        if (!value) {
            return false;
        }
        return members == nullptr || add_member(*members, name, *value);
    }

    std::optional<std::string_view> read_raw(char close) noexcept {
        const char ends[] = {',', close};
        const std::size_t end = rest_.find_first_of({ends, 2});
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view value = trim_white_space(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return value;
    }

    std::string_view rest_;
    Memory& memory_;
};

}  // namespace

std::optional<Members> read_jsv_members(std::string_view body, Memory& memory) {
    body = without_byte_order_mark(body);
    if (is_blank(body)) {
        return Members(&memory);
    }
    if (!is_utf8(body)) {
        return std::nullopt;
    }
    return Reader(body, memory).read();
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
