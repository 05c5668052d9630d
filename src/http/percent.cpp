#include "http/percent.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/hex.hpp"
#include "format/text.hpp"
#include "format/words.hpp"

namespace mfa_reset::http {

namespace {

/// `name` with each byte of `special` encoded, which are `/` and `%` at most.
std::string_view encode(std::string_view name, std::string_view special, Memory& memory) {
    const auto find = [special](std::string_view text) {
        std::size_t first = text.size();
        for (const char byte : special) {
            first = format::find_byte(text.substr(0, first), byte);
        }
        return first;
    };
    std::size_t at = find(name);
    if (at == name.size()) {
        return name;
    }
    format::Text text(memory, name.size() + 2);
    for (; at < name.size(); at = find(name)) {
        text.append(name.substr(0, at)).append(name[at] == '/' ? "%2F" : "%25");
        name.remove_prefix(at + 1);
    }
    return text.append(name).view();
}

}  // namespace

bool is_percent_encoded(std::string_view text) noexcept {
    for (std::size_t at = format::find_byte(text, '%'); at < text.size();) {
        if (text.size() - at < 3 || format::hex_pair(text.data() + at + 1) < 0) {
            return false;
        }
        at += 3;
        at += at < text.size() && text[at] != '%' ? format::find_byte(text.substr(at), '%') : 0;
    }
    return true;
}

bool is_any_encoded_as(std::string_view encoded, std::string_view name, Case compared) noexcept {
    std::size_t at = 0;
    for (const char byte : name) {
        char found = at < encoded.size() ? encoded[at] : '\0';
        at += found == '%' ? 3 : 1;
        found = found == '%' ? format::decode_hex(encoded.substr(std::min(at - 2, encoded.size())))
                                   .value_or('\0')
                             : found;
        const bool same = found == byte || (compared == Case::ignored &&
                                            format::to_lower(found) == format::to_lower(byte));
        if (!same) {
            return false;
        }
    }
    return at == encoded.size();
}

std::optional<std::string_view> decode_percent(std::string_view text, Plus plus, Memory& memory) {
    const std::size_t plain =
        std::min(format::find_byte(text, '%'),
                 plus == Plus::blank ? format::find_byte(text, '+') : text.size());
    if (plain == text.size()) {
        return text;
    }
    auto* const bytes = static_cast<char*>(memory.allocate(text.size(), 1));
    std::size_t size = text.copy(bytes, plain);
    for (std::size_t at = plain; at < text.size(); ++at) {
        char byte = text[at];
        if (byte == '%') {
            const int decoded = text.size() - at < 3 ? -1 : format::hex_pair(text.data() + at + 1);
            if (decoded < 0) {
                return std::nullopt;
            }
            byte = static_cast<char>(decoded);
            at += 2;
        } else if (byte == '+' && plus == Plus::blank) {
            byte = ' ';
        }
        bytes[size++] = byte;
    }
    return std::string_view{bytes, size};
}

std::string_view encode_slashes(std::string_view name, Memory& memory) {
    return encode(name, "/%", memory);
}

std::string_view encode_path(std::string_view path, Memory& memory) {
    return encode(path, "%", memory);
}

std::string_view path_below(std::string_view path, std::string_view name, Memory& memory) {
    return format::concat(memory, path == "/" ? "" : path, "/", encode_slashes(name, memory));
}

}  // namespace mfa_reset::http
