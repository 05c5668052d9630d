// Whole responses, to the byte and with every header.
#include <gtest/gtest.h>

#include <string>

#include "am_edge.hpp"

namespace mfa_reset::test {
namespace {

using Kind = Failure::Kind;
using Verdict = Decision::Verdict;

/// Status, headers and body, as one text.
std::string whole(const Response& response) {
    std::string text = std::to_string(response.status) + "\n";
    if (!response.content_type.empty()) {
        text += "Content-Type: " + std::string(response.content_type) + "\n";
    }
    for (const auto headers : {response.common_headers, response.headers()}) {
        for (const Header& each : headers) {
            text += std::string(each.name) + ": " + std::string(each.value) + "\n";
        }
    }
    return text + "\n" + std::string(response.body);
}

const std::string kCommon =
    "Cache-Control: private\n"
    "Expires: 0\n"
    "Pragma: no-cache\n"
    "X-Content-Type-Options: nosniff\n"
    "X-Frame-Options: SAMEORIGIN\n"
    "Content-Security-Policy: default-src 'none';frame-ancestors 'none';sandbox\n"
    "Cross-Origin-Opener-Policy: same-origin\n"
    "Cross-Origin-Resource-Policy: same-origin\n";
const std::string kJson = "Content-Type: application/json;charset=UTF-8\n" + kCommon;
const std::string kWarning =
    "Warning: 100 chf \"Accept-API-Version should be included in the request.\"\n";
const std::string kVersion = "Content-API-Version: resource=1.0\n";

std::string whole(const AmRequest& request, const Decision& answer = answer_of(Verdict::done)) {
    AmEdge edge;
    edge.store.answer = answer;
    return whole(edge.serve(request));
}

TEST(AmResponse, TheThreeLiteralCalls) {
    EXPECT_EQ(whole(AmRequest()), "200\n" + kJson + kVersion + "\n{\"result\":true}");

    AmRequest push;
    push.path = "/openam/json/realms/root/realms/mySubrealm/users/myUSER/devices/2fa/push";
    EXPECT_EQ(whole(push), "200\n" + kJson + kVersion + "\n{\"result\":true}");

    AmRequest collection;
    collection.path =
        "/am/json/realms/root/realms/alpha/users/81fdf4fb-8b5f-4a3b-95a9-f2f4b1d2a1a5/devices/2fa/"
        "oath";
    collection.query = "_prettyPrint=true&_action=reset";
    collection.body = "\"<object>\"";
    EXPECT_EQ(whole(collection), "200\n" + kJson + kVersion + "\n{\n  \"result\" : true\n}");
}

TEST(AmResponse, Errors) {
    EXPECT_EQ(whole(AmRequest(), answer_of(Verdict::unauthenticated)),
              "401\n" + kJson +
                  "\n"
                  R"({"code":401,"reason":"Unauthorized","message":"Access Denied"})");
    EXPECT_EQ(whole(AmRequest().without("Accept-API-Version"), answer_of(Verdict::unauthenticated)),
              "401\n" + kJson + kWarning +
                  "\n"
                  R"({"code":401,"reason":"Unauthorized","message":"Access Denied"})");
    EXPECT_EQ(whole(AmRequest(), answer_of(Kind::unavailable)),
              "503\n" + kJson + kVersion +
                  "Retry-After: 1\n\n"
                  R"({"code":503,"reason":"Service Unavailable","message":"Service Unavailable"})");
    EXPECT_EQ(
        whole(AmRequest(), answer_of(Kind::uncertain)),
        "503\n" + kJson + kVersion +
            "Retry-After: 1\n\n"
            R"({"code":503,"reason":"Service Unavailable","message":"Service Unavailable",)"
            R"("detail":"The reset was sent and its answer was lost: it may have happened"})");
    EXPECT_EQ(
        whole(AmRequest(), answer_of(Kind::broken)),
        "500\n" + kJson + kVersion +
            "\n"
            R"({"code":500,"reason":"Internal Server Error","message":"Internal Server Error"})");
    EXPECT_EQ(whole(AmRequest(), answer_of(Verdict::unknown)),
              "404\n" + kJson + kVersion +
                  "\n"
                  R"({"code":404,"reason":"Not Found","message":"User myUser not found"})");
}

TEST(AmResponse, ErrorsArePrettyPrintedToo) {
    AmRequest request;
    request.query = "_prettyPrint=true&_action=reset";
    EXPECT_EQ(whole(request, answer_of(Kind::uncertain)),
              "503\n" + kJson + kVersion +
                  "Retry-After: 1\n\n"
                  "{\n  \"code\" : 503,\n  \"reason\" : \"Service Unavailable\",\n"
                  "  \"message\" : \"Service Unavailable\",\n"
                  "  \"detail\" : \"The reset was sent and its answer was lost: it may have "
                  "happened\"\n}");
    request.path = "/json/nothing";
    EXPECT_EQ(whole(request), "404\n" + kJson +
                                  "\n"
                                  "{\n  \"code\" : 404,\n  \"reason\" : \"Not Found\",\n"
                                  "  \"message\" : \"Resource 'nothing' not found\"\n}");
}

TEST(AmResponse, PlainText) {
    AmRequest request;
    request.query = "_prettyPrint=true&_action=reset&x=%zz";
    EXPECT_EQ(whole(request), "400\nContent-Type: text/plain;charset=UTF-8\n" + kCommon +
                                  "\nThe request has a bad percent-encoding");
    EXPECT_EQ(whole(AmRequest().replace("Accept-API-Version", "v1")),
              "400\n" + kCommon + "\nVersion string is in an invalid format: v1");
}

TEST(AmResponse, Options) {
    AmRequest request;
    request.method = "OPTIONS";
    request.headers.clear();
    EXPECT_EQ(whole(request), "200\n" + kJson + kWarning +
                                  "Allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\n\n");
    AmEdge edge;
    edge.serve(request);
    EXPECT_TRUE(edge.store.orders.empty());
    EXPECT_EQ(edge.trace.result, Result::undecided);
}

TEST(AmResponse, NamesAreEscapedForJsonAndNotForHtml) {
    AmRequest request;
    request.path = "/json/realms/root/users/%22%3Cb%3E%5C%0A&J%C3%B6rg/devices/2fa/oath";
    AmEdge edge;
    edge.store.answer = answer_of(Verdict::unknown);
    EXPECT_EQ(
        edge.serve(request).body,
        "{\"code\":404,\"reason\":\"Not Found\",\"message\":\"User \\\"<b>\\\\\\n&J\xC3\xB6rg not "
        "found\"}");
    request.path = "/json/realms/root/%22%FE\xFF\"/../x";
    EXPECT_EQ(outline(request),
              "400 {\"code\":400,\"reason\":\"Bad Request\",\"message\":\"Resource path "
              "'/json/realms/root/%22%FE\xEF\xBF\xBD\\\"/../x' contains a path element that is not "
              "UTF-8\"}");
}

}  // namespace
}  // namespace mfa_reset::test
