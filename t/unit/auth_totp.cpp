// One-time passwords: the vectors of RFC 4226 and RFC 6238, the window, drift, several devices.
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <vector>

#include "auth/totp.hpp"

namespace mfa_reset::auth {
namespace {

using namespace std::string_view_literals;

using Step = std::optional<std::int64_t>;

constexpr TotpDevice kDevice{"12345678901234567890", 0};

/// RFC 4226, appendix D.
constexpr std::string_view kCodes[] = {"755224", "287082", "359152", "969429", "338314",
                                       "254676", "287922", "162583", "399871", "520489"};

Step match(std::string_view code, std::int64_t now, TotpDevice device = kDevice) {
    return match_totp({&device, 1}, code, now);
}

TEST(AuthTotp, VectorsOfRfc4226) {
    for (std::int64_t counter = 0; counter < 10; ++counter) {
        EXPECT_EQ(match(kCodes[counter], counter * 30), counter);
        EXPECT_EQ(match(kCodes[counter], counter * 30 + 29), counter);
    }
}

TEST(AuthTotp, VectorsOfRfc6238) {
    struct Case {
        std::int64_t time;
        std::string_view code;  ///< the last six digits of the eight
    };
    const Case cases[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                          {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (const auto& [time, code] : cases) {
        EXPECT_EQ(match(code, time), time / 30);
    }
}

TEST(AuthTotp, OneStepEitherWay) {
    EXPECT_EQ(match(kCodes[5], 4 * 30 - 1), Step());
    EXPECT_EQ(match(kCodes[5], 4 * 30), 5);
    EXPECT_EQ(match(kCodes[5], 7 * 30 - 1), 5);
    EXPECT_EQ(match(kCodes[5], 7 * 30), Step());
    // There is no step before the first.
    EXPECT_EQ(match(kCodes[0], 0), 0);
    EXPECT_EQ(match(kCodes[1], 0), 1);
    EXPECT_EQ(match(kCodes[0], -1), 0);
    EXPECT_EQ(match(kCodes[0], -31), Step());
}

TEST(AuthTotp, DriftMovesTheWindow) {
    const auto with_drift = [](std::int32_t seconds) {
        return TotpDevice{kDevice.secret, seconds};
    };
    EXPECT_EQ(match(kCodes[8], 5 * 30), Step());
    EXPECT_EQ(match(kCodes[8], 5 * 30, with_drift(60)), 8);
    EXPECT_EQ(match(kCodes[8], 5 * 30, with_drift(59)), Step());
    EXPECT_EQ(match(kCodes[5], 5 * 30, with_drift(90)), Step());
    EXPECT_EQ(match(kCodes[2], 5 * 30, with_drift(-90)), 2);
    EXPECT_EQ(match(kCodes[0], 5 * 30, with_drift(-150)), 0);
    EXPECT_EQ(match(kCodes[0], 5 * 30, with_drift(-86400)), Step());
}

TEST(AuthTotp, AllDevicesCount) {
    const TotpDevice other{"another secret of 20", 0};
    const std::vector<TotpDevice> devices{other, kDevice, other};
    EXPECT_EQ(match_totp(devices, kCodes[3], 90), 3);
    EXPECT_EQ(match_totp({devices.data(), 1}, kCodes[3], 90), Step());
    EXPECT_EQ(match_totp({}, kCodes[3], 90), Step());
    // The same code on two devices whose clocks differ: the later step, in either order.
    const TotpDevice ahead{kDevice.secret, 30};
    EXPECT_EQ(match_totp(std::vector{kDevice, ahead}, kCodes[4], 90), 4);
    EXPECT_EQ(match_totp(std::vector{ahead, kDevice}, kCodes[2], 90), 2);
}

TEST(AuthTotp, TheLaterOfTwoStepsWithTheSameCode) {
    // Steps in a row that happen to have the same code.
    EXPECT_EQ(match("911617", 910737 * 30), 910738);
    EXPECT_EQ(match("911617", 910738 * 30), 910738);
    EXPECT_EQ(match("911617", 910736 * 30), 910737);
    EXPECT_EQ(match("761737", 1300575 * 30), 1300576);
    // Of two devices, one of which can only be at the one step, and one only at the other.
    const TotpDevice ahead{kDevice.secret, 60};
    const TotpDevice behind{kDevice.secret, -30};
    EXPECT_EQ(match_totp(std::vector{behind}, "911617", 910737 * 30), 910737);
    EXPECT_EQ(match_totp(std::vector{behind, ahead}, "911617", 910737 * 30), 910738);
    EXPECT_EQ(match_totp(std::vector{ahead, behind}, "911617", 910737 * 30), 910738);
}

TEST(AuthTotp, CodesAreSixDigits) {
    for (const auto code : {""sv, "28708"sv, "2870820"sv, " 28708"sv, "28708 "sv, "287 082"sv,
                            "28708\0"sv, "+87082"sv, "-87082"sv, "2870a2"sv, "0x1234"sv,
                            "\xEF\xBC\x92\xEF\xBC\x98"sv, "287082\n"sv}) {
        EXPECT_EQ(match(code, 59), Step()) << code;
    }
    EXPECT_EQ(match("287082", 59), 1);
    EXPECT_EQ(match("005924", 1234567890), 41152263);
    EXPECT_EQ(match("5924", 1234567890), Step());
    EXPECT_EQ(match("0005924", 1234567890), Step());
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(AuthTotp, FewCodesAreRight) {
    int right = 0;
    for (int value = 0; value < 20000; ++value) {
        std::string code = std::to_string(value);
        code.insert(0, 6 - code.size(), '0');
        right += match(code, 1234567890) ? 1 : 0;
    }
    EXPECT_EQ(right, 1);  // 005924
}

}  // namespace
}  // namespace mfa_reset::auth
