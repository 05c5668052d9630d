// The readers of records and the writers of texts, of all formats. An input's first letter names
// the format (j JSON, v JSV, x XML, c CSV, f form, m multipart with the boundary `b`), the rest is
// a body; the same rest is written as one text of the format, and read back. Or it names an
// encoding (g gzip, d deflate), and the rest is what a client compressed.
#include <algorithm>

#include "format/csv.hpp"
#include "format/json.hpp"
#include "format/json_members.hpp"
#include "format/jsv.hpp"
#include "format/xml.hpp"
#include "http/content_encoding.hpp"
#include "http/form.hpp"
#include "http/multipart.hpp"
#include "pool_like_memory.hpp"
#include "text.hpp"

namespace mfa_reset::fuzz {
namespace {

using Members = std::optional<format::Members>;

Members read(char format, std::string_view body, Memory& memory) {
    switch (format) {
        case 'j': return format::read_json_members(body, memory);
        case 'v': return format::read_jsv_members(body, memory);
        case 'x': return format::read_xml_members(body, memory);
        case 'c': return format::read_csv_members(body, memory);
        case 'm':
            return http::read_multipart_members(body, "multipart/form-data; boundary=b", memory);
        default: return http::read_form_members(body, memory);
    }
}

void judge(const Members& members) {
    if (!members) {
        return;
    }
    require(members->size() <= format::kMaxMembers, "a record is bounded");
    for (const format::Member& member : *members) {
        require(is_utf8(member.name) && is_utf8(member.value), "members are UTF-8", member.value);
    }
    if (!members->empty()) {
        const format::Member& last = members->back();
        require(format::find_member(*members, last.name).has_value() != last.is_null,
                "the last member is found by name, or is null", last.name);
    }
}

/// A record of one member, `a`, with `text` in it; empty where the format has no writer here.
std::string_view write(char format, std::string_view text, format::Text& out) {
    switch (format) {
        case 'j':
            out.append("{\"a\":");
            format::append_json_string(out, text);
            return out.append("}").view();
        case 'v':
            out.append("{a:");
            format::append_jsv_string(out, text);
            return out.append("}").view();
        case 'x':
            out.append("<r><a>");
            format::append_xml_text(out, text);
            return out.append("</a></r>").view();
        case 'c':
            out.append("a\r\n");
            format::append_csv_field(out, text);
            return out.append("\r\n").view();
        default: return {};
    }
}

/// What the format cannot give back as it was: JSV's raw blanks at the ends, what XML cannot hold,
/// a row of CSV with nothing in it.
bool comes_back(char format, std::string_view text) {
    if (!is_utf8(text)) {
        return false;
    }
    switch (format) {
        case 'v':
            return trimmed(text) == text && text != "null" &&
                   text.find_first_of(" \t\r\n\v\f") == std::string_view::npos;
        case 'x':
            return std::string_view{text}.find("\xEF\xBF") == std::string_view::npos &&
                   std::none_of(text.begin(), text.end(), [](char byte) {
                       return static_cast<unsigned char>(byte) < 0x20 && byte != '\t' &&
                              byte != '\n' && byte != '\r';
                   });
        case 'c': return !text.empty() && text.find_first_not_of(" \t\r\n") != text.npos;
        default: return true;
    }
}

void check_written(char format, std::string_view text) {
    test::PoolLikeMemory memory;
    format::Text out(memory);
    const std::string_view record = write(format, text, out);
    if (record.empty()) {
        return;
    }
    const Members members = read(format, record, memory);
    if (comes_back(format, text)) {
        require(members.has_value(), "what was written can be read", record);
        require(format::member(*members, "A") == text, "it says what was there", record);
    }
    if (members) {
        require(members->size() <= 1, "no text makes a member of its own", record);
    }
}

void check_decoded(char name, std::string_view body) {
    constexpr std::size_t kMost = 65536;
    test::PoolLikeMemory memory;
    http::ContentEncoding encoding;
    encoding.read(name == 'g' ? "gzip" : "deflate");
    const http::Decoded decoded = http::decode_content(body, encoding, kMost, memory);
    const bool good = decoded.outcome == http::Decoded::Outcome::good;
    require(decoded.body.size() <= kMost && (good || decoded.body.empty()), "a body is bounded");
    require(memory.bytes() <= 2 * kMost, "and so is the memory for it");
}

void check(std::string_view input) {
    if (input.empty()) {
        return;
    }
    const char format = input.front();
    ExactCopies copies;
    const std::string_view body = copies.keep(input.substr(1));
    if (format == 'g' || format == 'd') {
        check_decoded(format, body);
        return;
    }
    test::PoolLikeMemory memory;
    judge(read(format, body, memory));
    check_written(format, body);
}

}  // namespace
}  // namespace mfa_reset::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mfa_reset::fuzz::check(mfa_reset::fuzz::view(data, size));
    return 0;
}
