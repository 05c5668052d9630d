#include "am/devices/bodies.hpp"

#include <algorithm>

#include "format/ascii.hpp"
#include "format/json_reader.hpp"

namespace mfa_reset::am {

namespace {

using format::JsonReader;
using Token = JsonReader::Token;

struct Member {
    Token token = Token::end;  ///< end: there is none
    std::string_view text;     ///< of a string or boolean
};

/// The last member `name` of the object `body`.
Member find_last(std::string_view body, std::string_view name, Memory& memory) {
    Member found;
    JsonReader reader(body, JsonReader::kMaxDepth);
    if (reader.next() != Token::object) {
        return found;
    }
    while (reader.next() == Token::name) {
        const bool is_wanted = reader.text(memory) == name;
        const Token token = reader.next();
        if (is_wanted) {
            const bool has_text = token == Token::string || token == Token::boolean;
            found = {token, has_text ? reader.text(memory) : std::string_view{}};
        }
        if (!reader.skip()) {
            break;
        }
    }
    return found;
}

/// Control characters of ASCII, and of Latin 1: U+0080 to U+009F.
bool has_control(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_c1 = text[at] == '\xC2' && at + 1 < text.size() &&
                           static_cast<unsigned char>(text[at + 1]) < 0xA0;
        if (format::is_control(text[at]) || is_c1) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool is_json_object(std::string_view body) noexcept {
    return JsonReader(body, JsonReader::kMaxDepth).next() == Token::object;
}

bool has_member(std::string_view body, std::string_view name, Memory& memory) {
    return find_last(body, name, memory).token != Token::end;
}

std::optional<std::string_view> read_device_name(std::string_view body, Memory& memory) {
    constexpr std::size_t kMaxName = 256;
    const auto [token, text] = find_last(body, "deviceName", memory);
    if (token != Token::string || text.empty() || text.size() > kMaxName || has_control(text)) {
        return std::nullopt;
    }
    return text;
}

std::optional<bool> read_skip(std::string_view body, Memory& memory) {
    const auto [token, text] = find_last(body, "value", memory);
    return token == Token::boolean ? std::optional(text == "true") : std::nullopt;
}

}  // namespace mfa_reset::am
