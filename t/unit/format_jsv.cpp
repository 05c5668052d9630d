// JSV: the contract's vectors, and which texts the lenient reader takes and refuses.
#include <gtest/gtest.h>

#include "format/jsv.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;

std::string line(std::string_view body) { return test::line_of(&read_jsv_members, body); }

std::string written(std::string_view text) {
    test::RequestMemory memory;
    Text out(memory);
    append_jsv_string(out, text);
    return std::string(out.view());
}

TEST(FormatJsv, ReadsTheContractsVectors) {
    const test::LineCase cases[] = {
        {R"({targetUserId:"a,b",callerCode:"q""q"})", "targetUserId=a,b|callerCode=q\"q"},
        {R"({targetUserId:"a}b{",callerCode:"[,]"})", "targetUserId=a}b{|callerCode=[,]"},
        {"{targetUserId:u1,unknown:{a:1,b:[1,2]},callerCode:c}", "targetUserId=u1|callerCode=c"},
        {"{targetUserId:a:b,callerCode:x}", "targetUserId=a:b|callerCode=x"},
        {R"({targetUserId:"",callerCode:})", "targetUserId=|callerCode="},
        {"targetUserId:u1", "refused"},
        {"{targetUserId}", "refused"},
        {"[{targetUserId:u1}]", "refused"},
        {"{\n\ttargetUserId: u-42,\n\tcallerCode: 492039,\n\torganisationId: org-7\n}",
         "targetUserId=u-42|callerCode=492039|organisationId=org-7"},
    };
    for (const auto& [body, expected] : cases) {
        EXPECT_EQ(line(body), expected) << body;
    }
}

TEST(FormatJsv, ReadsLeniently) {
    const test::LineCase cases[] = {
        {"\xEF\xBB\xBF{a:b}\r\n", "a=b"},
        {" { \"a\" : \"b\" , c : d e \t} ", "a=b|c=d e"},
        {"{\"a\"\"b\":1}", "a\"b=1"},
        {"{\"\":1}", "=1"},
        {"{\"a,:{}[]\":1}", "a,:{}[]=1"},
        {"{a:\r\n}", "a="},
        {"{a: \"  b  \" }", "a=  b  "},
        {"{a:b\nc}", "a=b\nc"},
        {"{a:b\"c}", "a=b\"c"},
        {"{a:b{c[d]}", "a=b{c[d]"},
        {"{a:\"b\n\"}", "a=b\n"},
        {"{}", ""},
        {" {\r\n} ", ""},
        {"", ""},
        {"\n", ""},
        {"{u:[],v:[ ],w:[a}b,\"]\",[{x:y},],{}],a:b}", "a=b"},
        {"{u:{\"}\":{a:[}]}},a:b}", "a=b"},
        {"{a:1,A:2,a:3}", "a=1|A=2|a=3"},
        {"{a:null}", "a=null"},
        {"{a:\0}"sv, "a=\0"sv},
        {"{a:J\xC3\xB6rg}", "a=J\xC3\xB6rg"},
        {"{a:\"\"\"\"}", "a=\""},
        {"{a:\"\"\"\"\"\"}", "a=\"\""},
    };
    for (const auto& [body, expected] : cases) {
        EXPECT_EQ(line(body), expected) << body;
    }
}

TEST(FormatJsv, Refuses) {
    const std::string_view bodies[] = {
        "{",
        "}",
        "{a",
        "{a:",
        "{a:b",
        "{a:b,",
        "{a:b,}",
        "{,}",
        "{:b}",
        "{ :b}",
        "{a,b:c}",
        "{a{b:c}",
        "{a\"b:c}",
        "{a:b}c",
        "{a:b}{}",
        "{a:b}}",
        "{a:\"b}",
        "{a:\"b\"\"}",
        "{a:\"b\"c}",
        "{a:\"b\" c}",
        "{\"a\"b:c}",
        "{\"a:b}",
        "{a:[}",
        "{a:[b}",
        "{a:[b]c}",
        "{a:[\"b]}",
        "{a:{b}}",
        "{a:{b:c}",
        "{a:{}b}",
        "a",
        "\"{a:b}\"",
        "{a:\xFF}",
        "{u:[\xC3],a:b}",
        "\xEF\xBB\xBF\xEF\xBB\xBF{a:b}",
    };
    for (const auto body : bodies) {
        EXPECT_EQ(line(body), "refused") << body;
    }
}

TEST(FormatJsv, LimitsTheDepth) {
    for (const bool lists : {false, true}) {
        const auto nested = [lists](std::size_t depth) {
            return "{a:" + test::repeated(lists ? "[" : "{b:", depth - 1) +
                   test::repeated(lists ? "]" : "}", depth - 1) + ",c:d}";
        };
        EXPECT_EQ(line(nested(kMaxMembersDepth)), "c=d");
        EXPECT_EQ(line(nested(kMaxMembersDepth + 1)), "refused");
    }
    EXPECT_EQ(line("{a:" + test::repeated("[", 60000)), "refused");
}

TEST(FormatJsv, LimitsTheNumberOfMembers) {
    EXPECT_TRUE(line("{" + test::repeated("a:,", kMaxMembers - 1) + "b:2}").ends_with("|b=2"));
    EXPECT_EQ(line("{" + test::repeated("a:,", kMaxMembers) + "b:2}"), "refused");
}

TEST(FormatJsv, Writes) {
    struct Case {
        std::string_view text;
        std::string_view jsv;
    };
    const Case cases[] = {
        {"", R"("")"},
        {"User not found", "User not found"},
        {"a: b", R"("a: b")"},
        {"q\"q", R"("q""q")"},
        {"\"", R"("""")"},
        {",", R"(",")"},
        {"{", R"("{")"},
        {"}", R"("}")"},
        {"[", R"("[")"},
        {"]", R"("]")"},
        {"\r", "\"\r\""},
        {"\n", "\"\n\""},
        {"\t\\'/<&", "\t\\'/<&"},
        {"J\xC3\xB6rg", "J\xC3\xB6rg"},
        {"a\xFFz\xC3", "a\xEF\xBF\xBDz\xEF\xBF\xBD"},
    };
    for (const auto& [text, jsv] : cases) {
        EXPECT_EQ(written(text), jsv);
    }
}

}  // namespace
}  // namespace mfa_reset::format
