// Which texts have the form of an SSO token.
#include <gtest/gtest.h>

#include <string>

#include "auth/token.hpp"

namespace mfa_reset::auth {
namespace {

TEST(AuthToken, EveryCharacter) {
    constexpr std::string_view kGood =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._*@#+/=%-";
    for (int byte = 0; byte < 256; ++byte) {
        const char character = static_cast<char>(byte);
        const bool good = kGood.find(character) != std::string_view::npos;
        EXPECT_EQ(is_token({&character, 1}), good) << byte;
        EXPECT_EQ(is_token(std::string("a") + character + "z"), good) << byte;
    }
}

TEST(AuthToken, Length) {
    EXPECT_FALSE(is_token(""));
    EXPECT_TRUE(is_token(std::string(8192, 'a')));
    EXPECT_TRUE(is_token(std::string(16384, 'a')));
    EXPECT_FALSE(is_token(std::string(16385, 'a')));
}

}  // namespace
}  // namespace mfa_reset::auth
