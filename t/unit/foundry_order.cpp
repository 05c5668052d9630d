// The order of the checks, who may act where, and what the store is asked for (contracts:
// foundry.md, "Errors" and "Who is calling").
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "foundry_edge.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;

/// One way to fail, and what is said of it.
struct Failure {
    std::string name;
    std::string says;
    std::function<void(FoundryRequest&, FoundryEdge&)> fail;
};

/// In the contract's order. Each can be combined with every later one.
const std::vector<Failure> kFailures{
    {"method", "404 NotFound",
     [](FoundryRequest& request, FoundryEdge&) { request.method = "POST"; }},
    {"session", "401 Unauthorized",
     [](FoundryRequest&, FoundryEdge& edge) { edge.store.session.text.reset(); }},
    {"deliberate", "403 Forbidden",
     [](FoundryRequest& request, FoundryEdge&) {
         request.without("X-ss-id").with("Cookie", "ss-id=aXujm6").with("Origin", "null");
     }},
    {"role", "403 Forbidden",
     [](FoundryRequest&, FoundryEdge& edge) {
         if (edge.store.session.text) {
             edge.store.session.text =
                 R"({"userAuthId":"1","roles":["User"],"organisationId":"org-7","isAuthenticated":true})";
         }
     }},
    {"size", "413 RequestEntityTooLarge",
     [](FoundryRequest& request, FoundryEdge&) {
         request.body = {};
         request.body_state = Request::Body::too_large;
     }},
    {"code in the query", "400 NotAllowed",
     [](FoundryRequest& request, FoundryEdge&) { request.query = "CallerCode=287082"; }},
    {"body", "400 SerializationException",
     [](FoundryRequest& request, FoundryEdge&) { request.body = "{"; }},
    {"validation", "400 NotEmpty",
     [](FoundryRequest& request, FoundryEdge&) {
         if (request.body != "{") {
             request.body = "{}";
         }
     }},
    {"organisation", "403 Forbidden",
     [](FoundryRequest& request, FoundryEdge& edge) {
         if (request.query.empty()) {
             request.query = "organisationId=org-8";
         }
         edge.settings.caller_code.attempts = 4;
     }},
    {"code", "403 InvalidCallerCode",
     [](FoundryRequest&, FoundryEdge& edge) {
         edge.store.code.verdict = CodeAnswer::Verdict::wrong;
     }},
    {"target", "404 NotFound",
     [](FoundryRequest&, FoundryEdge& edge) {
         edge.store.answer.verdict = ResetAnswer::Verdict::unknown;
     }},
};

TEST(FoundryOrder, NothingFails) {
    FoundryEdge edge;
    EXPECT_EQ(foundry_outline(edge.serve({})), "200 {}");
    EXPECT_EQ(edge.trace.result, Result::ok);
    edge.store.answer.verdict = ResetAnswer::Verdict::nothing;
    FoundryEdge again;
    again.store.answer.verdict = ResetAnswer::Verdict::nothing;
    EXPECT_EQ(foundry_outline(again.serve({})), "200 {}");
    EXPECT_EQ(again.trace.result, Result::none);
}

TEST(FoundryOrder, EachFailureAlone) {
    for (const Failure& failure : kFailures) {
        FoundryEdge edge;
        FoundryRequest request;
        failure.fail(request, edge);
        EXPECT_EQ(foundry_outline(edge.serve(request)), failure.says) << failure.name;
        EXPECT_NE(edge.trace.reason, "") << failure.name;
        EXPECT_NE(edge.trace.result, Result::undecided) << failure.name;
    }
}

TEST(FoundryOrder, TheEarlierFailureWins) {
    for (std::size_t first = 0; first < kFailures.size(); ++first) {
        for (std::size_t second = first + 1; second < kFailures.size(); ++second) {
            FoundryEdge edge;
            FoundryRequest request;
            kFailures[first].fail(request, edge);
            kFailures[second].fail(request, edge);
            EXPECT_EQ(foundry_outline(edge.serve(request)), kFailures[first].says)
                << kFailures[first].name << " and " << kFailures[second].name;
        }
    }
}

