// What AM says of a session: what is read of it, what is taken for no answer, and how long it is
// remembered.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "am/session.hpp"
#include "am_edge.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::literals;
using namespace std::chrono;
using am::parse_session_info;

/// `user realm universalId`, or `none`.
std::string read(std::string_view body) {
    RequestMemory memory;
    const auto info = parse_session_info(body, memory);
    return info ? std::string{info->caller.user} + " " + std::string{info->caller.realm} + " " +
                      std::string{info->caller.universal_id}
                : "none";
}

TEST(AmSessionInfo, WhatAmSays) {
    EXPECT_EQ(
        read(
            R"({"username":"demo","universalId":"id=demo,ou=user,o=alpha","realm":"/alpha","latestAccessTime":"x","properties":{}})"),
        "demo /alpha id=demo,ou=user,o=alpha");
    EXPECT_EQ(read(R"( {"realm":"/","username":"amAdmin"} )"), "amAdmin / ");
    EXPECT_EQ(read(R"({"realm":"/alpha/eu","username":"\u00c4 \"x\""})"),
              "\xC3\x84 \"x\" /alpha/eu ");
    EXPECT_EQ(read(R"({"realm":"/a b/*","username":"*","universalId":7})"), "* /a b/* ");
}

TEST(AmSessionInfo, WhatIsNoAnswer) {
    for (const std::string_view body :
         {""sv,
          "null"sv,
          "7"sv,
          "[]"sv,
          "{}"sv,
          "{"sv,
          R"("demo")"sv,
          "\0"sv,
          "\xFF"sv,
          R"({"username":"demo"})"sv,
          R"({"realm":"/"})"sv,
          R"({"username":"","realm":"/"})"sv,
          R"({"username":"demo","realm":""})"sv,
          R"({"username":"demo","realm":"alpha"})"sv,
          R"({"username":"demo","realm":"//"})"sv,
          R"({"username":"demo","realm":"/alpha/"})"sv,
          R"({"username":"demo","realm":"/a//b"})"sv,
          R"({"username":"demo","realm":"/."})"sv,
          R"({"username":"demo","realm":"/a/../b"})"sv,
          R"({"username":"demo","realm":"/a\u0000b"})"sv,
          R"({"username":"demo","realm":"/a\nb"})"sv,
          R"({"username":"de\u0000mo","realm":"/"})"sv,
          R"({"username":"demo","realm":"/","universalId":"\u0000"})"sv,
          R"({"username":7,"realm":"/"})"sv,
          R"({"username":"demo","realm":{}})"sv,
          R"([{"username":"demo","realm":"/"}])"sv,
          R"({"username":"demo","realm":"/"} x)"sv,
          R"({"username":"demo","realm":"/"}{})"sv,
          R"({"username":"demo","realm":"/","realm":"/"})"sv,
          R"({"username":"eve","username":"demo","realm":"/"})"sv,
          R"({"Username":"demo","realm":"/"})"sv,
          "{\"username\":\"\xC3\",\"realm\":\"/\"}"sv}) {
        EXPECT_EQ(read(body), "none") << body;
    }
}

TEST(AmSessionInfo, DepthAndLengthAreBounded) {
    EXPECT_EQ(read(std::string(100'000, '[')), "none");
    std::string deep = R"({"username":"demo","realm":"/","properties":)";
    const auto nested = [&deep](std::size_t depth) {
        return deep + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_NE(read(nested(63)), "none");
    EXPECT_EQ(read(nested(64)), "none");
    EXPECT_EQ(read(deep + std::string(100'000, '[') + std::string(100'000, ']') + "}"), "none");
    EXPECT_EQ(read(R"({"username":")" + std::string(100'000, 'a') + R"(","realm":"/"})").size(),
              100'000 + 3U);
}

/// When the session ends, in seconds since 1970; -1 where that is not said.
std::int64_t end_of(std::string_view members) {
    RequestMemory memory;
    const auto info = parse_session_info(
        R"({"username":"demo","realm":"/",)" + std::string{members} + "}", memory);
    return info && info->ends ? info->ends->time_since_epoch().count() : -1;
}

/// The same where only the end of the session itself is given.
std::int64_t time_of(std::string_view text) {
    return end_of(R"("maxSessionExpirationTime":")" + std::string{text} + "\"");
}

TEST(AmSessionInfo, Times) {
    EXPECT_EQ(time_of("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(time_of("2026-11-23T01:02:03Z"), 1795395723);
    EXPECT_EQ(time_of("2026-11-23T01:02:03.999Z"), 1795395723);
    EXPECT_EQ(time_of("2024-02-29T23:59:60Z"), 1709251200);
    EXPECT_EQ(time_of("9999-12-31T23:59:59Z"), 253402300799);
}

TEST(AmSessionInfo, TextsThatAreNoTimes) {
    for (const std::string_view text : {"",
                                        "Z",
                                        "soon",
                                        "2026-11-23",
                                        "2026-11-23T01:02:03",
                                        "2026-11-23 01:02:03Z",
                                        "2026-11-23T01:02:03+02:00",
                                        "2026-11-23T01:02:03+02:00Z",
                                        "2026-11-23T01:02:03.Z",
                                        "2026-11-23T01:02:03.1xZ",
                                        "2026-02-29T00:00:00Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-00-01T00:00:00Z",
                                        "2026-11-23T24:00:00Z",
                                        "2026-11-23T00:60:00Z",
                                        "2026-11-23T00:00:61Z",
                                        "2026-1-23T01:02:03Z",
                                        "-026-11-23T01:02:03Z",
                                        "x026-11-23T01:02:03Z",
                                        "2026-11-23Tab:02:03Z",
                                        "292278994-08-17T07:12:55Z"}) {
        EXPECT_EQ(time_of(text), -1) << text;
    }
}

TEST(AmSessionInfo, TheEarlierEndCounts) {
    const std::string_view early = R"("maxIdleExpirationTime":"1970-01-01T00:00:05Z")";
    const std::string_view late = R"("maxSessionExpirationTime":"1970-01-01T00:00:09Z")";
    const auto both = [](std::string_view one, std::string_view other) {
        return end_of(std::string{one} + "," + std::string{other});
    };
    EXPECT_EQ(both(early, late), 5);
    EXPECT_EQ(both(R"("maxIdleExpirationTime":"1970-01-01T00:00:15Z")", late), 9);
    EXPECT_EQ(end_of(late), 9);
    EXPECT_EQ(end_of(early), -1) << "a session that is known to end at some time";
    EXPECT_EQ(both(R"("maxIdleExpirationTime":"soon")", late), -1);
    EXPECT_EQ(both(R"("maxIdleExpirationTime":null)", late), -1);
    EXPECT_EQ(both(early, R"("maxSessionExpirationTime":9)"), -1);
}

// -- asking

constexpr std::string_view kDemo =
    R"({"username":"demo","realm":"/alpha","universalId":"id=demo,ou=user,o=alpha")";

std::string at(system_clock::time_point time) {
    const auto whole = floor<seconds>(time);
    const year_month_day date{floor<days>(whole)};
    const hh_mm_ss clock{whole - floor<days>(whole)};
    char text[32];
    static_cast<void>(std::snprintf(
        text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count())));
    return text;
}

/// A location that asks AM, and the answer to one good request.
class AmSession : public testing::Test {
protected:
    AmSession() { edge.settings.session = {{"/am-session", "2.0"}, 0ms}; }

    std::string serve(int status, std::string body) {
        body_ = std::move(body);
        edge.fetcher.answer = {status, body_};
        return outline(edge.serve({}));
    }
    /// How long what AM says is remembered; -1 ms where it is not.
    milliseconds lifetime(const std::string& end, milliseconds cache) {
        edge.settings.session.cache = cache;
        serve(200, std::string{kDemo} + R"(,"maxSessionExpirationTime":")" + end + "\"}");
        return edge.store.lifetimes.empty() ? -1ms : edge.store.lifetimes.back();
    }

    AmEdge edge;

private:
    std::string body_;
};

TEST_F(AmSession, WhatAmIsAsked) {
    EXPECT_EQ(serve(200, std::string{kDemo} + "}"), R"(200 {"result":true})");
    ASSERT_EQ(edge.fetcher.orders.size(), 1U);
    EXPECT_EQ(edge.fetcher.orders[0].uri, "/am-session");
    EXPECT_EQ(edge.fetcher.orders[0].headers,
              "Cookie: iPlanetDirectoryPro=AQIC5w.2NzEz*\nAccept-API-Version: resource=2.0, "
              "protocol=1.0\n"
              "Content-Type: application/json\n");
    EXPECT_EQ(edge.fetcher.orders[0].body, "{}");
}

TEST_F(AmSession, TheStoreIsToldTheCaller) {
    edge.settings.administrators = {{"amadmin", "/", "/alpha"}};
    serve(200, std::string{kDemo} + "}");
    ASSERT_EQ(edge.store.orders.size(), 1U);
    const Order& order = edge.store.orders[0];
    ASSERT_TRUE(order.caller);
    EXPECT_EQ(order.caller->user, "demo");
    EXPECT_EQ(order.caller->realm, "/alpha");
    EXPECT_EQ(order.caller->universal_id, "id=demo,ou=user,o=alpha");
    ASSERT_EQ(order.administrators.size(), 1U);
    EXPECT_EQ(order.administrators[0].name, "amadmin");
}

TEST_F(AmSession, NobodyIsKnownButBy200) {
    const std::string known = std::string{kDemo} + "}";
    for (const int status : {0, 201, 204, 206, 302, 400, 403, 404, 500, 502, 504}) {
        EXPECT_EQ(serve(status, known).substr(0, 4), "503 ") << status;
    }
    EXPECT_EQ(serve(200, "[]").substr(0, 4), "503 ");
    EXPECT_EQ(serve(401, known).substr(0, 4), "401 ");
    EXPECT_TRUE(edge.store.orders.empty());
    EXPECT_TRUE(edge.store.remembered.empty());
}

TEST_F(AmSession, WhatIsRefusedBeforeIsNotAsked) {
    edge.serve(AmRequest{}.without("iplanetDirectoryPro"));
    edge.serve(AmRequest{}.replace("iplanetDirectoryPro", "a;b"));
    edge.serve(AmRequest{}.replace("iplanetDirectoryPro", "a\r\nb"));
    EXPECT_TRUE(edge.fetcher.orders.empty());
}

TEST_F(AmSession, RememberedOnlyWhereThatIsOn) {
    const std::string later = at(system_clock::now() + 1h);
    EXPECT_EQ(lifetime(later, 0ms), -1ms);
    EXPECT_EQ(lifetime(later, 5s), 5s);
    EXPECT_EQ(edge.store.remembered.at("AQIC5w.2NzEz*"),
              R"({"username":"demo","realm":"/alpha","universalId":"id=demo,ou=user,o=alpha"})");
    EXPECT_EQ(edge.fetcher.orders.size(), 2U);
    serve(401, "");
    EXPECT_EQ(edge.fetcher.orders.size(), 2U) << "it is known";
    EXPECT_EQ(edge.store.orders.back().caller->universal_id, "id=demo,ou=user,o=alpha");
}

TEST_F(AmSession, NeverLongerThanTheSession) {
    const milliseconds left = lifetime(at(system_clock::now() + 10s), 60s);
    EXPECT_LE(left, 10s);
    EXPECT_GT(left, 7s);
}

TEST_F(AmSession, NotWhereItHasEndedOrTheEndIsNotKnown) {
    EXPECT_EQ(lifetime(at(system_clock::now()), 60s), -1ms);
    EXPECT_EQ(lifetime(at(system_clock::now() - 1h), 60s), -1ms);
    EXPECT_EQ(lifetime("soon", 60s), -1ms);
}

TEST_F(AmSession, TheFarFuture) { EXPECT_EQ(lifetime("9999-12-31T23:59:59Z", 60s), 60s); }

TEST_F(AmSession, WhatIsRememberedBadlyIsAskedFor) {
    edge.settings.session.cache = 5s;
    edge.store.remembered["AQIC5w.2NzEz*"] = R"({"username":"demo"})";
    serve(200, std::string{kDemo} + "}");
    EXPECT_EQ(edge.fetcher.orders.size(), 1U);
}

// -- what is for this API

bool claims(const AmRequest& request) {
    FakeAmStore store;
    const am::AmApi api{am_settings(), store};
    RequestMemory memory;
    Request read;
    read.method = request.method;
    read.path = request.path;
    read.query = request.query;
    read.headers = request.headers;
    return api.claims(read, memory);
}

TEST(AmClaims, AReset) {
    EXPECT_TRUE(claims({}));
    EXPECT_TRUE(claims({.path = "/json/users/a/devices/2fa/push/"}));
    EXPECT_TRUE(claims({.query = "x=1&_ACTION=reset"}));
    EXPECT_TRUE(claims({.query = "_action=reset&_action=x"})) << "refused here, not there";
    EXPECT_TRUE(claims(AmRequest{}.with("X-HTTP-Method-Override", "POST")));
    EXPECT_TRUE(claims(AmRequest{}.without("iplanetDirectoryPro")));
}

TEST(AmClaims, NoOtherPost) {
    EXPECT_FALSE(claims({.method = "post"}));
    EXPECT_FALSE(claims({.query = ""}));
    EXPECT_FALSE(claims({.query = "_action=Reset"}));
    EXPECT_FALSE(claims({.query = "_action=x&_action=reset"}));
    EXPECT_FALSE(claims({.path = "/json/users/a/devices/2fa/oath/1"}));
    EXPECT_FALSE(claims({.path = "/json/users/a/devices/2fa/oath/1/2"}));
    EXPECT_FALSE(claims({.path = "/json/users/a/devices/2fa/webauthn"}));
    EXPECT_FALSE(claims({.path = "/json/users/a/devices/2fa"}));
    EXPECT_FALSE(claims({.path = "/json/users//devices/2fa/oath"}));
    EXPECT_FALSE(claims({.path = "/json/users/../devices/2fa/oath"}));
    EXPECT_FALSE(claims({.path = ""}));
    AmRequest patch{.method = "PATCH"};
    EXPECT_FALSE(claims(patch.with("X-HTTP-Method-Override", "POST")));
}

/// By what it is said to be: mfa_reset_am_devices.
using ClaimedBy = std::optional<am::DeviceCalls>;

bool claims(ClaimedBy calls, const AmRequest& request) {
    FakeAmStore store;
    am::Settings settings = am_settings();
    settings.devices = calls;
    settings.profiles = calls == am::DeviceCalls::guard ? am::Profiles::am : am::Profiles::redis;
    const am::AmApi api{settings, store};
    RequestMemory memory;
    Request read;
    read.method = request.method;
    read.path = request.path;
    read.query = request.query;
    read.headers = request.headers;
    return api.claims(read, memory);
}

TEST(AmClaims, CallsOfDevices) {
    constexpr auto kOn = am::DeviceCalls::on;
    constexpr auto kOff = am::DeviceCalls::off;
    constexpr auto kGuard = am::DeviceCalls::guard;
    struct Row {
        std::string_view method;
        std::string_view path;
        std::string_view query;
        bool on;
        bool guard;
        bool off;
    };
    const Row rows[] = {
        {"GET", "2fa/oath", "_queryFilter=true", true, false, false},
        {"GET", "2fa/webauthn", "", true, false, false},
        {"GET", "2fa/webauthn/a", "", true, false, false},
        {"GET", "2fa/push/a/b", "", true, false, false},
        {"GET", "2fa", "_queryFilter=true", true, false, false},
        {"GET", "2fa/events", "", true, false, false},
        {"GET", "2fa/binding", "_queryFilter=true", false, false, false},
        {"GET", "2fa/events/a", "", false, false, false},
        {"GET", "trusted", "_queryFilter=true", false, false, false},
        {"HEAD", "2fa/oath", "", false, false, false},
        {"PATCH", "2fa/oath/a", "", false, false, false},
        {"OPTIONS", "2fa/oath/a", "", false, false, false},
        {"DELETE", "2fa/oath/a", "", true, true, false},
        {"DELETE", "2fa/webauthn", "", true, true, false},
        {"DELETE", "2fa/events", "", false, false, false},
        {"DELETE", "2fa/binding/a", "", false, false, false},
        {"PUT", "2fa/push/a", "", true, true, false},
        {"PUT", "2fa/push/a/b", "", true, true, false},
        {"PUT", "2fa", "", false, false, false},
        {"POST", "2fa/oath", "_action=skip", true, true, false},
        {"POST", "2fa/push", "_action=check", true, false, false},
        {"POST", "2fa/oath", "_action=reset", true, true, true},
        {"POST", "2fa/webauthn", "_action=skip", false, false, false},
        {"POST", "2fa/webauthn", "_action=reset", false, false, false},
        {"POST", "2fa/oath/a", "_action=skip", false, false, false},
    };
    for (const Row& row : rows) {
        const std::string path = "/json/users/a/devices/" + std::string(row.path);
        const AmRequest request{.method = row.method, .path = path, .query = row.query};
        const std::string what =
            std::string(row.method) + " " + path + "?" + std::string(row.query);
        EXPECT_EQ(claims(kOn, request), row.on) << what;
        EXPECT_EQ(claims(std::nullopt, request), row.on) << what;
        EXPECT_EQ(claims(kGuard, request), row.guard) << what;
        EXPECT_EQ(claims(kOff, request), row.off) << what;
    }
    EXPECT_TRUE(claims(kOn, AmRequest{}.with("X-HTTP-Method-Override", "DELETE")));
    EXPECT_FALSE(claims(kOff, AmRequest{}.with("X-HTTP-Method-Override", "DELETE")));
}

TEST(AmClaims, GetSessionInfo) {
    const AmRequest asks{.path = "/json/sessions", .query = "_action=getSessionInfo"};
    EXPECT_TRUE(claims(asks));
    EXPECT_TRUE(claims(
        {.path = "/json/realms/root/realms/a/sessions/", .query = "_action=getSessionInfo"}));
    EXPECT_FALSE(claims(am::DeviceCalls::off, asks));
    EXPECT_FALSE(claims(am::DeviceCalls::guard, asks));
    EXPECT_FALSE(claims({.path = "/json/sessions", .query = "_action=logout"}));
    EXPECT_FALSE(claims({.method = "GET", .path = "/json/sessions"}));
}

// -- the devices are AM's

TEST(AmForward, WhatIsAllowedGoesOn) {
    AmEdge edge;
    edge.settings.profiles = am::Profiles::am;
    EXPECT_TRUE(edge.serve({}).forward);
    EXPECT_EQ(edge.store.orders.at(0).act, Act::forward);
    EXPECT_EQ(edge.trace.result, Result::forwarded);
}

TEST(AmForward, NothingElseDoes) {
    using Kind = Failure::Kind;
    using Verdict = Decision::Verdict;
    for (const Decision& answer :
         {answer_of(Verdict::unauthenticated), answer_of(Verdict::forbidden),
          answer_of(Kind::unavailable), answer_of(Kind::uncertain), answer_of(Kind::broken),
          answer_of(Verdict::unknown)}) {
        AmEdge edge;
        edge.settings.profiles = am::Profiles::am;
        edge.store.answer = answer;
        EXPECT_FALSE(edge.serve({}).forward) << static_cast<int>(answer.verdict);
    }
    AmEdge edge;
    edge.settings.profiles = am::Profiles::am;
    EXPECT_FALSE(edge.serve(AmRequest{}.replace("Accept-API-Version", "resource=2.0")).forward);
    EXPECT_EQ(edge.store.orders.at(0).act, Act::decide);
}

}  // namespace
}  // namespace mfa_reset::test
