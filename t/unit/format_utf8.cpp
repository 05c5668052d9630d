// UTF-8: the borders of every row of Unicode's table of well-formed byte sequences.
#include <gtest/gtest.h>

#include <string>

#include "format/utf8.hpp"

namespace mfa_reset::format {
namespace {

TEST(FormatUtf8, WellFormed) {
    for (const std::string_view text : {"",
                                        "plain",
                                        "\x7F",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xE0\xBF\xBF",
                                        "\xE1\x80\x80",
                                        "\xEC\xBF\xBF",
                                        "\xED\x80\x80",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF0\xBF\xBF\xBF",
                                        "\xF1\x80\x80\x80",
                                        "\xF3\xBF\xBF\xBF",
                                        "\xF4\x80\x80\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "J\xC3\xB6rg \xE2\x82\xAC \xF0\x9F\x94\x91!"}) {
        EXPECT_TRUE(is_utf8(text)) << text;
    }
    EXPECT_TRUE(is_utf8({"\0", 1}));
}

TEST(FormatUtf8, IllFormed) {
    for (const std::string_view text : {"\x80",
                                        "\xBF",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xC2",
                                        "\xC2\x7F",
                                        "\xC2\xC0",
                                        "\xE0\x80\x80",
                                        "\xE0\x9F\xBF",
                                        "\xE1\x80",
                                        "\xE1\x80\x7F",
                                        "\xE1\x7F\x80",
                                        "\xED\xA0\x80",
                                        "\xED\xBF\xBF",
                                        "\xF0\x80\x80\x80",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF1\x80\x80",
                                        "\xF1\x80\x80\x7F",
                                        "\xF1\x80\xC0\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xFE",
                                        "\xFF",
                                        "good\xC3",
                                        "\xC3\xB6\xB6"}) {
        EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
    }
}

TEST(FormatUtf8, SizeOfTheFirstCharacter) {
    EXPECT_EQ(utf8_character(""), 0U);
    EXPECT_EQ(utf8_character("ab"), 1U);
    EXPECT_EQ(utf8_character("\xC3\xB6x"), 2U);
    EXPECT_EQ(utf8_character("\xE2\x82\xACx"), 3U);
    EXPECT_EQ(utf8_character("\xF0\x9F\x94\x91x"), 4U);
    EXPECT_EQ(utf8_character("\xFFx"), 0U);
}

}  // namespace
}  // namespace mfa_reset::format
