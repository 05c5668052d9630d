#include "am/universal_id.hpp"

#include <algorithm>
#include <cstring>

#include "format/ascii.hpp"
#include "format/hex.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::am {

namespace {

/// One `type=value` of a distinguished name (RFC 4514).
struct Part {
    std::string_view type;
    std::string_view value;  ///< as written, with its escapes
};

constexpr bool is_letter(char c) noexcept {
    return format::to_lower(c) >= 'a' && format::to_lower(c) <= 'z';
}

/// Takes the first part off `name`, up to a comma that no backslash escapes. If it is malformed,
/// returns nullopt.
std::optional<Part> take_part(std::string_view& name) noexcept {
    std::size_t end = 0;
    while (end < name.size() && name[end] != ',') {
        end += name[end] == '\\' ? 2U : 1U;
    }
    const std::string_view part = name.substr(0, end);
    name.remove_prefix(end < name.size() ? end + 1 : name.size());

    const std::size_t equals = part.find('=');
    const std::string_view type =
        format::trim(part.substr(0, equals), [](char c) { return c == ' '; });
    if (equals == std::string_view::npos || type.empty() || !std::ranges::all_of(type, is_letter)) {
        return std::nullopt;
    }
    return Part{type, part.substr(equals + 1)};
}

bool is(const std::optional<Part>& part, std::string_view type) noexcept {
    return part && format::equal_ignoring_case(part->type, type);
}

/// The name that `value` writes: a backslash before two hex digits is that byte, before anything
/// else that character. If it is no name, or more than one part (`a+cn=b`), returns nullopt. The
/// name is written to `out`, which has as many bytes as `value`.
std::optional<std::string_view> unescape(std::string_view value, char* out) noexcept {
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    std::size_t size = 0;
    std::size_t length = 0;  // without the blanks at the end
    for (std::size_t at = 0; at < value.size(); ++at) {
        char character = value[at];
        if (character == '+' || character == ';' || character == '"' ||
            (character == '\\' && at + 1 == value.size())) {
            return std::nullopt;
        }
        const bool escaped = character == '\\';
        if (escaped) {
            const auto byte = format::decode_hex(value.substr(at + 1));
            character = byte.value_or(value[at + 1]);
            at += byte ? 2U : 1U;
        }
        out[size++] = character;
        length = escaped || character != ' ' ? size : length;
    }
    const std::string_view name(out, length);
    if (name.empty() || name.find('\0') != std::string_view::npos || !format::is_utf8(name)) {
        return std::nullopt;
    }
    return name;
}

/// The realm of the `o=` parts that `parts` begins with; nothing where one of them names no realm.
std::optional<std::string_view> realm_of(std::string_view parts, Memory& memory) {
    // Filled from its end, as the outermost realm comes last; `o=x` takes no more room as `/x`.
    const std::size_t room = parts.size();
    auto* const bytes = static_cast<char*>(memory.allocate(2 * room + 1, 1));
    char* const scratch = bytes + room + 1;
    std::size_t begin = room;
    while (!parts.empty()) {
        const auto part = take_part(parts);
        if (part && !is(part, "o")) {
            break;
        }
        const auto name = part ? unescape(part->value, scratch) : std::nullopt;
        if (!name || name->find('/') != std::string_view::npos) {
            return std::nullopt;
        }
        begin -= name->size();
        std::memcpy(bytes + begin, name->data(), name->size());
        bytes[--begin] = '/';
    }
    return begin == room ? std::string_view("/") : std::string_view{bytes + begin, room - begin};
}

}  // namespace

std::optional<UniversalId> parse_universal_id(std::string_view name, Memory& memory) {
    const auto id = take_part(name);
    const auto kind = take_part(name);
    if (!is(id, "id") || !is(kind, "ou")) {
        return std::nullopt;
    }
    auto* const bytes =
        static_cast<char*>(memory.allocate(kind->value.size() + id->value.size() + 1, 1));
    const auto type = unescape(kind->value, bytes);
    const auto user = unescape(id->value, bytes + kind->value.size());
    const auto realm = realm_of(name, memory);
    if (!type || !format::equal_ignoring_case(*type, "user") || !user || !realm) {
        return std::nullopt;
    }
    return UniversalId{*user, *realm};
}

}  // namespace mfa_reset::am
