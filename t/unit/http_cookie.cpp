// Finding a cookie by its name.
#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "http/cookie.hpp"

namespace mfa_reset::http {
namespace {

TEST(HttpCookie, FirstMatchWithoutCaseAndQuotes) {
    struct Case {
        std::string_view header;
        std::optional<std::string_view> value;
    };
    const Case cases[] = {
        {"", {}},
        {";", {}},
        {"iPlanetDirectoryPro", {}},
        {"other=1", {}},
        {"iPlanetDirectoryPro=abc", "abc"},
        {"IPLANETDIRECTORYPRO=abc", "abc"},
        {"iplanetdirectorypro=abc", "abc"},
        {"a=1; iPlanetDirectoryPro=abc; b=2", "abc"},
        {"a=1;iPlanetDirectoryPro=abc;b=2", "abc"},
        {" \tiPlanetDirectoryPro = abc \t;b=2", "abc"},
        {"iPlanetDirectoryPro=one; iPlanetDirectoryPro=two", "one"},
        {"iPlanetDirectoryPro=; iPlanetDirectoryPro=two", ""},
        {"iPlanetDirectoryPro=\"abc\"", "abc"},
        {"iPlanetDirectoryPro=\"\"", ""},
        {"iPlanetDirectoryPro=\"", "\""},
        {"iPlanetDirectoryPro=\"abc", "\"abc"},
        {"iPlanetDirectoryPro=abc\"", "abc\""},
        {"iPlanetDirectoryPro=\"\"abc\"\"", "\"abc\""},
        {"iPlanetDirectoryPro=a=b==", "a=b=="},
        {"xiPlanetDirectoryPro=abc", {}},
        {"iPlanetDirectoryProx=abc", {}},
        {"iPlanetDirectory=abc", {}},
        {"a=iPlanetDirectoryPro=abc", {}},
        {"=abc", {}},
    };
    for (const auto& [header, value] : cases) {
        EXPECT_EQ(find_cookie(header, "iPlanetDirectoryPro"), value) << header;
    }
}

TEST(HttpCookie, FirstThatIsNotEmpty) {
    constexpr std::array<std::string_view, 2> kNames{"a", "other"};
    struct Case {
        std::string_view header;
        std::array<std::string_view, 2> values;
    };
    const Case cases[] = {
        {"", {"", ""}},
        {"a=; b=1", {"", ""}},
        {"a=; b=1; A=\"\"; A=2; a=3", {"2", ""}},
        {";; ;a;other ; other = x ;\t; a=\"y\"", {"y", "x"}},
        {"other=1;=;a b=2;a", {"", "1"}},
    };
    for (const auto& [header, expected] : cases) {
        std::array<std::string_view, 2> values{};
        find_filled_cookies(header, kNames, values);
        EXPECT_EQ(values, expected) << header;
    }
    std::array<std::string_view, 2> values{"of a header before", ""};
    find_filled_cookies("a=1; other=2", kNames, values);
    EXPECT_EQ(values, (std::array<std::string_view, 2>{"of a header before", "2"}));
}

}  // namespace
}  // namespace mfa_reset::http
