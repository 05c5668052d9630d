// What a log line shows of a text from outside.
#include <gtest/gtest.h>

#include <string>

#include "format/escape.hpp"

namespace mfa_reset::format {
namespace {

std::string escaped(std::string_view text) { return std::string(Escaped(text).text()); }

TEST(FormatEscape, KeepsPrintableAscii) {
    EXPECT_EQ(escaped(""), "");
    EXPECT_EQ(escaped(" !#[]^`az09{|}~'%"), " !#[]^`az09{|}~'%");
}

TEST(FormatEscape, EverythingElseIsHex) {
    EXPECT_EQ(escaped("a\"b\\c"), R"(a\x22b\x5Cc)");
    EXPECT_EQ(escaped("\r\n[error]"), R"(\x0D\x0A[error])");
    EXPECT_EQ(escaped(std::string_view("\0\x1B\x1F\x7F", 4)), R"(\x00\x1B\x1F\x7F)");
    EXPECT_EQ(escaped("\xC3\xB6\x80\xFF"), R"(\xC3\xB6\x80\xFF)");
    // An escape in the text is escaped, too: each result has one text.
    EXPECT_EQ(escaped(R"(\x0A)"), R"(\x5Cx0A)");
}

TEST(FormatEscape, LongTextsAreCut) {
    EXPECT_EQ(escaped(std::string(256, 'a')), std::string(256, 'a'));
    EXPECT_EQ(escaped(std::string(256, 'a') + "b"), std::string(256, 'a'));
    std::string worst;
    while (worst.size() < 256) {
        worst += R"(\xFF)";
    }
    EXPECT_EQ(escaped(std::string(100000, '\xFF')), worst);
    // Never within an escape.
    EXPECT_EQ(escaped(std::string(253, 'a') + "\nb"), std::string(253, 'a'));
    EXPECT_EQ(escaped(std::string(252, 'a') + "\nb"), std::string(252, 'a') + R"(\x0A)");
}

}  // namespace
}  // namespace mfa_reset::format
