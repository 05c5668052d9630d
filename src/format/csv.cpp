// See csv.hpp.
#include "format/csv.hpp"

#include <memory_resource>
#include <vector>

#include "format/append_escaped.hpp"
#include "format/quotes.hpp"

namespace mfa_reset::format {

namespace {

using Row = std::pmr::vector<std::string_view>;

class Reader {
public:
    Reader(std::string_view text, Memory& memory) : rest_(text), memory_(memory) {}

    std::optional<Members> read() {
        Row names(&memory_);
        Row values(&memory_);
        if (!read_row(names) || rest_.empty() || !read_row(values) ||
            names.size() != values.size() ||
            rest_.find_first_not_of("\r\n") != std::string_view::npos) {
            return std::nullopt;
        }
        Members members(&memory_);
        members.reserve(names.size());
        for (std::size_t at = 0; at < names.size(); ++at) {
            members.push_back({names[at], values[at]});
        }
        return members;
    }

private:
    /// One row with its line end; the last may have none.
    bool read_row(Row& row) {
        do {
            const auto field = read_field();
            if (!field || row.size() == kMaxMembers) {
                return false;
            }
            row.push_back(*field);
        } while (take(","));
        return rest_.empty() || take("\r\n") || take("\n");
    }

    std::optional<std::string_view> read_field() {
        if (rest_.starts_with('"')) {
            return take_quoted(rest_, memory_);
        }
        const std::size_t end = rest_.find_first_of("\",\r\n");
        const std::string_view field = rest_.substr(0, end);
        rest_.remove_prefix(field.size());
        return field;
    }

    bool take(std::string_view token) noexcept {
        if (!rest_.starts_with(token)) {
            return false;
        }
        rest_.remove_prefix(token.size());
        return true;
    }

    std::string_view rest_;
    Memory& memory_;
};

}  // namespace

std::optional<Members> read_csv_members(std::string_view body, Memory& memory) {
    body = without_byte_order_mark(body);
    if (is_blank(body)) {
        return Members(&memory);
    }
    if (!is_utf8(body)) {
        return std::nullopt;
    }
    return Reader(body, memory).read();
}

void append_csv_field(Text& out, std::string_view text) {
    const bool quoted = text.find_first_of("\",\r\n") != std::string_view::npos;
    out.append(quoted ? "\"" : "");
    append_escaped(out, text, [](std::string_view character) -> std::string_view {
        return character == "\"" ? "\"\"" : "";
    });
    out.append(quoted ? "\"" : "");
}

}  // namespace mfa_reset::format
