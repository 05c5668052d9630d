// Reads a JSON object member by member.
#pragma once

#include "format/json_reader.hpp"

namespace mfa_reset::format {

/// Calls `use(name, token)` for each member of the object that is all of the reader's text: `token`
/// begins its value, of which `use` may leave the rest unread. False: the text is not one JSON
/// object; then `use` may have been called for some members.
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
