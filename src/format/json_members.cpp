#include "format/json_members.hpp"

#include "format/json_reader.hpp"

namespace mfa_reset::format {

namespace {

using Token = JsonReader::Token;

/// Reads one member's value, whose first token is `token`. Returns false for too many members, and
/// if it is not JSON.
bool read_value(JsonReader& reader, Token token, std::string_view name, MemberCollector& members,
                Memory& memory) {
    switch (token) {
        case Token::string:
        case Token::number:
        case Token::boolean:
        case Token::null: break;
        default: return reader.skip();
    }
    if (!members.count()) {
        return false;
    }
    if (members.wants(name)) {
        token == Token::null ? members.add_null(name) : members.add(name, reader.text(memory));
    }
    return true;
}

}  // namespace

std::optional<Members> read_json_members(std::string_view body, Memory& memory,
                                         MemberNames wanted) {
    body = without_byte_order_mark(body);
    MemberCollector members(memory, wanted);
    if (is_blank(body)) {
        return members.take();
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
    return good ? std::optional(members.take()) : std::nullopt;
}

}  // namespace mfa_reset::format
