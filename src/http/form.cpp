#include "http/form.hpp"

#include "format/utf8.hpp"
#include "format/words.hpp"
#include "http/percent.hpp"

namespace mfa_reset::http {

namespace {

/// Whether all names and values are UTF-8 when they are decoded. Those are not decoded one by one:
/// no character can go on beyond a `&` or `=`.
bool is_well_formed(std::string_view body, Memory& memory) {
    const auto decoded = decode_percent(body, Plus::literal, memory);
    return decoded && format::is_utf8(*decoded);
}

/// Of what is well-formed; `plain`: nothing in it is encoded. False: there are too many fields.
bool read_field(std::string_view field, bool plain, format::MemberCollector& members,
                Memory& memory) {
    const auto decode = [plain, &memory](std::string_view text) {
        return plain ? text
                     : decode_percent(text, Plus::blank, memory).value_or(std::string_view{});
    };
    if (!members.count()) {
        return false;
    }
    const std::size_t equals = format::find_byte(field, '=');
    const std::string_view name = field.substr(0, equals);
    const auto is_encoded = [name](std::string_view wanted) {
        return is_encoded_as(name, wanted, Case::ignored);
    };
    if (plain ? members.wants(name) : members.wants_any(is_encoded)) {
        members.add(decode(name), decode(field.substr(std::min(equals + 1, field.size()))));
    }
    return true;
}

}  // namespace

std::optional<format::Members> read_form_members(std::string_view body, Memory& memory,
                                                 format::MemberNames wanted) {
    body = format::without_byte_order_mark(body);
    format::MemberCollector members(memory, wanted);
    if (format::is_blank(body)) {
        return members.take();
    }
    if (!is_well_formed(body, memory)) {
        return std::nullopt;
    }
    const bool plain = body.find('%') == std::string_view::npos &&  //
                       body.find('+') == std::string_view::npos;
    while (!body.empty()) {
        if (body.front() == '&') {
            body.remove_prefix(1);
        } else if (!read_field(take_field(body), plain, members, memory)) {
            return std::nullopt;
        }
    }
    return members.take();
}

}  // namespace mfa_reset::http
