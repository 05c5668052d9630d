// See form.hpp.
#include "format/form.hpp"

#include "format/percent.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::format {

namespace {

std::optional<std::string_view> decode(std::string_view text, Memory& memory) {
    const auto decoded = decode_percent(text, Plus::blank, memory);
    return decoded && is_utf8(*decoded) ? decoded : std::nullopt;
}

bool read_field(std::string_view field, Members& members, Memory& memory) {
    if (field.empty()) {
        return true;
    }
    const std::size_t equals = std::min(field.find('='), field.size());
    const auto name = decode(field.substr(0, equals), memory);
    const auto value = decode(field.substr(std::min(equals + 1, field.size())), memory);
    return name && value && add_member(members, *name, *value);
}

}  // namespace

std::optional<Members> read_form_members(std::string_view body, Memory& memory) {
    body = without_byte_order_mark(body);
    Members members(&memory);
    if (is_blank(body)) {
        return members;
    }
    while (!body.empty()) {
        const std::string_view field = body.substr(0, body.find('&'));
        if (!read_field(field, members, memory)) {
            return std::nullopt;
        }
        body.remove_prefix(std::min(field.size() + 1, body.size()));
    }
    return members;
}

}  // namespace mfa_reset::format
