// The JSON writer: what is escaped, what is not, and both forms of an object.
#include <gtest/gtest.h>

#include <string>

#include "fakes.hpp"
#include "format/json.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;

std::string quoted(std::string_view text) {
    test::RequestMemory memory;
    Text out(memory);
    append_json_string(out, text);
    return std::string(out.view());
}

TEST(FormatJson, EscapesOnlyWhatJsonRequires) {
    struct Case {
        std::string_view text;
        std::string_view json;
    };
    const Case cases[] = {
        {"", R"("")"},
        {"plain", R"("plain")"},
        {R"(a"b\c)", R"("a\"b\\c")"},
        {"\b\t\n\f\r", R"("\b\t\n\f\r")"},
        {"\x01\x1F", R"("\u0001\u001F")"},
        {"\0"sv, R"("\u0000")"},
        {"\x7F", "\"\x7F\""},
        {"<script>&'/</script>", R"("<script>&'/</script>")"},
        {"J\xC3\xB6rg \xF0\x9F\x94\x91", "\"J\xC3\xB6rg \xF0\x9F\x94\x91\""},
        {"\xE2\x80\xA8", "\"\xE2\x80\xA8\""},
        {"a\xFF\xC3z", "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\""},
        {"\xC3\"", "\"\xEF\xBF\xBD\\\"\""},
    };
    for (const auto& [text, json] : cases) {
        EXPECT_EQ(quoted(text), json);
    }
}

TEST(FormatJson, Objects) {
    test::RequestMemory memory;
    Text compact(memory);
    JsonObject(compact, false).number("code", 404).string("message", "a\"b").end();
    EXPECT_EQ(compact.view(), R"({"code":404,"message":"a\"b"})");

    Text pretty(memory);
    JsonObject(pretty, true).number("code", 404).string("message", "a\"b").end();
    EXPECT_EQ(pretty.view(), "{\n  \"code\" : 404,\n  \"message\" : \"a\\\"b\"\n}");

    Text empty(memory);
    JsonObject(empty, false).end();
    EXPECT_EQ(empty.view(), "{}");
}

TEST(FormatText, GrowsAndKeepsItsText) {
    test::RequestMemory memory;
    Text text(memory);
    std::string expected;
    for (unsigned long number = 0; number < 2000; number += 7) {
        text.append("<").append_number(number).append("").append(">");
        expected += "<" + std::to_string(number) + ">";
    }
    EXPECT_EQ(text.view(), expected);
    EXPECT_LT(memory.pieces(), 20U);
    EXPECT_EQ(concat(memory, "a", std::string_view("bc"), ""), "abc");
    EXPECT_EQ(concat(memory, "", ""), "");
}

}  // namespace
}  // namespace mfa_reset::format
