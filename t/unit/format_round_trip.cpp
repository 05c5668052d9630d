// Each format's reader reads what its writer writes: over all of Unicode, and over generated
// strings full of characters with a meaning in one of the formats.
#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <vector>

#include "format/csv.hpp"
#include "format/json.hpp"
#include "format/json_members.hpp"
#include "format/jsv.hpp"
#include "format/utf8.hpp"
#include "format/xml.hpp"
#include "format/xml_text.hpp"
#include "http/form.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

/// The text that a reader gets of a written one.
using Survives = std::string (*)(const std::string& text);

std::string whole(const std::string& text) { return text; }

/// JSV: lenient readers trim raw text.
std::string trimmed_unless_quoted(const std::string& text) {
    if (text.find_first_of("\":,{}[]\r\n") != std::string::npos) {
        return text;
    }
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string::npos
               ? std::string()
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// XML: characters that it cannot hold are replaced.
std::string xml_characters(const std::string& text) {
    std::string result;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view character = rest.substr(0, utf8_character(rest));
        result += is_xml_character(character) ? character : "\xEF\xBF\xBD";
        rest.remove_prefix(character.size());
    }
    return result;
}

void write_json(Text& out, std::string_view text) {
    out.append("{\"a\":\"x\",\"b\":");
    append_json_string(out, text);
    out.append(",\"c\":\"y\"}");
}

void write_jsv(Text& out, std::string_view text) {
    out.append("{a:x,b:");
    append_jsv_string(out, text);
    out.append(",c:y}");
}

void write_xml(Text& out, std::string_view text) {
    out.append("<r><a>x</a><b>");
    append_xml_text(out, text);
    out.append("</b><c>y</c></r>");
}

void write_xml_attribute(Text& out, std::string_view text) {
    out.append("<r><a>x</a><b q=\"");
    append_xml_attribute(out, text);
    out.append("\"></b><c>y</c></r>");
}

void write_csv(Text& out, std::string_view text) {
    out.append("a,b,c\r\nx,");
    append_csv_field(out, text);
    out.append(",y\r\n");
}

struct Format {
    const char* name;
    void (*write)(Text& out, std::string_view text);
    test::ReadMembers read;
    Survives survives;
};

const Format kFormats[] = {
    {"json", &write_json, &read_json_members, &whole},
    {"jsv", &write_jsv, &read_jsv_members, &trimmed_unless_quoted},
    {"xml", &write_xml, &read_xml_members, &xml_characters},
    {"csv", &write_csv, &read_csv_members, &whole},
    // The reader does not return attributes; check that they break nothing.
    {"xml attribute", &write_xml_attribute, &read_xml_members,
     [](const std::string&) { return std::string(); }},
};

void expect_round_trip(const std::string& text) {
    for (const Format& format : kFormats) {
        test::RequestMemory memory;
        Text out(memory);
        format.write(out, text);
        EXPECT_TRUE(is_utf8(out.view())) << format.name;
        ASSERT_EQ(test::line_of(format.read, out.view()), "a=x|b=" + format.survives(text) + "|c=y")
            << format.name;
    }
}

std::string encoded(char32_t character) {
    char bytes[4];
    return {bytes, encode_utf8(character, bytes)};
}

TEST(FormatRoundTrip, EachAsciiCharacterAloneAndBetweenOthers) {
    expect_round_trip("");
    for (char32_t character = 0; character < 0x80; ++character) {
        const std::string text = encoded(character);
        expect_round_trip(text);
        expect_round_trip(text + text);
        expect_round_trip("p" + text + "q");
    }
}

TEST(FormatRoundTrip, AllOfUnicode) {
    std::string text;
    for (char32_t character = 0; character <= 0x10FFFF; ++character) {
        const std::string bytes = encoded(character);
        EXPECT_EQ(bytes.empty(), character >= 0xD800 && character < 0xE000);
        EXPECT_TRUE(bytes.empty() || utf8_character(bytes) == bytes.size()) << bytes;
        text += bytes;
        if (text.size() > 4000 || character == 0x10FFFF) {
            expect_round_trip(text);
            text.clear();
        }
    }
}

TEST(FormatRoundTrip, GeneratedStrings) {
    const std::vector<std::string> pieces{
        "\"",
        "\"\"",
        "\\",
        "\\u0041",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\r",
        "\n",
        "\r\n",
        "\t",
        " ",
        "<",
        ">",
        "&",
        "&lt;",
        "&#65;",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "'",
        "/",
        "%41",
        "+",
        "=",
        "&amp",
        "u-42",
        "null",
        std::string(1, '\0'),
        "\x01",
        "\x1F",
        "\x7F",
        "\xC2\x85",
        "\xE2\x80\xA8",
        "\xEF\xBB\xBF",
        "\xEF\xBF\xBD",
        "\xEF\xBF\xBF",
        "\xF0\x9F\x98\x80",
    };
    std::mt19937 random(4180);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t count = random() % 12; count > 0; --count) {
            text += random() % 8 == 0 ? encoded(static_cast<char32_t>(random() % 0x110000))
                                      : pieces[random() % pieces.size()];
        }
        expect_round_trip(text);
    }
}

/// As a browser writes a form; there is no writer for it here.
std::string form_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    for (const char byte : text) {
        const auto value = static_cast<unsigned char>(byte);
        if (byte == ' ') {
            result += '+';
        } else if (std::isalnum(value) != 0) {
            result += byte;
        } else {
            result += {'%', kDigits[value >> 4U], kDigits[value & 0xFU]};
        }
    }
    return result;
}

TEST(FormatRoundTrip, Forms) {
    std::mt19937 random(1866);
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (std::size_t count = random() % 12; count > 0; --count) {
            text += encoded(static_cast<char32_t>(random() % (round % 2 == 0 ? 0x80 : 0x110000)));
        }
        ASSERT_EQ(test::line_of(&http::read_form_members, "a=x&b=" + form_encoded(text) + "&c=y"),
                  "a=x|b=" + text + "|c=y");
    }
}

TEST(FormatRoundTrip, BytesThatAreNotUtf8BecomeText) {
    std::mt19937 random(3629);
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (std::size_t count = random() % 8; count > 0; --count) {
            text += static_cast<char>(random());
        }
        for (const Format& format : kFormats) {
            test::RequestMemory memory;
            Text out(memory);
            format.write(out, text);
            EXPECT_TRUE(is_utf8(out.view())) << format.name;
            EXPECT_NE(test::line_of(format.read, out.view()), "refused") << format.name;
        }
    }
}

}  // namespace
}  // namespace mfa_reset::format
