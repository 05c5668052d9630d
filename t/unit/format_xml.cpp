// XML: what .NET clients send, what is refused, and what is escaped.
#include <gtest/gtest.h>

#include "format/xml.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;

std::string line(std::string_view body) { return test::line_of(&read_xml_members, body); }

std::string written(std::string_view text, void (*append)(Text&, std::string_view)) {
    test::RequestMemory memory;
    Text out(memory);
    append(out, text);
    return std::string(out.view());
}

constexpr std::string_view kNetClient =
    "\xEF\xBB\xBF<ResetTwoFactorAuthenticationRequest "
    "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" "
    "xmlns=\"http://schemas.datacontract.org/2004/07/"
    "Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts\"><OrganisationId i:nil=\"true\" "
    "xmlns=\"http://schemas.datacontract.org/2004/07/"
    "Infrastructure.Api.Interfaces.ServiceOperations\" /><CallerCode>12\"3</CallerCode>"
    "<TargetUserId>u,1</TargetUserId></ResetTwoFactorAuthenticationRequest>";

TEST(FormatXml, ReadsWhatTheNetClientSends) {
    EXPECT_EQ(line(kNetClient), "OrganisationId|CallerCode=12\"3|TargetUserId=u,1");
}

TEST(FormatXml, Reads) {
    const test::LineCase cases[] = {
        {"<r><a>b</a></r>", "a=b"},
        {"<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- c --><r>\n  <a>b</a>\n</r>\n<!-- d "
         "-->",
         "a=b"},
        {"<x:r xmlns:x='y'><x:a>b</x:a><c/></x:r>", "a=b|c="},
        {"<r/>", ""},
        {"<r></r>", ""},
        {"<r>text</r>", ""},
        {"", ""},
        {"\n", ""},
        {"<r><a></a></r>", "a="},
        {"<r><a>  </a></r>", "a=  "},
        {"<r><a> b\t</a></r>", "a= b\t"},
        {"<r><a>1\r\n2\r3</a></r>", "a=1\n2\n3"},
        {"<r><a>1&#xD;&#10;2</a></r>", "a=1\r\n2"},
        {"<r><a>&amp;&lt;&gt;&quot;&apos;</a></r>", "a=&<>\"'"},
        {"<r><a>&#65;&#x42;&#x1F600;&#x00043;</a></r>",
         "a=AB\xF0\x9F\x98\x80"
         "C"},
        {"<r><a>&amp;lt;&#38;amp;</a></r>", "a=&lt;&amp;"},
        {"<r><a><![CDATA[<&amp;]]></a></r>", "a=<&amp;"},
        {"<r><a>1<![CDATA[2]]>3<!-- 4 -->5<?pi 6?>7</a></r>", "a=12357"},
        {"<r><a>1<b>2</b></a><c>3</c></r>", "c=3"},
        {"<r><a><b/></a><c>3</c></r>", "c=3"},
        {"<r><a>1</a><A>2</A><a>3</a></r>", "a=1|A=2|a=3"},
        {"<r><a i:nil=\"true\"/><b nil='1'>x</b><c x:nil='false'>y</c><d nill='true'>z</d></r>",
         "a|b|c=y|d=z"},
        {"<r><a>1</a><A i:nil='true'/></r>", "a=1|A"},
        {"<r><a b=\"&lt;\">c</a></r>", "a=c"},
        {"<r><a b='>' c = \"/>\" >d</a ></r>", "a=d"},
        {"<r><a ><b c='</a>'/></a ><d/ ><e/></r>", "refused"},
        {"<r><a><a>1</a></a><c><![CDATA[</c>]]></c></r>", "c=</c>"},
        {"<r><x><a nil='true'/></x><a>1</a></r>", "a=1"},
        {"<r><a>J\xC3\xB6rg</a></r>", "a=J\xC3\xB6rg"},
        {"<r><!--<!DOCTYPE x>--><a><![CDATA[<!DOCTYPE x>]]></a></r>", "a=<!DOCTYPE x>"},
    };
    for (const auto& [body, expected] : cases) {
        EXPECT_EQ(line(body), expected) << body;
    }
}

TEST(FormatXml, RefusesDocumentTypesAndEntities) {
    const std::string_view bodies[] = {
        "<!DOCTYPE r><r><a>b</a></r>",
        "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r><a>b</a></r>",
        "<!DOCTYPE r [<!ENTITY x \"y\">]><r><a>&x;</a></r>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><a>&x;</a></r>",
        "<?xml version='1.0'?>\n<!DOCTYPE r []><r><a>b</a></r>",
        "<r/><!DOCTYPE r>",
        "<r><!DOCTYPE r><a>b</a></r>",
        "<r><a>&x;</a></r>",
        "<r><a>&nbsp;</a></r>",
        "<r><a>&AMP;</a></r>",
        "<r><a>&</a></r>",
        "<r><a>& amp;</a></r>",
        "<r><a>&amp</a></r>",
        "<r><a>&;</a></r>",
        "<r><a>&#;</a></r>",
        "<r><a>&#x;</a></r>",
        "<r><a>&#X41;</a></r>",
        "<r><a>&#-1;</a></r>",
        "<r><a>&#+65;</a></r>",
        "<r><a>&#65 ;</a></r>",
        "<r><a>&#65x;</a></r>",
        "<r><a>&#x41g;</a></r>",
        "<r><a>&#0;</a></r>",
        "<r><a>&#1;</a></r>",
        "<r><a>&#xD800;</a></r>",
        "<r><a>&#xFFFE;</a></r>",
        "<r><a>&#x110000;</a></r>",
        "<r><a>&#4294967361;</a></r>",
        "<r><a>&#99999999999999999999;</a></r>",
    };
    for (const auto body : bodies) {
        EXPECT_EQ(line(body), "refused") << body;
    }
}

