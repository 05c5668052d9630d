// Which OATH profiles are usable TOTP devices.
#include <gtest/gtest.h>

#include <string>

#include "auth/oath_devices.hpp"
#include "fakes.hpp"

namespace mfa_reset::auth {
namespace {

using namespace std::string_literals;

constexpr std::string_view kSecret = "12345678901234567890";
const std::string kHex = R"("3132333435363738393031323334353637383930")";

/// `secret drift` of each device, one per line.
std::string devices(std::string_view profiles) {
    test::RequestMemory memory;
    std::string result;
    for (const auto& device : read_totp_devices(profiles, memory)) {
        result.append(device.secret).append(" ").append(std::to_string(device.drift_seconds)) +=
            "\n";
    }
    return result;
}

std::string one(const std::string& members) { return devices("[{" + members + "}]"); }

TEST(AuthOathDevices, ReadsACompleteProfile) {
    const std::string profile =
        R"({"uuid":"d569bb53","recoveryCodes":["x"],"sharedSecret":)" + kHex +
        R"(,"deviceName":"OATH Device","lastLogin":1795379552,"counter":0,"checksumDigit":false,)"
        R"("truncationOffset":0,"clockDriftSeconds":-30,"createdDate":1,"lastAccessDate":2})";
    const std::string line = std::string(kSecret) + " -30\n";
    EXPECT_EQ(devices("[" + profile + "]"), line);
    EXPECT_EQ(devices("[" + profile + "," + profile + "]"), line + line);
    EXPECT_EQ(devices("\n[ " + profile + " ]\n"), line);
}

TEST(AuthOathDevices, SkipsUnreadableProfiles) {
    const std::string good = R"({"sharedSecret":)" + kHex + "}";
    const std::string line = std::string(kSecret) + " 0\n";
    EXPECT_EQ(devices("[" + good + "]"), line);
    for (const auto* const other : {"null", "7", R"("eyJhbGciOiJSU0EtT0FFUCJ9.x.y.z.w")", "[]",
                                    "{}", R"({"sharedSecret":null})", R"({"sharedSecret":7})",
                                    R"({"sharedSecret":""})", R"({"SharedSecret":"31"})"}) {
        EXPECT_EQ(devices("["s + other + "," + good + "," + other + "]"), line) << other;
    }
}

TEST(AuthOathDevices, Secrets) {
    const auto with = [](const std::string& hex) {
        return one(R"("sharedSecret":")" + hex + "\"");
    };
    EXPECT_EQ(with("6162636465666768696A"), "abcdefghij 0\n");
    EXPECT_EQ(with("6162636465666768696a"), "abcdefghij 0\n");
    EXPECT_EQ(with("616263646566676869"), "");
    EXPECT_EQ(with("6162636465666768696A6"), "");
    EXPECT_EQ(with("6162636465666768696G"), "");
    EXPECT_EQ(with("0x62636465666768696A"), "");
    EXPECT_EQ(with("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "");
    EXPECT_EQ(with(std::string(512, '6')), std::string(256, 'f') + " 0\n");
    EXPECT_EQ(with(std::string(514, '6')), "");
}

TEST(AuthOathDevices, Drift) {
    const auto with = [](const std::string& drift) {
        return one(R"("sharedSecret":)" + kHex + R"(,"clockDriftSeconds":)" + drift);
    };
    EXPECT_EQ(with("0"), std::string(kSecret) + " 0\n");
    EXPECT_EQ(with("null"), std::string(kSecret) + " 0\n");
    EXPECT_EQ(with("86400"), std::string(kSecret) + " 86400\n");
    EXPECT_EQ(with("-86400"), std::string(kSecret) + " -86400\n");
    for (const auto* const drift : {"86401", "-86401", "9223372036854775807",
                                    "-9223372036854775808", "30.0", "\"30\"", "true", "[]"}) {
        EXPECT_EQ(with(drift), "") << drift;
    }
}

TEST(AuthOathDevices, SkipsHotpDevices) {
    const auto with = [](const std::string& members) {
        return one(R"("sharedSecret":)" + kHex + "," + members);
    };
    EXPECT_EQ(with(R"("counter":3,"lastLogin":0)"), "");
    EXPECT_EQ(with(R"("counter":3)"), "");
    EXPECT_EQ(with(R"("counter":"3","lastLogin":null)"), "");
    const std::string line = std::string(kSecret) + " 0\n";
    EXPECT_EQ(with(R"("counter":0,"lastLogin":0)"), line);
    EXPECT_EQ(with(R"("counter":3,"lastLogin":1795379552)"), line);
}

TEST(AuthOathDevices, OnlyAnArrayHasDevices) {
    const std::string good = R"({"sharedSecret":)" + kHex + "}";
    for (const std::string& text :
         {""s, " "s, "[]"s, "{}"s, "null"s, good, "[" + good, "[" + good + "]x", "[" + good + ",]",
          "[" + good + ",\"\xFF\"]", "\"x\""s, std::string("[") + '\0' + "]"}) {
        EXPECT_EQ(devices(text), "") << text;
    }
}

TEST(AuthOathDevices, FindsADeviceOfAnyKind) {
    for (const std::string& text : {""s, "[]"s, " [ ]\n"s}) {
        EXPECT_FALSE(has_profiles(text)) << text;
    }
    for (const std::string& text :
         {"[{}]"s, "[null]"s, R"(["eyJhbGciOiJkaXIi"])"s, "{}"s, "null"s, "0"s, "\"\""s, " "s, "["s,
          "[]]"s, "x"s, "\xFF"s, std::string(1, '\0'), std::string("[]") + '\0',
          std::string(17, '[') + std::string(17, ']'), std::string(300UL * 1024, ' ')}) {
        EXPECT_TRUE(has_profiles(text)) << text.substr(0, 40);
    }
}

TEST(AuthOathDevices, IsBounded) {
    const std::string good = R"({"sharedSecret":)" + kHex + "}";
    std::string many = "[" + good;
    for (int count = 1; count < 100; ++count) {
        many += "," + good;
    }
    test::RequestMemory memory;
    EXPECT_EQ(read_totp_devices(many + "]", memory).size(), kMaxTotpDevices);
    EXPECT_EQ(devices("[" + good + "," + std::string(100000, '[')), "");
    EXPECT_EQ(devices("[" + good + "," + std::string(15, '[') + std::string(15, ']') + "]"),
              std::string(kSecret) + " 0\n");
    EXPECT_EQ(devices("[" + good + "," + std::string(16, '[') + std::string(16, ']') + "]"), "");
    EXPECT_EQ(devices("[" + good + std::string(256UL * 1024, ' ') + "]"), "");
    const std::string whole = "[" + good + "]";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(devices(whole.substr(0, size)), "");
    }
}

}  // namespace
}  // namespace mfa_reset::auth
