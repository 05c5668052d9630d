// Writes JSON: objects of a few members, compact or in the two-space form of Jackson, Java's
// writer.
#pragma once

#include <string_view>

#include "format/text.hpp"

namespace mfa_reset::format {

/// `text` as a JSON string with its quotes. Escapes only what JSON requires (nothing for HTML). A
/// byte that is not UTF-8 becomes U+FFFD, so that the result is always JSON.
void append_json_string(Text& out, std::string_view text);

/// One flat object. Members are written in the order of the calls; end() closes it. Names are
/// literals with nothing to escape.
class JsonObject {
public:
    JsonObject(Text& out, bool pretty) : out_(out), pretty_(pretty) {}

    JsonObject& number(std::string_view name, unsigned long value);
    JsonObject& string(std::string_view name, std::string_view value);
    JsonObject& json(std::string_view name, std::string_view value);  ///< a value that is JSON
    void end();

private:
    void member(std::string_view name);

    Text& out_;
    bool pretty_;
    bool empty_ = true;
};

}  // namespace mfa_reset::format