TEST(FoundryOrder, NothingIsResetAfterAFailure) {
    for (const Failure& failure : kFailures) {
        FoundryEdge edge;
        FoundryRequest request;
        failure.fail(request, edge);
        edge.serve(request);
        const bool before_code = failure.name != "code" && failure.name != "target";
        EXPECT_EQ(edge.store.code_orders.empty(), before_code) << failure.name;
        EXPECT_EQ(edge.store.callers.empty(), before_code) << failure.name;
        EXPECT_EQ(edge.store.orders.empty(), failure.name != "target") << failure.name;
    }
}

TEST(FoundryOrder, WhatTheStoreIsAskedFor) {
    FoundryEdge edge;
    edge.settings.realm = "/base";
    edge.settings.caller_code.attempts = 7;
    edge.settings.caller_code.lock = 3min;
    edge.serve({});
    ASSERT_EQ(edge.store.session_ids, std::vector<std::string>{"aXujm6"});
    ASSERT_EQ(edge.store.callers.size(), 1U);
    EXPECT_EQ(edge.store.callers[0].caller.realm, "/base");
    EXPECT_EQ(edge.store.callers[0].caller.organisation, "org-7");
    EXPECT_EQ(edge.store.callers[0].caller.user, "1");
    EXPECT_EQ(edge.store.callers[0].subject_case, SubjectCase::exact);
    ASSERT_EQ(edge.store.code_orders.size(), 1U);
    const CodeOrder& code = edge.store.code_orders[0];
    EXPECT_EQ(code.caller.organisation, "org-7");
    EXPECT_EQ(code.caller.user, "1");
    EXPECT_EQ(code.step, 1);
    EXPECT_EQ(code.attempts, 7U);
    EXPECT_EQ(code.lock, 3min);
    ASSERT_EQ(edge.store.orders.size(), 1U);
    const ResetOrder& reset = edge.store.orders[0];
    EXPECT_EQ(reset.api, "foundry");
    EXPECT_EQ(reset.caller, "/base/org-7/1");
    EXPECT_EQ(reset.target.realm, "/base");
    EXPECT_EQ(reset.target.organisation, "org-7");
    EXPECT_EQ(reset.target.user, "u-42");
    EXPECT_EQ(reset.remote_address, "192.0.2.7");
    EXPECT_EQ(edge.trace.caller, "/base/org-7/1");
    EXPECT_EQ(edge.trace.realm, "/base/org-7");
    EXPECT_EQ(edge.trace.target, "u-42");
    EXPECT_EQ(edge.trace.action, "reset");
}

TEST(FoundryOrder, WaitsForEachAnswer) {
    FoundryEdge edge;
    edge.store.suspends = true;
    EXPECT_EQ(edge.start({}), Driver::State::suspended);
    for (int answers = 0; answers < 3; ++answers) {
        EXPECT_EQ(edge.resume(), Driver::State::suspended) << answers;
    }
    EXPECT_EQ(edge.resume(), Driver::State::done);
    EXPECT_EQ(foundry_outline(edge.response()), "200 {}");
}

// -- who may act where

std::string with_session(const char* session, const char* organisation, const char* global = "",
                         FoundryEdge* seen = nullptr) {
    FoundryEdge own;
    FoundryEdge& edge = seen != nullptr ? *seen : own;
    edge.settings.global_role = global;
    edge.settings.roles = {"reset2fa"};
    edge.store.session.text = session;
    FoundryRequest request;
    const std::string body = std::string(R"({"targetUserId":"u-42","callerCode":"287082",)") +
                             "\"organisationId\":" + organisation + "}";
    request.body = copy(body, edge.memory);
    const Response response = edge.serve(request);
    if (response.status != 200) {
        return foundry_outline(response);
    }
    return edge.store.orders[0].caller.data() == nullptr
               ? ""
               : std::string(edge.store.orders[0].caller) + " resets " +
                     std::string(edge.store.orders[0].target.organisation) + ":" +
                     std::string(edge.store.orders[0].target.user);
}

