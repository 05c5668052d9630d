// See xml.hpp. pugixml finds the elements; it expands nothing (what it does not know it would leave
// as it is), and takes what follows the root element: both are looked at here.
//
// Of pugixml's global state, its allocation functions, nothing is changed; it allocates with
// malloc, throws nothing outside XPath, and its parser does not recurse. It is given a copy of the
// body to parse in place, so that what it finds lives as long as the request, and the document need
// not.
#include "format/xml.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <pugixml.hpp>

#include "format/append_escaped.hpp"
#include "format/xml_text.hpp"

namespace mfa_reset::format {

namespace {

/// As a fragment, so that text and elements beside the root are not dropped but seen.
constexpr unsigned kParsing = pugi::parse_fragment | pugi::parse_doctype | pugi::parse_cdata |
                              pugi::parse_ws_pcdata | pugi::parse_eol;

bool is_element(const pugi::xml_node& node) noexcept { return node.type() == pugi::node_element; }

std::string_view local_name(std::string_view name) noexcept {
    return name.substr(name.find(':') + 1);
}

/// The root element; a null node where there is not exactly one, or anything beside it.
pugi::xml_node root_of(const pugi::xml_document& document) noexcept {
    pugi::xml_node root;
    for (const pugi::xml_node& node : document) {
        const bool blank = node.type() == pugi::node_pcdata && is_blank(node.value());
        if (blank) {
            continue;
        }
        if (!is_element(node) || root) {
            return {};
        }
        root = node;
    }
    return root;
}

/// The node after `node` in the order of the text; null after the last. `depth` is the node's, 1
/// for the root.
pugi::xml_node next_node(pugi::xml_node node, std::size_t& depth) noexcept {
    if (const pugi::xml_node child = node.first_child()) {
        ++depth;
        return child;
    }
    for (; depth > 1; --depth) {
        if (const pugi::xml_node sibling = node.next_sibling()) {
            return sibling;
        }
        node = node.parent();
    }
    return {};
}

bool is_too_deep(const pugi::xml_node& root) noexcept {
    std::size_t depth = 1;
    for (pugi::xml_node node = root; node; node = next_node(node, depth)) {
        if (is_element(node) && depth > kMaxMembersDepth) {
            return true;
        }
    }
    return false;
}

bool is_nil(const pugi::xml_node& element) noexcept {
    return std::any_of(element.attributes_begin(), element.attributes_end(),
                       [](const pugi::xml_attribute& attribute) {
                           const std::string_view value = attribute.value();
                           return local_name(attribute.name()) == "nil" &&
                                  (value == "true" || value == "1");
                       });
}

bool has_elements(const pugi::xml_node& element) noexcept {
    return std::any_of(element.begin(), element.end(), is_element);
}

std::optional<std::string_view> part_of_text(const pugi::xml_node& node, Memory& memory) {
    return node.type() == pugi::node_pcdata ? expand_xml(node.value(), memory)
                                            : std::string_view(node.value());
}

/// All text and CDATA of an element, comments between them left out.
std::optional<std::string_view> text_of(const pugi::xml_node& element, Memory& memory) {
    const pugi::xml_node first = element.first_child();
    if (!first.next_sibling()) {
        return first ? part_of_text(first, memory) : std::string_view{};
    }
    Text text(memory);
    for (const pugi::xml_node& child : element) {
        const auto part = part_of_text(child, memory);
        if (!part) {
            return std::nullopt;
        }
        text.append(*part);
    }
    return text.view();
}

bool add_element(Members& members, const pugi::xml_node& element, Memory& memory) {
    const std::string_view name = local_name(element.name());
    if (is_nil(element)) {
        return add_null_member(members, name);
    }
    if (has_elements(element)) {
        return true;
    }
    const auto text = text_of(element, memory);
    return text && add_member(members, name, *text);
}

}  // namespace

std::optional<Members> read_xml_members(std::string_view body, Memory& memory) {
    Members members(&memory);
    if (is_blank(without_byte_order_mark(body))) {
        return members;
    }
    if (!is_xml_text(body)) {
        return std::nullopt;
    }
    // A blank more, because of a fragment that ends with text pugixml would lose the last byte. A
    // byte order mark it skips itself.
    auto* const bytes = static_cast<char*>(memory.allocate(body.size() + 1, 1));
    std::memcpy(bytes, body.data(), body.size());
    bytes[body.size()] = ' ';
    pugi::xml_document document;
    const pugi::xml_parse_result parsed =
        document.load_buffer_inplace(bytes, body.size() + 1, kParsing, pugi::encoding_utf8);
    if (parsed.status == pugi::status_out_of_memory) {
        throw std::bad_alloc();
    }
    const pugi::xml_node root = parsed ? root_of(document) : pugi::xml_node{};
    if (!root || is_too_deep(root)) {
        return std::nullopt;
    }
    for (const pugi::xml_node& child : root) {
        if (is_element(child) && !add_element(members, child, memory)) {
            return std::nullopt;
        }
    }
    return members;
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
