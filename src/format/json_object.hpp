// Reads a JSON object member by member.
#pragma once

#include "format/json_reader.hpp"

namespace mfa_reset::format {

/// Reads a text that is one JSON object. Calls `use(name, token)` for each member, where `token` is
/// the first of its value; `use` may leave the rest of the value unread. Returns false if the text
/// is not one JSON object; `use` may have been called for some members then.
template <class Use>
bool each_json_member(JsonReader& reader, Memory& memory, Use use) {
    using Token = JsonReader::Token;
    if (reader.next() != Token::object) {
        return false;
    }
    Token token = reader.next();
    for (; token == Token::name; token = reader.next()) {
        const std::string_view name = reader.text(memory);
        use(name, reader.next());
        if (!reader.skip()) {
            return false;
        }
    }
    return token == Token::end_object && reader.next() == Token::end;
}

}  // namespace mfa_reset::format