TEST(FoundryOrder, RolesAndPermissions) {
    const struct {
        const char* session;
        const char* ends;
    } table[] = {
        {R"({"userAuthId":"1","roles":["Admin"],"isAuthenticated":true})",
         "/foundry/1 resets :u-42"},
        {R"({"userAuthId":"1","roles":["reset2fa"],"isAuthenticated":true})",
         "/foundry/1 resets :u-42"},
        {R"({"userAuthId":"1","permissions":["reset2fa"],"isAuthenticated":true})",
         "/foundry/1 resets :u-42"},
        {R"({"userAuthId":"1","permissions":["Admin"],"isAuthenticated":true})", "403 Forbidden"},
        {R"({"userAuthId":"1","roles":["admin"],"isAuthenticated":true})", "403 Forbidden"},
        {R"({"userAuthId":"1","roles":["Admin2"],"isAuthenticated":true})", "403 Forbidden"},
        {R"({"userAuthId":"1","roles":[],"isAuthenticated":true})", "403 Forbidden"},
        {R"({"userAuthId":"1","isAuthenticated":true})", "403 Forbidden"},
        {R"({"userAuthId":"1","roles":["Admin"],"isAuthenticated":false})", "401 Unauthorized"},
        {R"({"userAuthId":"1","roles":["Admin"]})", "401 Unauthorized"},
        {R"({"roles":["Admin"],"isAuthenticated":true})", "401 Unauthorized"},
        {R"({"userAuthId":"","roles":["Admin"],"isAuthenticated":true})", "401 Unauthorized"},
        {"", "401 Unauthorized"},
        {"not JSON", "401 Unauthorized"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(with_session(row.session, "null"), row.ends) << row.session;
    }
}

TEST(FoundryOrder, Organisations) {
    constexpr const char* kIn7 =
        R"({"userAuthId":"1","roles":["Admin","Global"],"organisationId":"org-7","isAuthenticated":true})";
    constexpr const char* kNowhere =
        R"({"userAuthId":"1","roles":["Admin"],"organisationId":"","isAuthenticated":true})";
    constexpr const char* kGlobal =
        R"({"userAuthId":"1","roles":["Admin","Global"],"isAuthenticated":true})";
    constexpr const char* kNested =
        R"({"userAuthId":"1","roles":["Admin","Global"],"organisationId":["org-7"],"isAuthenticated":true})";
    constexpr const char* kGlobalPermission =
        R"({"userAuthId":"1","roles":["Admin"],"permissions":["Global"],"isAuthenticated":true})";
    const struct {
        const char* session;
        const char* organisation;
        const char* global;
        const char* ends;
    } table[] = {
        {kIn7, "null", "", "/foundry/org-7/1 resets org-7:u-42"},
        {kIn7, "\"\"", "", "/foundry/org-7/1 resets org-7:u-42"},
        {kIn7, "\"org-7\"", "", "/foundry/org-7/1 resets org-7:u-42"},
        {kIn7, "\"ORG-7\"", "", "403 Forbidden"},
        {kIn7, "\"org-8\"", "", "403 Forbidden"},
        {kIn7, "\"org-8\"", "Global", "403 Forbidden"},
        {kNowhere, "null", "", "/foundry/1 resets :u-42"},
        {kNowhere, "\"org-7\"", "", "403 Forbidden"},
        {kNowhere, "\"org-7\"", "Global", "403 Forbidden"},
        {kGlobal, "\"org-7\"", "", "403 Forbidden"},
        {kGlobal, "\"org-7\"", "Global", "/foundry/1 resets org-7:u-42"},
        {kGlobal, "null", "Global", "/foundry/1 resets :u-42"},
        {kGlobalPermission, "\"org-7\"", "Global", "403 Forbidden"},
        {kNested, "null", "Global", "403 Forbidden"},
        {kNested, "\"org-7\"", "Global", "403 Forbidden"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(with_session(row.session, row.organisation, row.global), row.ends)
            << row.session << row.organisation << row.global;
    }
}

TEST(FoundryOrder, TheOrganisationsMemberIsNamedByTheOperator) {
    constexpr const char* kSession =
        R"({"userAuthId":"1","roles":["Admin"],"organisationId":"org-7","Tenant":8,"isAuthenticated":true})";
    FoundryEdge edge;
    edge.settings.organisation = "tenant";
    EXPECT_EQ(with_session(kSession, "\"8\"", "", &edge), "/foundry/8/1 resets 8:u-42");
    FoundryEdge folding;
    folding.settings.subject_case = SubjectCase::ascii;
    EXPECT_EQ(with_session(kSession, "\"ORG-7\"", "", &folding),
              "/foundry/org-7/1 resets org-7:u-42");
    EXPECT_EQ(folding.store.orders[0].subject_case, SubjectCase::ascii);
}

}  // namespace
}  // namespace mfa_reset::test
