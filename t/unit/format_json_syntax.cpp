// Which texts are JSON, where a fault is, and trailing data.
#include <gtest/gtest.h>

#include <string>

#include "fakes.hpp"
#include "format/json_members.hpp"
#include "format/json_syntax.hpp"
#include "jansson_allocations.hpp"

namespace mfa_reset::format {
namespace {

using namespace std::string_view_literals;
using Fault = JsonSyntax::Fault;

constexpr std::size_t kDepth = 64;

Fault fault_of(std::string_view text) { return check_json(text, kDepth).fault; }

std::string repeat(std::string_view text, std::size_t times) {
    std::string result;
    for (; times > 0; --times) {
        result += text;
    }
    return result;
}

TEST(FormatJsonSyntax, AnyOneValue) {
    for (const std::string_view text : {"",
                                        " \r\n\t",
                                        "{}",
                                        " { } ",
                                        "[]",
                                        "null",
                                        "true",
                                        "false",
                                        "0",
                                        "-0",
                                        "12",
                                        "1.5e-3",
                                        "\"\"",
                                        "\"<object>\"",
                                        R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\udd11")",
                                        R"("\u0000")",
                                        R"({"a":[1,{"b":null}],"a":2})",
                                        "99999999999999999999999999",
                                        "\n\n{}\n",
                                        "\"J\xC3\xB6rg\""}) {
        EXPECT_EQ(fault_of(text), Fault::none) << text;
    }
}

TEST(FormatJsonSyntax, NotJson) {
    for (const std::string_view text :
         {"\0"sv, "[1\0]"sv, "[true\0,1]"sv, "{\"a\":1\0}"sv, "\0[]"sv}) {
        EXPECT_EQ(fault_of(text), Fault::syntax) << testing::PrintToString(text);
    }
    for (const std::string_view text :
         {"{",          "}",      "[",        "]",        "{]",       "[}",
          "<object>",   "nul",    "True",     "'a'",      "\"",       "\"\\x\"",
          "\"\\u12\"",  "\"\t\"", "{a:1}",    "{\"a\"}",  "{\"a\":}", "{\"a\":1,}",
          "[1,]",       "[,1]",   ",",        ":",        "01",       "+1",
          ".5",         "1.",     "-",        "1e",       "\"\xFF\"", "\xEF\xBB\xBF{}",
          "/* */ {}",   "NaN",    "Infinity", "{\"a\":1", "a=1&b=2",  "1e999",
          R"("\ud800")"}) {
        EXPECT_EQ(fault_of(text), Fault::syntax) << testing::PrintToString(text);
    }
}

TEST(FormatJsonSyntax, TrailingData) {
    EXPECT_EQ(fault_of("{}\0"sv), Fault::trailing);
    for (const std::string_view text : {"{} {}", "{}x", "1 2", "12x", "null,", "\"a\"\"b\"", "[]]",
                                        "{}\n\n}", "true false", "{} \xFF", "1.5.5"}) {
        EXPECT_EQ(fault_of(text), Fault::trailing) << testing::PrintToString(text);
    }
}

TEST(FormatJsonSyntax, Depth) {
    struct Case {
        std::string_view open;
        std::string_view close;
        std::size_t levels;
    };
    for (const auto& [open, close, levels] :
         {Case{"[", "]", 1}, Case{"{\"a\":", "}", 1}, Case{"[{\"a\":", "}]", 2}}) {
        const auto around = [&open = open, &close = close,
                             &levels = levels](std::string_view inner) {
            std::string text = repeat(open, kDepth / levels);
            return fault_of(text.append(inner).append(repeat(close, kDepth / levels)));
        };
        EXPECT_EQ(around("1"), Fault::none) << open;
        EXPECT_EQ(around("[1]"), Fault::too_deep) << open;
        EXPECT_EQ(around("{}"), Fault::too_deep) << open;
    }
    EXPECT_EQ(fault_of(repeat("[", 60'000)), Fault::too_deep);
}

TEST(FormatJsonSyntax, DepthCountsOpenBracketsOutsideStrings) {
    EXPECT_EQ(fault_of("\"" + repeat("[", 100) + "\""), Fault::none);
    EXPECT_EQ(fault_of("[\"\\\"" + repeat("{", 100) + "\"]"), Fault::none);
    EXPECT_EQ(fault_of("[" + repeat("[],", 100) + "[]]"), Fault::none);
    EXPECT_EQ(fault_of("[\"\\\\\"," + repeat("[", 64) + repeat("]", 64) + "]"), Fault::too_deep);
    EXPECT_EQ(fault_of(repeat("]", 100) + repeat("[", 65)), Fault::too_deep);
}

TEST(FormatJsonSyntax, FindsThePlaceOfAFault) {
    struct Case {
        std::string text;
        std::size_t line;
        std::size_t column;
    };
    const Case cases[] = {
        {"<object>", 1, 1},
        {"{\"a\":1,\n \"b\" 2}", 2, 6},
        {"[1,\n2,\n3,\nx]", 4, 1},
        {repeat("[", 65), 1, 65},
        {"\n\n \"\xC3\xB6\"," + repeat("[", 65), 3, 70},
    };
    for (const auto& [text, line, column] : cases) {
        const JsonSyntax json = check_json(text, kDepth);
        EXPECT_EQ(json.line, line) << text;
        EXPECT_EQ(json.column, column) << text;
    }
}

/// Small values, each of which is a node in a tree.
std::string dense(std::string_view value) {
    return "[" + repeat(value, 10'000).append(value.substr(0, value.size() - 1)) + "]";
}

TEST(FormatJsonSyntax, BuildsNoTree) {
    const test::JanssonAllocations allocations;
    test::RequestMemory memory;
    for (const std::string_view value : {"{},", "[],", "0,", "\"\",", "{\"\":0},"}) {
        const std::string text = dense(value);
        EXPECT_EQ(fault_of(text), Fault::none) << value;
        EXPECT_EQ(fault_of(text.substr(0, text.size() - 1)), Fault::syntax) << value;
        EXPECT_TRUE(read_json_members("{\"a\":" + text + "}", memory)) << value;
        EXPECT_FALSE(read_json_members("{\"a\":" + text, memory)) << value;
    }
    EXPECT_EQ(allocations.count(), 0U);
    EXPECT_EQ(memory.bytes(), 0U);
}

}  // namespace
}  // namespace mfa_reset::format
