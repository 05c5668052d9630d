#include "format/json_string.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "format/hex.hpp"
#include "format/utf8.hpp"
#include "format/words.hpp"

namespace mfa_reset::format {

namespace {

/// What may follow a backslash, but for `u`.
constexpr auto kShortEscapes = [] {
    std::array<bool, 256> escapes{};
    for (const char byte : std::string_view("\"\\/bfnrt")) {
        escapes[static_cast<unsigned char>(byte)] = true;
    }
    return escapes;
}();

/// What a byte is within a string.
enum class Kind : std::uint8_t { plain, quote, escape, control, beyond_ascii };

constexpr auto kKinds = [] {
    std::array<Kind, 256> kinds{};
    std::fill(kinds.begin(), kinds.begin() + ' ', Kind::control);
    std::fill(kinds.begin() + 0x80, kinds.end(), Kind::beyond_ascii);
    kinds['"'] = Kind::quote;
    kinds['\\'] = Kind::escape;
    return kinds;
}();

constexpr Kind kind_of(char byte) noexcept { return kKinds[static_cast<unsigned char>(byte)]; }

/// Returns the first byte from `at` on that is not plain; `end` if there is none.
const char* find_special(const char* at, const char* end) noexcept {
    constexpr std::size_t kSize = sizeof(Word);
    for (; static_cast<std::size_t>(end - at) >= kSize; at += kSize) {
        const Word word = load_word(at);
        const Word control = (word - ' ' * kOnes) & ~word & kHighs;  // and others after the first
        const Word marks =
            mark_from_first(word, '"') | mark_from_first(word, '\\') | control | (word & kHighs);
        if (marks != 0) {
            return at + first_mark(marks);
        }
    }
    while (at != end && kind_of(*at) == Kind::plain) {
        ++at;
    }
    return at;
}

/// The code unit of `\uXXXX` at the start of `text`; nullopt if there is none.
std::optional<char32_t> code_unit(std::string_view text) noexcept {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') {
        return std::nullopt;
    }
    const int high = hex_value(text[2]) << 12 | hex_value(text[3]) << 8;
    const int unit = high | hex_value(text[4]) << 4 | hex_value(text[5]);
    return unit < 0 ? std::nullopt : std::optional(static_cast<char32_t>(unit));
}

constexpr bool is_high_surrogate(char32_t unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(char32_t unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }

std::size_t unescape_unicode(std::string_view& raw, char* out) noexcept {
    constexpr std::size_t kSize = 6;
    char32_t character = code_unit(raw).value_or(0);
    raw.remove_prefix(kSize);
    if (is_high_surrogate(character)) {
        const char32_t low = code_unit(raw).value_or(0xDC00);
        character = 0x10000 + ((character - 0xD800) << 10U) + (low - 0xDC00);
        raw.remove_prefix(kSize);
    }
    return encode_utf8(character, out);
}

/// Writes the character of the escape at the start of `raw`, and removes the escape from it.
std::size_t unescape(std::string_view& raw, char* out) noexcept {
    if (raw[1] == 'u') {
        return unescape_unicode(raw, out);
    }
    switch (raw[1]) {
        case 'b': *out = '\b'; break;
        case 'f': *out = '\f'; break;
        case 'n': *out = '\n'; break;
        case 'r': *out = '\r'; break;
        case 't': *out = '\t'; break;
        default: *out = raw[1]; break;
    }
    raw.remove_prefix(2);
    return 1;
}

/// Scans the escape at `at`. Sets `lone` if it is a lone surrogate.
JsonString scan_escape(const char* at, const char* end, bool& lone) noexcept {
    if (end - at >= 2 && kShortEscapes[static_cast<unsigned char>(at[1])]) {
        return {at + 2, true};
    }
    constexpr std::size_t kSize = 6;
    if (const auto unit = code_unit({at, end})) {
        at += kSize;
        if (is_high_surrogate(*unit) && is_low_surrogate(code_unit({at, end}).value_or(0))) {
            return {at + kSize, true};
        }
        lone = lone || is_high_surrogate(*unit) || is_low_surrogate(*unit);
        return {at, true, true, *unit == 0};
    }
    // The fault is the first byte that is not a hex digit.
    ++at;
    if (at != end && *at == 'u') {
        at = std::find_if_not(at + 1, end, is_hex_digit);
    }
    return {at + (utf8_character({at, end}) > 0 ? 1 : 0), false};
}

/// Returns the first byte behind the plain one at `at` that is not plain; `end` if there is none.
inline const char* skip_plain(const char* at, const char* end) noexcept {
    at = skip_plain_json(at + 1, end);
    return at != end && kind_of(*at) == Kind::plain ? find_special(at, end) : at;
}

/// Returns the end of the character beyond ASCII at `at`; `at` if it is not UTF-8.
inline const char* skip_beyond_ascii(const char* at, const char* end) noexcept {
    const bool of_two = is_utf8_of_two(at, end);  // as most are
    return at + (of_two ? 2 : utf8_character({at, end}));
}

}  // namespace

JsonString scan_json_string(const char* at, const char* end) noexcept {
    bool lone_surrogate = false;  // refused at the end of the string
    JsonString scan{at, true};
    JsonString escape;
    for (; at != end; at = scan.end) {
        switch (kind_of(*at)) {
            case Kind::plain: scan.end = skip_plain(at, end); break;
            case Kind::quote: return {at + 1, !lone_surrogate, scan.escaped, scan.nul};
            case Kind::control: return {at, false};
            case Kind::escape:
                escape = scan_escape(at, end, lone_surrogate);
                if (!escape.good) {
                    return escape;
                }
                scan = {escape.end, true, true, scan.nul || escape.nul};
                break;
            case Kind::beyond_ascii:
                scan.end = skip_beyond_ascii(at, end);
                if (scan.end == at) {
                    return {at, false};
                }
                break;
        }
    }
    return {at, false};
}

std::string_view unescape_json(std::string_view raw, Memory& memory) {
    // Every escape is longer than the UTF-8 that it stands for.
    auto* const bytes = static_cast<char*>(memory.allocate(raw.size(), 1));
    std::size_t size = 0;
    for (std::size_t escape = raw.find('\\'); escape != std::string_view::npos;
         escape = raw.find('\\')) {
        size += raw.copy(bytes + size, escape);
        raw.remove_prefix(escape);
        size += unescape(raw, bytes + size);
    }
    size += raw.copy(bytes + size, raw.size());
    return {bytes, size};
}

}  // namespace mfa_reset::format
