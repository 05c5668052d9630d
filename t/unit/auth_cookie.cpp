// Which cookie is the token's.
#include <gtest/gtest.h>

#include "auth/cookie.hpp"

namespace mfa_reset::auth {
namespace {

TEST(AuthCookie, FirstMatchWithoutCaseAndQuotes) {
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

TEST(AuthCookie, FirstThatIsNotEmpty) {
    EXPECT_EQ(find_filled_cookie("", "a"), "");
    EXPECT_EQ(find_filled_cookie("a=; b=1", "a"), "");
    EXPECT_EQ(find_filled_cookie("a=; b=1; A=\"\"; A=2; a=3", "a"), "2");
}

}  // namespace
}  // namespace mfa_reset::auth
