#include "http/form.hpp"

#include "format/utf8.hpp"
#include "http/percent.hpp"
#include "http/query.hpp"

namespace mfa_reset::http {

namespace {

/// Whether all names and values are UTF-8 once they are decoded. It is enough to decode the body as
/// a whole: no character continues after a `&` or `=`.
bool is_well_formed(std::string_view body, Memory& memory) {
    const auto decoded = decode_percent(body, Plus::literal, memory);
    return decoded && format::is_utf8(*decoded);
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
    const auto decode = [plain, &memory](std::string_view text) {
        return plain ? text
                     : decode_percent(text, Plus::blank, memory).value_or(std::string_view{});
    };
    const bool good = each_field(body, [&](std::string_view encoded, std::string_view value) {
        const auto is_meant = [encoded](std::string_view name) {
            return is_encoded_as(encoded, name, Case::ignored);
        };
        if (!members.count()) {
            return false;
        }
        if (plain ? members.wants(encoded) : members.wants_any(is_meant)) {
            members.add(decode(encoded), decode(value));
        }
        return true;
    });
    return good ? std::optional(members.take()) : std::nullopt;
}

}  // namespace mfa_reset::http
