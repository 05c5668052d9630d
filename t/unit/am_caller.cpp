// Whose token it is, where it comes from, and when a cookie alone is not enough.
#include <gtest/gtest.h>

#include <string>

#include "am_edge.hpp"

namespace mfa_reset::test {
namespace {

constexpr std::string_view kDenied =
    R"(401 {"code":401,"reason":"Unauthorized","message":"Access Denied"})";
constexpr std::string_view kForbidden =
    R"(403 {"code":403,"reason":"Forbidden","message":"Forbidden"})";

/// The token that the store is asked about, or the answer where it is not asked.
std::string token(const AmRequest& request) {
    const Answered answered(request);
    return answered.edge.store.orders.empty() ? outline(answered.response)
                                              : std::string(answered.edge.store.orders[0].token);
}

/// A request with these headers beside the version's.
AmRequest with_headers(std::initializer_list<Header> headers) {
    AmRequest request;
    request.headers = headers;
    return request.with("Accept-API-Version", "resource=1.0");
}

TEST(AmToken, CookieThenHeader) {
    const auto sent = [](std::initializer_list<Header> headers) {
        return token(with_headers(headers));
    };
    EXPECT_EQ(sent({{"Cookie", "iPlanetDirectoryPro=c"}}), "c");
    EXPECT_EQ(sent({{"cookie", "a=b; IPLANETDIRECTORYPRO=\"c*AA\"; x=y"}}), "c*AA");
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "h"}}), "h");
    EXPECT_EQ(sent({{"iplanetdirectorypro", "h"}}), "h");
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "h"}, {"Cookie", "iPlanetDirectoryPro=c"}}), "c");
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "h"}, {"Cookie", "iPlanetDirectoryPro="}}), "h");
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "h"}, {"Cookie", "iPlanetDirectoryPro=\"\""}}), "h");
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "h"}, {"Cookie", "other=c"}}), "h");
    EXPECT_EQ(sent({{"Cookie", "a=b"}, {"Cookie", "iPlanetDirectoryPro=c"}}), "c");
    EXPECT_EQ(sent({{"Cookie", "iPlanetDirectoryPro=c"}, {"Cookie", "iPlanetDirectoryPro=d"}}),
              "c");
    EXPECT_EQ(sent({{"Cookie", "iPlanetDirectoryPro=c;iPlanetDirectoryPro=d"}}), "c");
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "h"}, {"iPlanetDirectoryPro", "i"}}), "h");
}

TEST(AmToken, DeniedWithoutAskingTheStore) {
    const auto sent = [](std::initializer_list<Header> headers) {
        return token(with_headers(headers));
    };
    EXPECT_EQ(sent({}), kDenied);
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", ""}}), kDenied);
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "a b"}}), kDenied);
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "\"h\""}}), kDenied);
    EXPECT_EQ(sent({{"iPlanetDirectoryPro", "a{b}"}}), kDenied);
    EXPECT_EQ(sent({{"Cookie", "iPlanetDirectoryPro=\"c"}}), kDenied);
    EXPECT_EQ(sent({{"Cookie", "iPlanetDirectoryPro=<"}, {"iPlanetDirectoryPro", "good"}}),
              kDenied);
    EXPECT_EQ(sent({{"Authorization", "Bearer abc"}}), kDenied);
    AmRequest query = with_headers({});
    query.query = "_action=reset&iPlanetDirectoryPro=q";
    EXPECT_EQ(token(query), kDenied);
}

TEST(AmToken, Length) {
    const std::string long_enough(8192, 'a');
    const std::string longest(16384, 'a');
    const std::string too_long(16385, 'a');
    EXPECT_EQ(token(with_headers({{"iPlanetDirectoryPro", long_enough}})), long_enough);
    EXPECT_EQ(token(with_headers({{"iPlanetDirectoryPro", longest}})), longest);
    EXPECT_EQ(token(with_headers({{"iPlanetDirectoryPro", too_long}})), kDenied);
}

TEST(AmToken, NameIsConfigured) {
    AmEdge edge;
    edge.settings.cookie = "AMAuthCookie";
    edge.serve(with_headers({{"iPlanetDirectoryPro", "no"}, {"amauthcookie", "yes"}}));
    EXPECT_EQ(edge.store.orders.at(0).token, "yes");
    AmEdge other;
    other.settings.cookie = "AMAuthCookie";
    other.serve(with_headers({{"Cookie", "iPlanetDirectoryPro=no; AMAuthCookie=yes"}}));
    EXPECT_EQ(other.store.orders.at(0).token, "yes");
}

TEST(AmCsrf, ACookieNeedsAHeaderThatNoFormSends) {
    const auto sent = [](std::string_view method, std::initializer_list<Header> headers) {
        AmRequest request;
        request.method = method;
        request.headers = headers;
        return outline(request);
    };
    const Header cookie{"Cookie", "iPlanetDirectoryPro=c"};
    constexpr std::string_view kOk = R"(200 {"result":true})";
    EXPECT_EQ(sent("POST", {cookie}), kForbidden);
    EXPECT_EQ(sent("PATCH", {cookie}), kForbidden);
    EXPECT_EQ(sent("PUT", {cookie}), kForbidden);
    EXPECT_EQ(sent("DELETE", {cookie}), kForbidden);
    EXPECT_EQ(sent("POST", {cookie, {"X-HTTP-Method-Override", "GET"}}), kForbidden);
    EXPECT_EQ(sent("POST", {cookie, {"iPlanetDirectoryPro", "h"}}), kForbidden);
    EXPECT_EQ(sent("POST", {{"Cookie", "iPlanetDirectoryPro=<bad>"}}), kForbidden);
    EXPECT_EQ(sent("POST", {cookie, {"Accept-API-Version", ""}}), kForbidden);
    EXPECT_EQ(sent("POST", {cookie, {"Origin", "https://other.example"}}), kForbidden);
    EXPECT_EQ(sent("POST", {cookie, {"X-Requested-With", "XMLHttpRequest"}}), kOk);
    EXPECT_EQ(sent("POST", {cookie, {"x-requested-with", ""}}), kOk);
    EXPECT_EQ(sent("POST", {cookie, {"accept-api-version", "resource=1.0"}}), kOk);
    EXPECT_EQ(sent("POST", {{"iPlanetDirectoryPro", "h"}}), kOk);
    EXPECT_EQ(sent("POST", {{"Cookie", "other=c"}, {"iPlanetDirectoryPro", "h"}}), kOk);
    EXPECT_EQ(sent("POST", {{"Cookie", "iPlanetDirectoryPro="}, {"iPlanetDirectoryPro", "h"}}),
              kOk);
    EXPECT_EQ(sent("OPTIONS", {cookie}), "200 ");
    EXPECT_NE(sent("GET", {cookie}), kForbidden);
    EXPECT_NE(sent("HEAD", {cookie}), kForbidden);
}

}  // namespace
}  // namespace mfa_reset::test
