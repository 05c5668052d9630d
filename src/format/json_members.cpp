#include "format/json_members.hpp"

#include "format/json_reader.hpp"

namespace mfa_reset::format {

namespace {

using Token = JsonReader::Token;

/// One member's value, which `token` begins. False: too many members, or not JSON.
bool read_value(JsonReader& reader, Token token, std::string_view name, Members& members,
                Memory& memory) {
    switch (token) {
        case Token::string:
        case Token::number:
        case Token::boolean: return add_member(members, name, reader.text(memory));
        case Token::null: return add_null_member(members, name);
        default: return reader.skip();
    }
}

}  // namespace

std::optional<Members> read_json_members(std::string_view body, Memory& memory) {
    body = without_byte_order_mark(body);
    Members members(&memory);
    if (is_blank(body)) {
        return members;
    }
    JsonReader reader(body, kMaxMembersDepth);
    if (reader.next() != Token::object) {
        return std::nullopt;
    }
    Token token = reader.next();
    for (; token == Token::name; token = reader.next()) {
        const std::string_view name = reader.text(memory);
        if (!read_value(reader, reader.next(), name, members, memory)) {
            return std::nullopt;
        }
    }
    const bool good = token == Token::end_object && reader.next() == Token::end;
    return good ? std::optional(std::move(members)) : std::nullopt;
}

}  // namespace mfa_reset::format
