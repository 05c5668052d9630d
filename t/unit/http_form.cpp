// Reading HTML forms and queries.
#include <gtest/gtest.h>

#include "http/form.hpp"
#include "members_edge.hpp"

namespace mfa_reset::http {
namespace {

using namespace std::string_view_literals;

std::string line(std::string_view body) { return test::line_of(&read_form_members, body); }

TEST(HttpForm, Reads) {
    const test::LineCase cases[] = {
        {"targetUserId=u-42&callerCode=492039", "targetUserId=u-42|callerCode=492039"},
        {"a=b+c%2Bd%26e%3df", "a=b c+d&e=f"},
        {"a+b=c", "a b=c"},
        {"%61=%4A%c3%b6rg", "a=J\xC3\xB6rg"},
        {"a=b=c", "a=b=c"},
        {"a", "a="},
        {"a=", "a="},
        {"=b", "=b"},
        {"&&a=b&&c&", "a=b|c="},
        {"&", ""},
        {"", ""},
        {"\xEF\xBB\xBF"
         "a=b",
         "a=b"},
        {"a=%00", "a=\0"sv},
        {"a=1&A=2&a=3", "a=1|A=2|a=3"},
        {"a=1;b=2", "a=1;b=2"},
        {"a=J\xC3\xB6rg", "a=J\xC3\xB6rg"},
    };
    for (const auto& [body, expected] : cases) {
        EXPECT_EQ(line(body), expected) << body;
    }
}

TEST(HttpForm, Refuses) {
    const std::string_view bodies[] = {
        "a=%",      "a=%4",        "a=%4&b=c", "a=%zz",  "%=b",        "a=b&%",
        "a=%u0041", "a=%FF",       "a=\xFF",   "%C3=b",  "a=%C3",      "\xC3",
        "a=%c0%af", "a=%ed%a0%80", "x=%FF&a",  "a=%+41", "a=%41%%20b",
    };
    for (const auto body : bodies) {
        EXPECT_EQ(line(body), "refused") << body;
    }
}

TEST(HttpForm, LimitsTheNumberOfFields) {
    EXPECT_TRUE(line(test::repeated("a&", format::kMaxMembers - 1) + "b=2").ends_with("|b=2"));
    EXPECT_EQ(line(test::repeated("a&", format::kMaxMembers) + "b=2"), "refused");
    EXPECT_EQ(line(test::repeated("&", 60000) + "b=2"), "b=2");
}

}  // namespace
}  // namespace mfa_reset::http
