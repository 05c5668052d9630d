// Which operation and which form of answer a request asks for (contracts: foundry.md, "Which format
// answers").
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "foundry/accept.hpp"
#include "foundry/route.hpp"
#include "foundry_edge.hpp"

namespace mfa_reset::test {
namespace {

using foundry::Format;

std::string name_of(const foundry::Form& form) {
    return std::string(foundry::kFormatNames[static_cast<std::size_t>(form.format)]) +
           (form.text_jsv ? " text" : "");
}

/// `json`, or `404 json` where there is no such operation.
std::string route(const FoundryRequest& request) {
    RequestMemory memory;
    const Request sent{.method = request.method,
                       .path = request.path,
                       .query = request.query,
                       .headers = request.headers,
                       .remote_address = {},
                       .body = {}};
    const foundry::Headers headers(sent.headers);
    const foundry::Route found = find_route(sent, headers, memory);
    return (found.found ? "" : "404 ") + name_of(found.form) +
           (found.body ? " body " + name_of({*found.body}) : "");
}

std::string route_of(std::string_view path, std::string_view query = {},
                     std::string_view accept = "application/json") {
    FoundryRequest request;
    request.path = path;
    request.query = query;
    return route(request.replace("Accept", accept));
}

std::string route_by(std::string_view method, std::string_view overriding,
                     std::string_view path = "/users/2fa/reset") {
    FoundryRequest request;
    request.method = method;
    request.path = path;
    return route(overriding.empty() ? request : request.with("x-http-method-override", overriding));
}

TEST(FoundryRoute, Paths) {
    const struct {
        const char* path;
        const char* route;
    } table[] = {
        {"/users/2fa/reset", "json"},
        {"/users/2fa/reset/", "json"},
        {"/Users/2FA/Reset", "json"},
        {"/users/2fa/r%65set", "json"},
        {"/api/v1/users/2fa/reset", "json"},
        {"/users/2fa/reset.json", "json"},
        {"/users/2fa/reset.xml", "xml"},
        {"/users/2fa/reset.jsv", "jsv"},
        {"/users/2fa/reset.csv", "csv"},
        {"/users/2fa/RESET.csv", "csv"},
        {"/users/2fa/reset.csv/", "csv"},
        {"/users/2fa/reset.JSV", "404 json"},
        {"/users/2fa/reset.html", "404 json"},
        {"/users/2fa/reset.", "404 json"},
        {"/users/2fa/reset.json.xml", "404 json"},
        {"/users/2fa/resetx", "404 json"},
        {"/users/2fa/reset//", "404 json"},
        {"/users/2fa", "404 json"},
        {"/users/2fa/reset/u-42", "404 json"},
        {"/xusers/2fa/reset", "404 json"},
        {"users/2fa/reset", "404 json"},
        {"/", "404 json"},
        {"", "404 json"},
        {"/users%2F2fa/reset", "json"},
        {"/json/reply/ResetTwoFactorAuthenticationRequest", "json body json"},
        {"/XML/Reply/resettwofactorauthenticationrequest/", "xml body xml"},
        {"/jsv/reply/ResetTwoFactorAuthenticationRequest", "jsv body jsv"},
        {"/api/csv/reply/ResetTwoFactorAuthenticationRequest", "csv body csv"},
        {"/api/ResetTwoFactorAuthenticationRequest", "json"},
        {"/v1/API/resettwofactorauthenticationrequest.xml", "xml"},
        {"/api/ResetTwoFactorAuthenticationRequest.XML", "404 json"},
        {"/api/ResetTwoFactorAuthenticationRequests", "404 json"},
        {"/api/reset", "404 json"},
        {"/ResetTwoFactorAuthenticationRequest", "404 json"},
        {"/html/reply/ResetTwoFactorAuthenticationRequest", "404 json"},
        {"/json/oneway/ResetTwoFactorAuthenticationRequest", "404 json"},
        {"/json/reply/ResetTwoFactorAuthentication", "404 json"},
        {"/reply/ResetTwoFactorAuthenticationRequest", "404 json"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(route_of(row.path), row.route) << row.path;
    }
}

TEST(FoundryRoute, Methods) {
    constexpr std::string_view kReply = "/json/reply/ResetTwoFactorAuthenticationRequest";
    constexpr std::string_view kApi = "/api/ResetTwoFactorAuthenticationRequest";
    EXPECT_EQ(route_by("PUT", ""), "json");
    for (const char* method : {"GET", "HEAD", "POST", "DELETE", "PATCH", "OPTIONS", "put", ""}) {
        EXPECT_EQ(route_by(method, ""), "404 json") << method;
    }
    EXPECT_EQ(route_by("POST", "PUT"), "json");
    EXPECT_EQ(route_by("GET", "put"), "json");
    EXPECT_EQ(route_by("PUT", "GET"), "404 json");
    EXPECT_EQ(route_by("PUT", "", kReply), "json body json");
    EXPECT_EQ(route_by("POST", "", kReply), "json body json");
    EXPECT_EQ(route_by("GET", "", kReply), "404 json body json");
    EXPECT_EQ(route_by("PUT", "", kApi), "json");
    EXPECT_EQ(route_by("POST", "", kApi), "json");
    EXPECT_EQ(route_by("GET", "", kApi), "404 json");
    EXPECT_EQ(route_by("DELETE", "POST", kReply), "json body json");
    EXPECT_EQ(route_by("POST", "GET", kReply), "404 json body json");
}

TEST(FoundryRoute, TheSuffixWinsThenTheQueryThenAccept) {
    EXPECT_EQ(route_of("/users/2fa/reset.csv", "format=xml", "application/jsv"), "csv");
    EXPECT_EQ(route_of("/users/2fa/reset", "format=xml", "application/jsv"), "xml");
    EXPECT_EQ(route_of("/users/2fa/reset", "a=b&FORMAT=Csv", "application/jsv"), "csv");
    EXPECT_EQ(route_of("/users/2fa/reset", "format=html", "application/jsv"), "jsv");
    EXPECT_EQ(route_of("/users/2fa/reset", "format=", "application/jsv"), "jsv");
    EXPECT_EQ(route_of("/users/2fa/reset", "format=xml&%", "application/jsv"), "jsv");
    EXPECT_EQ(
        route_of("/xml/reply/ResetTwoFactorAuthenticationRequest", "format=csv", "application/jsv"),
        "csv body xml");
    EXPECT_EQ(route_of("/jsv/reply/ResetTwoFactorAuthenticationRequest", "format=none"),
              "jsv body jsv");
    EXPECT_EQ(route_of("/users/2fa/nosuch", "format=xml"), "404 xml");
}

TEST(FoundryRoute, ValuesOfFormat) {
    const auto by = [](std::string_view value) {
        return route_of("/users/2fa/reset", "format=" + std::string(value), "application/jsv");
    };
    for (const char* const value : {"xml", "XML", "application/xml", "text/xml", "Text/XML",
                                    "xml.pretty", "application%2Fxml", "application/xml.x"}) {
        EXPECT_EQ(by(value), "xml") << value;
    }
    EXPECT_EQ(by("json.compact"), "json");
    EXPECT_EQ(by("csv"), "csv");
    EXPECT_EQ(by("text/csv"), "csv");
    for (const char* const value : {"", ".xml", "html", "xml,json", "xmlx", "application/", "/xml",
                                    "application/csv", "image/xml"}) {
        EXPECT_EQ(by(value), "jsv") << value;
    }
}

TEST(FoundryRoute, Accept) {
    const struct {
        const char* accept;
        std::optional<Format> own;
        const char* form;
    } table[] = {
        {"application/json", {}, "json"},
        {"application/xml", {}, "xml"},
        {"application/jsv", {}, "jsv"},
        {"text/csv", {}, "csv"},
        {"text/json", {}, "json"},
        {"text/xml", {}, "xml"},
        {"text/jsv", {}, "jsv text"},
        {"Text/JSV; charset=utf-8", {}, "jsv text"},
        {"application/csv", {}, "json"},
        {"text/html", {}, "json"},
        {"", {}, "json"},
        {",,", {}, "json"},
        {"json", {}, "json"},
        {"application/xml, application/json", {}, "xml"},
        {"application/json, application/xml", {}, "json"},
        {"application/xml;q=0.5, text/csv;q=0.8", {}, "csv"},
        {"application/xml;q=0.8,text/csv;q=0.8", {}, "xml"},
        {"text/html, application/xml;q=0.9, */*;q=0.8", {}, "xml"},
        {"text/html, */*;q=0.8", {}, "json"},
        {"*/*", {}, "json"},
        {"*/*", Format::xml, "xml"},
        {"*/*", Format::jsv, "jsv"},
        {"*/*, application/xml", Format::csv, "csv"},
        {"*/*;q=0.1, application/xml;q=0.2", Format::csv, "xml"},
        {"application/*", Format::xml, "json"},
        {"application/xml;q=0", {}, "json"},
        {"application/xml;q=0, */*", Format::xml, "json"},
        {"application/json;q=0, */*", {}, "xml"},
        {"*/*;q=0", Format::xml, "json"},
        {"application/xml;q=0.001, application/jsv;q=0.0001", {}, "xml"},
        {"application/xml ; level=1 ; Q=0.3 , application/jsv ; q=0.4", {}, "jsv"},
        {"application/xml;q=1.000, application/jsv;q=1.5", {}, "xml"},
        {"application/xml;q=0.999, application/jsv", {}, "jsv"},
        {"application/xml;q=abc, application/jsv", {}, "xml"},
        {"application/xml;q=0., application/jsv;q=0.5", {}, "jsv"},
    };
    for (const auto& row : table) {
        const std::vector<Header> headers{{"accept", row.accept}};
        EXPECT_EQ(name_of(foundry::negotiate(headers, row.own)), row.form) << row.accept;
    }
}

TEST(FoundryRoute, AcceptOfSeveralLines) {
    const std::vector<Header> headers{
        {"Accept", "application/xml;q=0.5"}, {"X-Other", "x"}, {"Accept", "text/csv"}};
    EXPECT_EQ(name_of(foundry::negotiate(headers, {})), "csv");
    EXPECT_EQ(name_of(foundry::negotiate({}, Format::xml)), "json");
}

TEST(FoundryRoute, TheRequestsOwnTypeIsThatOfItsHeader) {
    FoundryRequest request;
    request.replace("Accept", "*/*").replace("Content-Type", "text/xml; charset=utf-8");
    EXPECT_EQ(route(request), "xml");
    EXPECT_EQ(route(request.replace("Content-Type", "application/x-www-form-urlencoded")), "json");
}

}  // namespace
}  // namespace mfa_reset::test
