// See utf8.hpp.
#include "format/utf8.hpp"

#include "format/words.hpp"

namespace mfa_reset::format {

namespace {

/// The bytes that may follow a lead byte: how many, and the range of the first one. That range
/// excludes overlong forms, surrogates and everything past U+10FFFF.
struct Tail {
    std::size_t size;
    unsigned char low;
    unsigned char high;
};

constexpr Tail tail_of(unsigned char lead) noexcept {
    if (lead >= 0xC2 && lead <= 0xDF) {
        return {1, 0x80, 0xBF};
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return {2, static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(lead == 0xED ? 0x9F : 0xBF)};
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        return {3, static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
                static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
    }
    return {0, 0, 0};
}

}  // namespace

std::size_t utf8_character(std::string_view text) noexcept {
    if (text.empty()) {
        return 0;
    }
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    if (byte(0) < 0x80) {
        return 1;
    }
    const Tail tail = tail_of(byte(0));
    if (tail.size == 0 || text.size() <= tail.size || byte(1) < tail.low || byte(1) > tail.high) {
        return 0;
    }
    for (std::size_t at = 2; at <= tail.size; ++at) {
        if ((byte(at) & 0xC0) != 0x80) {
            return 0;
        }
    }
    return tail.size + 1;
}

std::size_t encode_utf8(char32_t character, char* out) noexcept {
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) {
        return 0;
    }
    if (character < 0x80) {
        *out = static_cast<char>(character);
        return 1;
    }
    const std::size_t size = character < 0x800 ? 2U : character < 0x10000 ? 3U : 4U;
    for (std::size_t at = size - 1; at > 0; --at) {
        out[at] = static_cast<char>(0x80U | (character & 0x3FU));
        character >>= 6U;
    }
    const unsigned lead = size == 2 ? 0xC0U : size == 3 ? 0xE0U : 0xF0U;
    *out = static_cast<char>(lead | character);
    return size;
}

std::size_t utf8_prefix(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= sizeof(Word) && (load_word(text.data() + at) & kHighs) == 0) {
            at += sizeof(Word);
            continue;
        }
        const char* const begin = text.data() + at;
        const bool of_two = is_utf8_of_two(begin, text.data() + text.size());
        const std::size_t size = of_two ? 2 : utf8_character(text.substr(at));
        if (size == 0) {
            break;
        }
        at += size;
    }
    return at;
}

bool is_utf8(std::string_view text) noexcept { return utf8_prefix(text) == text.size(); }

}  // namespace mfa_reset::format
