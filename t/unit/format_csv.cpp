// CSV: one record of RFC 4180.
#include <gtest/gtest.h>

#include "format/csv.hpp"
#include "members_edge.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;

std::string line(std::string_view body) { return test::line_of(&read_csv_members, body); }

std::string written(std::string_view text) {
    test::RequestMemory memory;
    Text out(memory);
    append_csv_field(out, text);
    return std::string(out.view());
}

TEST(FormatCsv, Reads) {
    const test::LineCase cases[] = {
        {"TargetUserId,CallerCode\r\nu-42,492039\r\n", "TargetUserId=u-42|CallerCode=492039"},
        {"TargetUserId,CallerCode\nu-42,492039", "TargetUserId=u-42|CallerCode=492039"},
        {"\xEF\xBB\xBFTargetUserId\r\nu-42\r\n\r\n\n", "TargetUserId=u-42"},
        {"\xEF\xBB\xBF\"a\"\r\n\"b\"", "a=b"},
        {"a,b,c\r\n\"x,y\",\"q\"\"q\",\"1\r\n2\"\r\n", "a=x,y|b=q\"q|c=1\r\n2"},
        {"\"a\"\"b\",\"c\nd\"\r\n1,2\r\n", "a\"b=1|c\nd=2"},
        {"a,b\r\n,\r\n", "a=|b="},
        {"a,b\r\n,", "a=|b="},
        {"a\r\n\"\"", "a="},
        {"ResponseStatus\r\n\r\n", "ResponseStatus="},
        {"a, b \r\n x , y\r\n", "a= x | b = y"},
        {"a,A,a\r\n1,2,3", "a=1|A=2|a=3"},
        {"a\r\nJ\xC3\xB6rg", "a=J\xC3\xB6rg"},
        {"a\r\n\0"sv, "a=\0"sv},
        {"", ""},
        {"\r\n", ""},
    };
    for (const auto& [body, expected] : cases) {
        EXPECT_EQ(line(body), expected) << body;
    }
}

TEST(FormatCsv, Refuses) {
    const std::string_view bodies[] = {
        "a",
        "a,b",
        "a\r\n",
        "a,b\r\n1\r\n",
        "a\r\n1,2\r\n",
        "a,b\r\n\r\n",
        "a\r\n1\r\n2\r\n",
        "a\r\n1\r\n\r\n2",
        "a\r1",
        "a\r\r\n1",
        "a\r\nb\rc\r\n",
        "a\r\nb\"c",
        "a\r\n\"b",
        "a\r\n\"b\"\"",
        "a\r\n\"b\"c",
        "a\r\n\"b\" ",
        "a\r\n \"b\"",
        "\"a\r\nb\r\n",
        "a\r\n\xFF",
        "\xC3\r\nb",
    };
    for (const auto body : bodies) {
        EXPECT_EQ(line(body), "refused") << body;
    }
}

TEST(FormatCsv, LimitsTheNumberOfFields) {
    const auto many = [](std::size_t count) {
        return test::repeated("a,", count - 1) + "b\n" + test::repeated(",", count - 1) + "2";
    };
    EXPECT_TRUE(line(many(kMaxMembers)).ends_with("|b=2"));
    EXPECT_EQ(line(many(kMaxMembers + 1)), "refused");
}

TEST(FormatCsv, Writes) {
    struct Case {
        std::string_view text;
        std::string_view csv;
    };
    const Case cases[] = {
        {"", ""},
        {"plain text", "plain text"},
        {"{errorCode:NotFound,message:User not found,errors:[]}",
         "\"{errorCode:NotFound,message:User not found,errors:[]}\""},
        {"q\"q", "\"q\"\"q\""},
        {"\r", "\"\r\""},
        {"\n", "\"\n\""},
        {"\t'", "\t'"},
        {"a\xFFz", "a\xEF\xBF\xBDz"},
    };
    for (const auto& [text, csv] : cases) {
        EXPECT_EQ(written(text), csv);
    }
}

}  // namespace
}  // namespace mfa_reset::format
