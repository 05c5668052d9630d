#include "am/devices/items.hpp"

#include <algorithm>
#include <array>

#include "format/json.hpp"

namespace mfa_reset::am {

namespace {

using format::Text;

/// Every member that an item of any kind has, but for `_id` and `_rev`.
constexpr std::array<std::string_view, 22> kKnown{
    "createdDate", "lastAccessDate", "credentialId",
    "deviceName",  "uuid",           "deviceManagementStatus",
    "devices",     "skip",           "failures",
    "lockedUntil", "time",           "api",
    "action",      "factor",         "caller",
    "ip",          "request",        "removed",
    "device",      "name",           "value",
    "trace"};

/// Writes the members of one object. `indent`: how pretty lines begin.
class ObjectWriter {
public:
    ObjectWriter(Text& out, bool pretty, std::string_view indent)
        : out_(out), indent_(indent), pretty_(pretty) {
        out_.append("{");
    }

    Text& name(std::string_view name) {
        out_.append(empty_ ? "" : ",");
        if (pretty_) {
            out_.append("\n").append(indent_);
        }
        empty_ = false;
        return out_.append("\"").append(name).append(pretty_ ? "\" : " : "\":");
    }
    void end() {
        if (pretty_) {
            out_.append(empty_ ? " " : "\n");
            out_.append(empty_ ? "" : indent_.substr(2));
        }
        out_.append("}");
    }

private:
    Text& out_;
    std::string_view indent_;
    bool pretty_;
    bool empty_ = true;
};

void append(Text& out, const Item& item, const ItemManner& manner, std::string_view indent) {
    ObjectWriter object(out, manner.pretty, indent);
    if (manner.identified) {
        object.name("_id").append(item.id);
        object.name("_rev").append("\"").append_number(item.revision).append("\"");
    }
    const auto write = [&object](const ItemMember& member) {
        if (!member.json.empty()) {
            object.name(member.name).append(member.json);
        }
    };
    if (manner.fields.all) {
        std::ranges::for_each(item.members, write);
    }
    for (const std::string_view name : manner.fields.names) {
        const auto member = std::ranges::find(item.members, name, &ItemMember::name);
        if (member != item.members.end()) {
            write(*member);
        }
    }
    object.end();
}

}  // namespace

void Fields::add(std::string_view list) {
    for (bool more = true; more;) {
        const std::size_t comma = list.find(',');
        more = comma != std::string_view::npos;
        std::string_view name = list.substr(0, comma);
        list.remove_prefix(more ? comma + 1 : list.size());
        // A field is a JSON pointer, whose first slash may be missing.
        name.remove_prefix(name.starts_with('/') ? 1 : 0);
        whole_ = whole_ || name.empty();
        const auto* const known = std::ranges::find(kKnown, name);
        if (known != kKnown.end() && std::ranges::find(names, name) == names.end()) {
            names.push_back(*known);
        }
    }
    all = whole_;
    if (all) {
        names.clear();
    }
}

std::string_view to_json(std::string_view text, Memory& memory) {
    Text json(memory, text.size() + 2);
    format::append_json_string(json, text);
    return json.view();
}

std::string_view to_json(unsigned long number, Memory& memory) {
    return Text(memory).append_number(number).view();
}

std::string_view write_item(const Item& item, const ItemManner& manner, Memory& memory) {
    constexpr std::size_t kRoom = 512;
    Text text(memory, kRoom);
    append(text, item, manner, "  ");
    return text.view();
}

ItemList::ItemList(const ItemManner& manner, std::size_t bytes, Memory& memory)
    : manner_(manner), text_(memory, bytes) {
    text_.append(manner.pretty ? "{\n  \"result\" : [ " : "{\"result\":[");
}

void ItemList::add(const Item& item) {
    text_.append(count_ == 0 ? "" : manner_.pretty ? ", " : ",");
    append(text_, item, manner_, "    ");
    ++count_;
}

std::string_view ItemList::end() {
    if (manner_.pretty) {
        text_.append(count_ == 0 ? "],\n  \"resultCount\" : " : " ],\n  \"resultCount\" : ");
        text_.append_number(count_).append(
            ",\n  \"pagedResultsCookie\" : null,\n  \"totalPagedResultsPolicy\" : \"NONE\",\n"
            "  \"totalPagedResults\" : -1,\n  \"remainingPagedResults\" : -1\n}");
    } else {
        text_.append("],\"resultCount\":")
            .append_number(count_)
            .append(
                ",\"pagedResultsCookie\":null,\"totalPagedResultsPolicy\":\"NONE\","
                "\"totalPagedResults\":-1,\"remainingPagedResults\":-1}");
    }
    return text_.view();
}

}  // namespace mfa_reset::am
