// Finds the members of a record. xml_reader.hpp reads the grammar.
#include "format/xml.hpp"

#include "format/append_escaped.hpp"
#include "format/xml_reader.hpp"
#include "format/xml_text.hpp"

namespace mfa_reset::format {

namespace {

using Token = XmlReader::Token;

static_assert(kMaxMembersDepth == XmlReader::kMaxDepth);

/// An element within the root.
struct Element {
    std::string_view name;
    bool nil;
    bool has_elements = false;
    std::string_view whole{};  ///< with its tags
};

/// Reads an element, whose start was read, to its end. Returns nullopt on a fault.
std::optional<Element> read_element(std::string_view body, XmlReader& reader) noexcept {
    Element element{reader.name(), reader.is_nil()};
    const std::size_t begin = reader.token_position();
    if (!reader.skip(element.has_elements)) {
        return std::nullopt;
    }
    element.whole = body.substr(begin, reader.position() - begin);
    return element;
}

/// Joins all text and CDATA of an element that has no child elements.
std::string_view text_of(const Element& element, Memory& memory) {
    XmlReader reader(element.whole);
    Text text(memory, element.whole.size());
    reader.next();
    for (Token token = reader.next(); token != Token::end; token = reader.next()) {
        append_read_xml(text, reader.text(), token == Token::text);
    }
    return text.view();
}

/// Returns false if there are too many.
bool add_element(MemberCollector& members, const Element& element, Memory& memory) {
    if (element.has_elements && !element.nil) {
        return true;
    }
    if (!members.count()) {
        return false;
    }
    if (members.wants(element.name)) {
        element.nil ? members.add_null(element.name)
                    : members.add(element.name, text_of(element, memory));
    }
    return true;
}

}  // namespace

std::optional<Members> read_xml_members(std::string_view body, Memory& memory, MemberNames wanted) {
    body = without_byte_order_mark(body);
    MemberCollector members(memory, wanted);
    if (is_blank(body)) {
        return members.take();
    }
    XmlReader reader(body);
    if (!is_xml_text(body) || reader.next() != Token::start) {
        return std::nullopt;
    }
    Token token = reader.next();
    for (; token != Token::over; token = reader.next()) {
        if (token == Token::fault) {
            return std::nullopt;
        }
        if (token == Token::start) {
            const auto element = read_element(body, reader);
            if (!element || !add_element(members, *element, memory)) {
                return std::nullopt;
            }
        }
    }
    return members.take();
}

void append_xml_text(Text& out, std::string_view text) {
    append_escaped(out, text, [](std::string_view character) -> std::string_view {
        switch (character.front()) {
            case '&': return "&amp;";
            case '<': return "&lt;";
            case '>': return "&gt;";
            case '\r': return "&#xD;";  // raw, it would be read as a line feed
            default: return is_xml_character(character) ? "" : kReplacementCharacter;
        }
    });
}

void append_xml_attribute(Text& out, std::string_view text) {
    append_escaped(out, text, [](std::string_view character) -> std::string_view {
        switch (character.front()) {
            case '&': return "&amp;";
            case '<': return "&lt;";
            case '>': return "&gt;";
            case '"': return "&quot;";
            case '\t': return "&#x9;";  // raw, these would be read as blanks
            case '\n': return "&#xA;";
            case '\r': return "&#xD;";
            default: return is_xml_character(character) ? "" : kReplacementCharacter;
        }
    });
}

}  // namespace mfa_reset::format
