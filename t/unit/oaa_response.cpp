// Every row of the contract's table of answers, in each form, byte for byte.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "oaa_edge.hpp"

namespace mfa_reset::test {
namespace {

using Verdict = ResetAnswer::Verdict;

constexpr std::string_view kNoStore = "\nCache-Control: no-store";

std::string json(std::string_view status, std::string_view message) {
    return std::string(status) + R"( application/json {"responseCode":")" + std::string(status) +
           R"(","responseMessage":")" + std::string(message) + "\"}";
}

std::string xml(std::string_view status, std::string_view message) {
    return std::string(status) +
           R"( application/xml <?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
           "<ModelAPIResponse><responseCode>" +
           std::string(status) + "</responseCode><responseMessage>" + std::string(message) +
           "</responseMessage></ModelAPIResponse>";
}

std::string plain(std::string_view status, std::string_view message) {
    return std::string(status) + " text/plain;charset=UTF-8 " + std::string(message);
}

struct Row {
    std::string_view status;
    std::string_view message;
    std::string_view headers;  ///< beside Cache-Control
    std::function<void(OaaRequest&, OaaEdge&)> make;
};

std::function<void(OaaRequest&, OaaEdge&)> store_says(Verdict verdict) {
    return [verdict](OaaRequest&, OaaEdge& edge) { edge.store.answer.verdict = verdict; };
}

std::function<void(OaaRequest&, OaaEdge&)> store_fails(Failure::Kind kind) {
    return [kind](OaaRequest&, OaaEdge& edge) { edge.store.answer.failure = Failure{kind, kWhy}; };
}

std::function<void(OaaRequest&, OaaEdge&)> asks(std::string_view query) {
    return [query](OaaRequest& request, OaaEdge&) { request.query = query; };
}

TEST(OaaResponse, EachRowInEachForm) {
    constexpr std::string_view kReset = "Challenge Counter is reseted.";
    constexpr std::string_view kInvalid =
        "Invalid input. ContextId or ChallengeType was not found.";
    const Row table[] = {
        {"200", kReset, "", store_says(Verdict::done)},
        {"200", kReset, "", store_says(Verdict::nothing)},
        {"200", kReset, "", store_says(Verdict::no_record)},
        {"404", kInvalid, "", store_says(Verdict::unknown)},
        {"404", kInvalid, "", asks("")},
        {"404", kInvalid, "", asks("challengeType=ChallengeSMS")},
        {"404", kInvalid, "", asks("contextId=c&challengeType=ChallengeSms")},
        {"401", "Unauthorized", "\nWWW-Authenticate: Basic realm=\"oaa\"",
         [](OaaRequest& request, OaaEdge&) { request.without("authorization"); }},
        {"405", "Method Not Allowed", "\nAllow: DELETE, OPTIONS",
         [](OaaRequest& request, OaaEdge&) { request.method = "POST"; }},
        {"413", "Request Entity Too Large", "",
         [](OaaRequest& request, OaaEdge&) { request.body_state = Request::Body::too_large; }},
        {"500", "Internal server error", "", store_fails(Failure::Kind::broken)},
        {"503", "Service unavailable", "\nRetry-After: 1", store_fails(Failure::Kind::unavailable)},
        {"503", "Service unavailable", "\nRetry-After: 1", store_fails(Failure::Kind::uncertain)},
    };
    const struct {
        std::string_view accept;
        std::string (*form)(std::string_view, std::string_view);
    } forms[] = {
        {"", json}, {"application/json", json}, {"application/xml", xml}, {"text/plain", plain}};
    for (const Row& row : table) {
        for (const auto& [accept, form] : forms) {
            OaaRequest request;
            OaaEdge edge;
            if (!accept.empty()) {
                request.accept(accept);
            }
            row.make(request, edge);
            EXPECT_EQ(
                written(edge.serve(request)),
                form(row.status, row.message) + std::string(kNoStore) + std::string(row.headers))
                << row.status << " " << accept;
        }
    }
}

TEST(OaaResponse, TheContractsExamples) {
    OaaEdge first;
    EXPECT_EQ(first.serve({}).body,
              R"({"responseCode":"200","responseMessage":"Challenge Counter is reseted."})");
    OaaEdge second;
    OaaRequest request;
    request.without("Content-Type")
        .with("Content-Type", "application/xml")
        .accept("application/xml");
    EXPECT_EQ(second.serve(request).body,
              R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ModelAPIResponse>)"
              "<responseCode>200</responseCode><responseMessage>Challenge Counter is reseted."
              "</responseMessage></ModelAPIResponse>");
}

TEST(OaaResponse, NotAcceptable) {
    OaaEdge edge;
    EXPECT_EQ(written(edge.serve(OaaRequest().accept("text/html"))),
              "406  \nCache-Control: no-store");
    EXPECT_TRUE(edge.store.orders.empty());
}

TEST(OaaResponse, Options) {
    OaaEdge edge;
    OaaRequest request;
    request.method = "OPTIONS";
    request.accept("text/html");
    request.query = "";
    EXPECT_EQ(written(edge.serve(request)),
              "200  \nCache-Control: no-store\nAllow: DELETE, OPTIONS");
    EXPECT_TRUE(edge.store.orders.empty());
}

TEST(OaaResponse, SeveralAcceptLinesAreOne) {
    OaaEdge edge;
    EXPECT_EQ(
        edge.serve(OaaRequest().accept("application/json;q=0.1").accept("text/plain")).content_type,
        "text/plain;charset=UTF-8");
}

TEST(OaaResponse, ContentTypeAndBodyAreIgnored) {
    for (const std::string_view type : {"application/xml", "text/csv", "nonsense", ""}) {
        OaaEdge edge;
        OaaRequest request;
        request.without("Content-Type").with("Content-Type", type);
        request.body = "{\"contextId\":";
        EXPECT_EQ(edge.serve(request).status, 200) << type;
    }
}

}  // namespace
}  // namespace mfa_reset::test
