#include "format/jsv.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

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

/// Returns the end of the quoted text at `at`; nullptr if it is not closed.
const char* skip_quoted(const char* at, const char* end) noexcept {
    std::string_view rest(at, end);
    return take_quoted(rest) ? rest.data() : nullptr;
}

/// Returns the place behind the name at `at` and its colon; nullptr if there is no name.
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

/// The records and lists that are open, within the outermost record.
class Nesting {
public:
    bool in_record() const noexcept { return (records_ & 1U) != 0; }

    bool in_outermost() const noexcept { return depth_ == 1; }

    /// What closes the innermost one.
    char closing() const noexcept { return in_record() ? '}' : ']'; }

    /// Returns false if this nests too deep.
    bool open(bool record) noexcept {
        records_ = records_ << 1U | static_cast<std::uint64_t>(record);
        return ++depth_ <= kMaxMembersDepth;
    }

    void close() noexcept {
        records_ >>= 1U;
        --depth_;
    }

private:
    std::uint64_t records_ = 1;  // a bit for each, the innermost lowest: 1 for a record
    std::size_t depth_ = 1;
};

inline bool is_at(const char* at, const char* end, char byte) noexcept {
    return at != end && *at == byte;
}

/// Returns the value whose name, if it has one, is at `at`; nullptr if a record's name is missing.
inline const char* skip_name_in(const Nesting& nesting, const char* at, const char* end) noexcept {
    return nesting.in_record() ? skip_name(at, end) : at;
}

/// Returns the end of the text at `at`, before the next `,` or `closing` if it is without quotes;
/// `end` if its quotes are not closed.
inline const char* skip_text(const char* at, const char* end, char closing) noexcept {
    if (*at == '"') {
        at = skip_quoted(at, end);
        return at == nullptr ? end : at;
    }
    return std::find_if(at, end, [closing](char c) { return c == ',' || c == closing; });
}

/// Closes the record or list that ends at `at`, and those that end with it. Returns what follows.
inline const char* close_ended(Nesting& nesting, const char* at, const char* end) noexcept {
    do {
        ++at;
        nesting.close();
        if (nesting.in_outermost()) {
            break;
        }
        at = skip_white_space(at, end);
    } while (at != end && *at == nesting.closing());
    return at;
}

/// Returns the end of the record or list at `at`, within a record; nullptr if it is invalid or
/// nests too deep. One loop, without a copy: it can be large.
const char* skip_jsv(const char* at, const char* end) noexcept {
    Nesting nesting;
    while (at != nullptr && at != end) {
        // A value begins here.
        if (*at == '{' || *at == '[') {
            if (!nesting.open(*at == '{')) {
                return nullptr;
            }
            at = skip_white_space(at + 1, end);
            if (!(nesting.in_record() && is_at(at, end, '}'))) {
                at = skip_name_in(nesting, at, end);
                continue;
            }
        } else {
            at = skip_white_space(skip_text(at, end, nesting.closing()), end);
        }
        if (is_at(at, end, nesting.closing())) {
            at = close_ended(nesting, at, end);
            if (nesting.in_outermost()) {
                return at;
            }
        }
        if (!is_at(at, end, ',')) {
            return nullptr;
        }
        at = skip_name_in(nesting, skip_white_space(at + 1, end), end);
    }
    return nullptr;
}

/// Reads one record: `{name:value,…}`.
class Reader {
public:
    Reader(std::string_view text, Memory& memory, MemberNames wanted)
        : rest_(trim_white_space(text)), memory_(memory), members_(memory, wanted) {}

    std::optional<Members> read() {
        if (!take_token("{") || !read_members() || !rest_.empty()) {
            return std::nullopt;
        }
        return members_.take();
    }

private:
    /// Takes `token` with the white space before it.
    bool take_token(std::string_view token) noexcept {
        skip_white_space();
        return take(rest_, token);
    }

    void skip_white_space() noexcept {
        take_until(rest_, [](char c) { return !is_white_space(c); });
    }

    /// Reads the rest of the record after its `{`.
    bool read_members() {
        if (take_token("}")) {
            return true;
        }
        do {
            const auto name = read_name();
            if (!name || !take_token(":") || !read_value(*name)) {
                return false;
            }
        } while (take_token(","));
        return take_token("}");
    }

    std::optional<Quoted> read_name() noexcept {
        skip_white_space();
        if (rest_.starts_with('"')) {
            return take_quoted(rest_);
        }
        const std::string_view name = trim_white_space(take_until(rest_, is_special));
        return name.empty() ? std::nullopt : std::optional(Quoted{name});
    }

    /// Reads one value of the record.
    bool read_value(const Quoted& quoted_name) {
        skip_white_space();
        if (rest_.starts_with('{') || rest_.starts_with('[')) {
            return skip_nested();
        }
        const auto value = read_text_value();
        if (!value || !members_.count()) {
            return false;
        }
        const std::string_view name = text_of(quoted_name, memory_);
        if (members_.wants(name)) {
            members_.add(name, text_of(*value, memory_));
        }
        return true;
    }

    std::optional<Quoted> read_text_value() noexcept {
        if (rest_.starts_with('"')) {
            return take_quoted(rest_);
        }
        const std::string_view value =
            take_until(rest_, [](char byte) { return byte == ',' || byte == '}'; });
        return Quoted{trim_white_space(value)};
    }

    /// Skips a record or list within the record.
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
    return read_utf8(body, memory,
                     [&](std::string_view text) { return Reader(text, memory, wanted).read(); });
}

void append_jsv_string(Text& out, std::string_view text) {
    append_quoted(out, text, "\":,{}[]\r\n", text.empty());
}

}  // namespace mfa_reset::format
