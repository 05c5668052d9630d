// Reading the members of a JSON object.
#include <gtest/gtest.h>

#include "format/json_members.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;

std::string line(std::string_view body) { return test::line_of(&read_json_members, body); }

TEST(FormatJsonMembers, Reads) {
    const test::LineCase cases[] = {
        {R"({"targetUserId":"u-42","callerCode":"492039","organisationId":"org-7"})",
         "targetUserId=u-42|callerCode=492039|organisationId=org-7"},
        {R"({"TargetUserId":"u,1","CallerCode":"12\"3"})", "TargetUserId=u,1|CallerCode=12\"3"},
        {"\xEF\xBB\xBF{\"a\":\"b\"}", "a=b"},
        {" \t\r\n{ \"a\" : \"b\" , \"c\" : 1 } \n", "a=b|c=1"},
        {"{}", ""},
        {" { } ", ""},
        {"", ""},
        {" \r\n", ""},
        {"\xEF\xBB\xBF", ""},
        {R"({"a":null,"b":"x"})", "a|b=x"},
        {R"({"a":"null"})", "a=null"},
        {R"({"a":492039,"b":true,"c":false,"d":-1.50e3,"e":007})", "refused"},
        {R"({"a":492039,"b":true,"c":false,"d":-1.50e3})", "a=492039|b=true|c=false|d=-1.50e3"},
        {"{\"a\":1\n,\"b\":2\t}", "a=1|b=2"},
        {R"({"a":123456789012345678901234567890})", "a=123456789012345678901234567890"},
        {R"({"a":{"targetUserId":"no","b":["}","]"]},"b":[[],{"c":"\"]"}],"d":"yes"})", "d=yes"},
        {R"({"":"empty","a":""})", "=empty|a="},
        {R"({"\u0061\n":"A\u00e9\u20AC\ud83d\ude00\/\\\"\b\f\n\r\t"})",
         "a\n=A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80/\\\"\b\f\n\r\t"},
        {R"({"a":"x\u0000y"})", "a=x\0y"sv},
        {R"({"a":"\\"})", "a=\\"},
        {R"({"a\\":"\\\"","b":1})", "a\\=\\\"|b=1"},
        {"{\"a\":\"J\xC3\xB6rg\"}", "a=J\xC3\xB6rg"},
    };
    for (const auto& [body, expected] : cases) {
        EXPECT_EQ(line(body), expected) << body;
    }
}

TEST(FormatJsonMembers, TheLastDuplicateWins) {
    EXPECT_EQ(line(R"({"a":"1","A":"2","a":"3"})"), "a=1|A=2|a=3");
    test::ReadBody read(&read_json_members, R"({"a":"1","b":"","A":"2"})");
    ASSERT_TRUE(read.members());
    EXPECT_EQ(member(*read.members(), "a"), "2");
    EXPECT_EQ(find_member(*read.members(), "B"), "");
    EXPECT_EQ(find_member(*read.members(), "ab"), std::nullopt);
    EXPECT_EQ(member(*read.members(), "ab"), "");
    EXPECT_EQ(line(R"({"a":"1","A":null,"b":"2"})"), "a=1|A|b=2");
    EXPECT_EQ(line(R"({"a":null,"A":"1"})"), "a|A=1");
    test::ReadBody null(&read_json_members, R"({"a":"1","b":null,"A":null,"B":"2"})");
    EXPECT_EQ(find_member(*null.members(), "a"), std::nullopt);
    EXPECT_EQ(find_member(*null.members(), "b"), "2");
}

TEST(FormatJsonMembers, Refuses) {
    const std::string_view bodies[] = {
        "[]",
        "[{\"a\":\"b\"}]",
        "\"a\"",
        "1",
        "null",
        "{",
        "{}}",
        "{} {}",
        "{}x",
        "{\"a\":\"b\",}",
        "{a:\"b\"}",
        "{'a':'b'}",
        "{\"a\":b}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":\"b\" \"c\":1}",
        "{\"a\":\"\xFF\"}",
        "{\"\xC0\xAF\":\"b\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}"sv,
        "{\"a\":\"b\"}\0"sv,
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\x41\"}",
        "\xEF\xBB\xBF\xEF\xBB\xBF{}",
        "\xFE\xFF\0{\0}"sv,
    };
    for (const auto body : bodies) {
        EXPECT_EQ(line(body), "refused") << body;
    }
}

TEST(FormatJsonMembers, LimitsTheDepth) {
    const auto nested = [](std::size_t depth) {
        return test::repeated("{\"a\":", depth - 1) + "{}" + test::repeated("}", depth - 1);
    };
    EXPECT_EQ(line(nested(kMaxMembersDepth)), "");
    EXPECT_EQ(line(nested(kMaxMembersDepth + 1)), "refused");
    EXPECT_EQ(line(test::repeated("{\"a\":", 13000)), "refused");
}

TEST(FormatJsonMembers, LimitsTheNumberOfMembers) {
    const auto many = [](std::size_t count) {
        return "{" + test::repeated("\"a\":1,", count - 1) + "\"b\":2}";
    };
    EXPECT_TRUE(line(many(kMaxMembers)).ends_with("|b=2"));
    EXPECT_EQ(line(many(kMaxMembers + 1)), "refused");
    EXPECT_EQ(line("{" + test::repeated("\"a\":null,", kMaxMembers) + "\"b\":2}"), "refused");
}

}  // namespace
}  // namespace mfa_reset::format
