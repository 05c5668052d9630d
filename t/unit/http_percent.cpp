// Percent-encoding: decodes once, any byte, and refuses invalid encoding.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "fakes.hpp"
#include "http/percent.hpp"

namespace mfa_reset::http {
namespace {

using namespace std::string_view_literals;

struct Case {
    std::string_view text;
    std::optional<std::string_view> path;
    std::optional<std::string_view> form;
};

TEST(HttpPercent, DecodesOnce) {
    const Case cases[] = {
        {"", "", ""},
        {"plain", "plain", "plain"},
        {"a+b", "a+b", "a b"},
        {"%2B+", "++", "+ "},
        {"%41%62", "Ab", "Ab"},
        {"%2F%2f", "//", "//"},
        {"%2541", "%41", "%41"},
        {"%00", "\0"sv, "\0"sv},
        {"%ff\xFE", "\xFF\xFE", "\xFF\xFE"},
        {"x%20y%25", "x y%", "x y%"},
        {"%", {}, {}},
        {"%4", {}, {}},
        {"%4g", {}, {}},
        {"%g4", {}, {}},
        {"%%41", {}, {}},
        {"a%2", {}, {}},
        {"%+1", {}, {}},
        {"% 1", {}, {}},
        {"%u0041", {}, {}},
        {"%-1", {}, {}},
    };
    for (const auto& [text, path, form] : cases) {
        SCOPED_TRACE(text);
        test::RequestMemory memory;
        EXPECT_EQ(decode_percent(text, Plus::literal, memory), path);
        EXPECT_EQ(decode_percent(text, Plus::blank, memory), form);
        EXPECT_EQ(is_percent_encoded(text), path.has_value());
    }
}

TEST(HttpPercent, CopiesOnlyWhatIsEncoded) {
    test::RequestMemory memory;
    const std::string_view text = "a+b";
    EXPECT_EQ(decode_percent(text, Plus::literal, memory)->data(), text.data());
    EXPECT_EQ(memory.pieces(), 0U);
    EXPECT_NE(decode_percent(text, Plus::blank, memory)->data(), text.data());
}

TEST(HttpPercent, EveryByteInEitherCaseOfHex) {
    constexpr std::string_view kUpper = "0123456789ABCDEF";
    constexpr std::string_view kLower = "0123456789abcdef";
    for (std::size_t byte = 0; byte < 256; ++byte) {
        for (const std::string_view digits : {kUpper, kLower}) {
            const std::string text{'%', digits[byte / 16], digits[byte % 16]};
            test::RequestMemory memory;
            const std::string expected(1, static_cast<char>(byte));
            EXPECT_EQ(decode_percent(text, Plus::literal, memory), expected) << text;
        }
    }
}

TEST(HttpPercent, NamesAsOneSegment) {
    test::RequestMemory memory;
    const std::string_view plain = "J\xC3\xB6rg";
    EXPECT_EQ(encode_slashes(plain, memory).data(), plain.data());
    EXPECT_EQ(encode_slashes("", memory), "");
    EXPECT_EQ(encode_slashes("/", memory), "%2F");
    EXPECT_EQ(encode_slashes("org-7/1%2F/", memory), "org-7%2F1%252F%2F");
    EXPECT_EQ(encode_path("/alpha/eu", memory), "/alpha/eu");
    EXPECT_EQ(encode_path("/50%/a%2Fb", memory), "/50%25/a%252Fb");
    EXPECT_EQ(path_below("/", "demo", memory), "/demo");
    EXPECT_EQ(path_below("/alpha/eu", "a/b", memory), "/alpha/eu/a%2Fb");
}

}  // namespace
}  // namespace mfa_reset::http
