// base64url as JOSE uses it: no padding, and one spelling for the same bytes.
#include <gtest/gtest.h>

#include "auth/base64.hpp"
#include "fakes.hpp"
#include "jwt_maker.hpp"

namespace mfa_reset::auth {
namespace {

std::optional<std::string> decoded(std::string_view text) {
    test::RequestMemory memory;
    const auto bytes = decode_base64url(text, memory);
    return bytes ? std::optional(std::string(*bytes)) : std::nullopt;
}

TEST(AuthBase64Url, DecodesTheVectorsOfRfc4648) {
    EXPECT_EQ(decoded(""), "");
    EXPECT_EQ(decoded("Zg"), "f");
    EXPECT_EQ(decoded("Zm8"), "fo");
    EXPECT_EQ(decoded("Zm9v"), "foo");
    EXPECT_EQ(decoded("Zm9vYg"), "foob");
    EXPECT_EQ(decoded("Zm9vYmE"), "fooba");
    EXPECT_EQ(decoded("Zm9vYmFy"), "foobar");
    EXPECT_EQ(decoded("-_-_"), "\xFB\xFF\xBF");
}

TEST(AuthBase64Url, DecodesWhatWasEncoded) {
    std::string bytes;
    for (unsigned value = 0; value < 600; ++value) {
        EXPECT_EQ(decoded(test::base64url(bytes)), bytes);
        bytes += static_cast<char>(value * 7);
    }
}

TEST(AuthBase64Url, RefusesOtherSpellings) {
    for (const auto* const text : {"Z", "Zm9vY", "Zg==", "Zg=", "Zm8=", "Zm9v ", " Zm9v", "Zm\n9v",
                                   "+/+/", "Zh", "Zm9", "Zm9vYmF.", "Zm9\xC3", "Z\x01"}) {
        EXPECT_EQ(decoded(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace mfa_reset::auth
