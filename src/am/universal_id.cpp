// See universal_id.hpp.
#include "am/universal_id.hpp"

#include <cstring>

#include "format/ascii.hpp"
#include "format/percent.hpp"
#include "format/text.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::am {

namespace {

/// Takes the first part off `name`, up to a comma that no backslash escapes.
std::string_view take_part(std::string_view& name) noexcept {
    std::size_t end = 0;
    while (end < name.size() && name[end] != ',') {
        end += name[end] == '\\' ? 2U : 1U;
    }
    const std::string_view part = name.substr(0, end);
    name.remove_prefix(end < name.size() ? end + 1 : name.size());
    return part;
}

/// The value of `part`, where its type is `type`.
std::optional<std::string_view> value_of(std::string_view part, std::string_view type) noexcept {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos ||
        !format::equal_ignoring_case(format::trim_blanks(part.substr(0, equals)), type)) {
        return std::nullopt;
    }
    return part.substr(equals + 1);
}

/// RFC 4514: a backslash before two hex digits is that byte, before anything else that character.
/// Nothing where the result is no name.
std::optional<std::string_view> unescape(std::string_view value, Memory& memory) {
    format::Text text(memory, value.size());
    for (std::size_t at = 0; at < value.size(); ++at) {
        char character = value[at];
        if (character == '\\' && at + 1 < value.size()) {
            const auto byte = format::decode_hex(value.substr(at + 1));
            character = byte.value_or(value[at + 1]);
            at += byte ? 2U : 1U;
        }
        text.append({&character, 1});
    }
    const std::string_view name = text.view();
    if (name.empty() || name.find('\0') != std::string_view::npos || !format::is_utf8(name)) {
        return std::nullopt;
    }
    return name;
}

/// The realm of the `o=` parts that `parts` begins with; nothing where one of them names no realm.
std::optional<std::string_view> realm_of(std::string_view parts, Memory& memory) {
    // Filled from its end, as the outermost realm comes last; `o=x` takes no more room as `/x`.
    const std::size_t room = parts.size();
    auto* const bytes = static_cast<char*>(memory.allocate(room + 1, 1));
    std::size_t begin = room;
    while (const auto organisation = value_of(take_part(parts), "o")) {
        const auto name = unescape(*organisation, memory);
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
    const auto id = value_of(take_part(name), "id");
    const auto type = id ? value_of(take_part(name), "ou") : std::nullopt;
    if (!type || !format::equal_ignoring_case(*type, "user")) {
        return std::nullopt;
    }
    const auto user = unescape(*id, memory);
    const auto realm = realm_of(name, memory);
    return user && realm ? std::optional<UniversalId>({*user, *realm}) : std::nullopt;
}

}  // namespace mfa_reset::am
