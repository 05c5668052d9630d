// See percent.hpp.
#include "format/percent.hpp"

#include <array>

#include "format/text.hpp"

namespace mfa_reset::format {

namespace {

constexpr std::int8_t kNone = -1;

constexpr auto kHexValues = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(kNone);
    for (std::size_t value = 0; value < 16; ++value) {
        values[static_cast<unsigned char>("0123456789ABCDEF"[value])] =
            static_cast<std::int8_t>(value);
        values[static_cast<unsigned char>("0123456789abcdef"[value])] =
            static_cast<std::int8_t>(value);
    }
    return values;
}();

/// The digit's value; kNone for any other character.
constexpr int hex_value(char digit) noexcept {
    return kHexValues[static_cast<unsigned char>(digit)];
}

/// With `/` and `%` encoded where they are among `special`.
std::string_view encode(std::string_view name, std::string_view special, Memory& memory) {
    std::size_t at = name.find_first_of(special);
    if (at == std::string_view::npos) {
        return name;
    }
    Text text(memory, name.size() + 2);
    for (; at != std::string_view::npos; at = name.find_first_of(special)) {
        text.append(name.substr(0, at)).append(name[at] == '/' ? "%2F" : "%25");
        name.remove_prefix(at + 1);
    }
    return text.append(name).view();
}

}  // namespace

bool is_hex_digit(char byte) noexcept { return hex_value(byte) != kNone; }

std::optional<char> decode_hex(std::string_view text) noexcept {
    if (text.size() < 2) {
        return std::nullopt;
    }
    const int high = hex_value(text[0]);
    const int low = hex_value(text[1]);
    if (high < 0 || low < 0) {
        return std::nullopt;
    }
    return static_cast<char>(high * 16 + low);
}

bool is_percent_encoded(std::string_view text) noexcept {
    for (std::size_t at = text.find('%'); at != std::string_view::npos;
         at = text.find('%', at + 3)) {
        if (!decode_hex(text.substr(at + 1))) {
            return false;
        }
    }
    return true;
}

std::optional<std::string_view> decode_percent(std::string_view text, Plus plus, Memory& memory) {
    const bool encoded = text.find('%') != std::string_view::npos ||
                         (plus == Plus::blank && text.find('+') != std::string_view::npos);
    if (!encoded) {
        return text;
    }
    auto* const bytes = static_cast<char*>(memory.allocate(text.size(), 1));
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char byte = text[at];
        if (byte == '%') {
            const auto decoded = decode_hex(text.substr(at + 1));
            if (!decoded) {
                return std::nullopt;
            }
            byte = *decoded;
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
    return concat(memory, path == "/" ? "" : path, "/", encode_slashes(name, memory));
}

}  // namespace mfa_reset::format
