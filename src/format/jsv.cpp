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

/// Returns the end of the record or list at `at`, within a record; nullptr if it is invalid or
/// nests too deep. One loop, without a copy: it can be large.
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
            at = std::find_if(at, end, [close](char c) { return c == ',' || c == close; });
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