TEST(FormatXml, RefusesInvalidXml) {
    const std::string_view bodies[] = {
        "a",
        "<r>",
        "</r>",
        "<r",
        "<r/>x",
        "x<r/>",
        "<r/><r/>",
        "<r/><![CDATA[x]]>",
        "<!-- c -->",
        "<?xml version='1.0'?>",
        "<r><a>b</r></a>",
        "<r><a>b</a>",
        "<r><a b=c/></r>",
        "<r><a b='c/></r>",
        "<r><a><![CDATA[b</a></r>",
        "<r><a><!-- b</a></r>",
        "<r>< a/></r>",
        "<r><a b='1'c='2'/></r>",
        "<r><a b/></r>",
        "<r><a / ></r>",
        "<r><a></ a></r>",
        "<r><a></a b='c'></r>",
        "<r><!--></r>",
        "<r><!->-></r>",
        "<r><?></r>",
        "<r><? pi?></r>",
        "<r><![CDATA[]]</r>",
        "<r>&x;</r>",
        "<r><a>&x;<b/></a></r>",
        "{\"a\":\"b\"}",
        "<r><a>\x01</a></r>",
        "<r><a>\0</a></r>"sv,
        "<r><a>b</a></r>\0"sv,
        "<r><a>\xFF</a></r>",
        "<r><a>\xEF\xBF\xBE</a></r>",
        "<r><a>\xED\xA0\x80</a></r>",
        "<?xml version='1.0' encoding='iso-8859-1'?><r><a>J\xF6rg</a></r>",
        "\xFF\xFE<\0r\0/\0>\0"sv,
        "\xFE\xFF\0<\0r\0/\0>"sv,
        "\xEF\xBB\xBF\xEF\xBB\xBF<r/>",
    };
    for (const auto body : bodies) {
        EXPECT_EQ(line(body), "refused") << body;
    }
}

TEST(FormatXml, LimitsTheDepth) {
    const auto nested = [](std::size_t depth) {
        return "<r>" + test::repeated("<b>", depth - 1) + test::repeated("</b>", depth - 1) +
               "<a>c</a></r>";
    };
    EXPECT_TRUE(line(nested(kMaxMembersDepth)).ends_with("a=c"));
    EXPECT_EQ(line(nested(kMaxMembersDepth + 1)), "refused");
    EXPECT_EQ(line(nested(9000)), "refused");
    // Depth is counted back on the way up: many elements side by side are not deep.
    EXPECT_EQ(line("<r>" + test::repeated("<b><c></c></b>", 1000) + "<a>d</a></r>"), "a=d");
}

TEST(FormatXml, LimitsTheNumberOfMembers) {
    EXPECT_TRUE(
        line("<r>" + test::repeated("<a/>", kMaxMembers - 1) + "<b>2</b></r>").ends_with("|b=2"));
    EXPECT_EQ(line("<r>" + test::repeated("<a/>", kMaxMembers) + "<b>2</b></r>"), "refused");
}

TEST(FormatXml, TextInManyPiecesCostsLittle) {
    const std::string body = "<r><a>" + test::repeated("x<!---->", 8000) + "</a></r>";
    test::ReadBody read(&read_xml_members, body);
    EXPECT_EQ(read.line(), "a=" + test::repeated("x", 8000));
    EXPECT_LT(read.bytes(), 3 * body.size());
}

TEST(FormatXml, WritesText) {
    struct Case {
        std::string_view text;
        std::string_view content;
        std::string_view attribute;
    };
    const Case cases[] = {
        {"", "", ""},
        {"'Target User Id' must not be empty.", "'Target User Id' must not be empty.",
         "'Target User Id' must not be empty."},
        {"<a b=\"c\">&amp;", "&lt;a b=\"c\"&gt;&amp;amp;", "&lt;a b=&quot;c&quot;&gt;&amp;amp;"},
        {"]]>", "]]&gt;", "]]&gt;"},
        {"\t\n\r", "\t\n&#xD;", "&#x9;&#xA;&#xD;"},
        {"J\xC3\xB6rg\x7F", "J\xC3\xB6rg\x7F", "J\xC3\xB6rg\x7F"},
        {"\0\x01\x1F"sv, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
         "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xEF\xBF\xBE\xEF\xBF\xBF\xFF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
         "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (const auto& [text, content, attribute] : cases) {
        EXPECT_EQ(written(text, &append_xml_text), content);
        EXPECT_EQ(written(text, &append_xml_attribute), attribute);
    }
}

}  // namespace
}  // namespace mfa_reset::format
