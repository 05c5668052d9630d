#include "format/csv.hpp"

#include <memory_resource>
#include <vector>

#include "format/quotes.hpp"

namespace mfa_reset::format {

namespace {

class Reader {
public:
    Reader(std::string_view text, Memory& memory, MemberNames wanted)
        : rest_(text), memory_(memory), members_(memory, wanted), columns_(&memory) {}

    std::optional<Members> read() {
        const std::size_t names = read_row([this](const Quoted& field, std::size_t at) {
            const std::string_view name = text_of(field, memory_);
            if (members_.wants(name)) {
                columns_.push_back({name, at});
            }
        });
        if (names == 0 || rest_.empty()) {
            return std::nullopt;
        }
        std::size_t next = 0;
        const std::size_t values = read_row([this, &next](const Quoted& field, std::size_t at) {
            if (next < columns_.size() && columns_[next].at == at) {
                members_.add(columns_[next++].name, text_of(field, memory_));
            }
        });
        if (values != names || rest_.find_first_not_of("\r\n") != std::string_view::npos) {
            return std::nullopt;
        }
        return members_.take();
    }

private:
    /// The column of a wanted member.
    struct Column {
        std::string_view name;
        std::size_t at;
    };

    /// Reads one row and its line end, which the last row may lack. Calls `use` with each field and
    /// its index. Returns the number of fields; 0 if the row is invalid.
    template <class Use>
    std::size_t read_row(Use use) {
        std::size_t fields = 0;
        do {
            const auto field = read_field();
            if (!field || fields == kMaxMembers) {
                return 0;
            }
            use(*field, fields++);
        } while (take(rest_, ","));
        return rest_.empty() || take(rest_, "\r\n") || take(rest_, "\n") ? fields : 0;
    }

    std::optional<Quoted> read_field() {
        return rest_.starts_with('"') ? take_quoted(rest_)
                                      : std::optional(Quoted{take_until(rest_, ends_field)});
    }

    static constexpr bool ends_field(char byte) noexcept {
        return byte == ',' || byte == '"' || byte == '\r' || byte == '\n';
    }

    std::string_view rest_;
    Memory& memory_;
    MemberCollector members_;
    std::pmr::vector<Column> columns_;
};

}  // namespace

std::optional<Members> read_csv_members(std::string_view body, Memory& memory, MemberNames wanted) {
    return read_utf8(body, memory,
                     [&](std::string_view text) { return Reader(text, memory, wanted).read(); });
}

void append_csv_field(Text& out, std::string_view text) { append_quoted(out, text, "\",\r\n"); }

}  // namespace mfa_reset::format
