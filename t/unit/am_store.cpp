// What the store is asked, what its answers become, and what the log is told.
#include <gtest/gtest.h>

#include <string>

#include "am_edge.hpp"

namespace mfa_reset::test {
namespace {

using Kind = Failure::Kind;
using Verdict = Decision::Verdict;

constexpr std::string_view kOk = R"(200 {"result":true})";

TEST(AmStore, TheOrder) {
    AmEdge edge;
    edge.settings.self.allowed = false;
    edge.settings.subject_case = SubjectCase::exact;
    AmRequest request;
    request.path = "/json/realms/root/realms/Eu/realms/x%20y/users/Jo%2Fe/devices/2fa/push";
    edge.serve(request);
    ASSERT_EQ(edge.store.orders.size(), 1U);
    const Order& order = edge.store.orders[0];
    EXPECT_EQ(order.api, "am");
    EXPECT_EQ(order.token, "AQIC5w.2NzEz*");
    EXPECT_EQ(order.target.realm, "/Eu/x y");
    EXPECT_EQ(order.target.user, "Jo/e");
    EXPECT_EQ(order.factor, Factor::push);
    EXPECT_EQ(order.subject_case, SubjectCase::exact);
    EXPECT_FALSE(order.self_allowed);
    EXPECT_EQ(order.act, Act::reset);
    EXPECT_EQ(order.remote_address, "192.0.2.7");
}

TEST(AmStore, TheDefaultOrder) {
    const Answered answered{AmRequest()};
    const Order& order = answered.edge.store.orders.at(0);
    EXPECT_EQ(order.target.realm, "/mySubrealm");
    EXPECT_EQ(order.target.user, "myUser");
    EXPECT_EQ(order.factor, Factor::oath);
    EXPECT_EQ(order.subject_case, SubjectCase::ascii);
    EXPECT_TRUE(order.self_allowed);
}

struct VerdictCase {
    Decision answer;
    std::string_view outline;
    Result result;
    std::string_view content_version;
    std::string_view retry_after;
};

constexpr std::string_view kNone = "(none)";
constexpr std::string_view kVersion = "resource=1.0";

TEST(AmStore, Verdicts) {
    const VerdictCase cases[] = {
        {answer_of(Verdict::done), kOk, Result::ok, kVersion, kNone},
        {answer_of(Verdict::nothing), kOk, Result::none, kVersion, kNone},
        {answer_of(Verdict::no_record), kOk, Result::none, kVersion, kNone},
        {answer_of(Verdict::unauthenticated),
         R"(401 {"code":401,"reason":"Unauthorized","message":"Access Denied"})",
         Result::unauthenticated, kNone, kNone},
        {answer_of(Verdict::forbidden, "eve", "/alpha", "id=eve,ou=user,o=alpha,ou=services,dc=x"),
         R"(403 {"code":403,"reason":"Forbidden","message":)"
         R"("User, id=eve,ou=user,o=alpha,ou=services,dc=x, not authorized."})",
         Result::forbidden, kNone, kNone},
        {answer_of(Verdict::forbidden, "e\"ve", "/alpha"),
         R"(403 {"code":403,"reason":"Forbidden","message":"User, id=e\"ve, not authorized."})",
         Result::forbidden, kNone, kNone},
        {answer_of(Verdict::unknown, "amAdmin", "/"),
         R"(404 {"code":404,"reason":"Not Found","message":"User myUser not found"})",
         Result::unknown, kVersion, kNone},
        {answer_of(Kind::unavailable),
         R"(503 {"code":503,"reason":"Service Unavailable","message":"Service Unavailable"})",
         Result::unavailable, kVersion, "1"},
        {answer_of(Kind::uncertain),
         R"(503 {"code":503,"reason":"Service Unavailable","message":"Service Unavailable",)"
         R"("detail":"The reset was sent and its answer was lost: it may have happened"})",
         Result::uncertain, kVersion, "1"},
        {answer_of(Kind::broken),
         R"(500 {"code":500,"reason":"Internal Server Error","message":"Internal Server Error"})",
         Result::uncertain, kVersion, kNone},
    };
    for (const auto& [answer, expected, result, content_version, retry_after] : cases) {
        AmEdge edge;
        edge.store.answer = answer;
        const Response response = edge.serve(AmRequest());
        EXPECT_EQ(outline(response), expected);
        EXPECT_EQ(edge.trace.result, result);
        EXPECT_EQ(header(response, "Content-API-Version"), content_version) << expected;
        EXPECT_EQ(header(response, "Retry-After"), retry_after) << expected;
        EXPECT_EQ(header(response, "WWW-Authenticate"), kNone);
        EXPECT_EQ(edge.trace.reason.empty(), response.status == 200);
        EXPECT_EQ(edge.trace.reason == kWhy, response.status >= 500);
    }
}

/// Refused to everybody who may reset, whatever the target's record: the store decides and does
/// nothing.
TEST(AmStore, WhatIsNotDoneIsToldToThoseAllowedIn) {
    struct Case {
        std::string_view query;
        std::string_view version;
        std::string_view path;
        std::string_view outline;
        std::string_view content_version;
        Result result;
    };
    constexpr std::string_view kOath = "/json/realms/root/users/demo/devices/2fa/oath";
    constexpr std::string_view kNoResource =
        R"(404 {"code":404,"reason":"Not Found","message":"Resource '' not found"})";
    constexpr std::string_view kNotImplemented =
        R"(501 {"code":501,"reason":"Not Implemented","message":"Not Implemented"})";
    constexpr std::string_view kNotSupported =
        R"(501 {"code":501,"reason":"Not Implemented","message":"Operation is not supported."})";
    for (const auto& [query, version, path, expected, content_version, result] : {
             Case{"_action=reset", "resource=2.0", kOath, kNoResource, kNone, Result::version},
             Case{"_action=other", "resource=2.0", kOath, kNoResource, kNone, Result::version},
             Case{"_action=other", "resource=1.0", kOath, kNotImplemented, kVersion,
                  Result::unknown},
             Case{"", "resource=1.0", kOath, kNotSupported, kVersion, Result::unknown},
             Case{"_action=reset", "resource=1.0", "/json/users/demo/devices/2fa/oath/x",
                  kNotSupported, kVersion, Result::unknown},
         }) {
        AmRequest request;
        request.query = query;
        request.path = path;
        request.replace("Accept-API-Version", version);
        for (const Verdict verdict :
             {Verdict::done, Verdict::nothing, Verdict::no_record, Verdict::unknown}) {
            AmEdge edge;
            edge.store.answer.verdict = verdict;
            const Response response = edge.serve(request);
            EXPECT_EQ(outline(response), expected);
            EXPECT_EQ(header(response, "Content-API-Version"), content_version);
            EXPECT_EQ(edge.trace.result, result);
            EXPECT_EQ(edge.store.orders.at(0).act, Act::decide);
        }
        for (const auto& [answer, status] : {std::pair{answer_of(Verdict::unauthenticated), 401},
                                             std::pair{answer_of(Verdict::forbidden), 403},
                                             std::pair{answer_of(Kind::unavailable), 503},
                                             std::pair{answer_of(Kind::uncertain), 503},
                                             std::pair{answer_of(Kind::broken), 500}}) {
            AmEdge edge;
            edge.store.answer = answer;
            const Response response = edge.serve(request);
            EXPECT_EQ(response.status, status);
            // Nothing was to be done, so nothing may have happened.
            EXPECT_EQ(response.body.find("may have"), std::string_view::npos);
            EXPECT_EQ(header(response, "Content-API-Version"),
                      status < 500 ? kNone : content_version);
        }
    }
}

TEST(AmStore, UniversalIds) {
    const auto edge_for = [](AmEdge& edge, std::string_view user, Verdict verdict) {
        AmRequest request;
        const std::string path = "/json/realms/root/realms/Alpha/realms/eu/users/" +
                                 std::string(user) + "/devices/2fa/oath";
        request.path = path;
        edge.store.answer.verdict = verdict;
        return outline(edge.serve(request));
    };
    constexpr std::string_view kSame = "id%3Ddemo%2Cou%3Duser%2Co%3Deu%2Co%3Dalpha%2Cou%3Dservices";
    constexpr std::string_view kOther = "id%3Ddemo%2Cou%3Duser%2Co%3Dalpha%2Cou%3Dservices";

    AmEdge same;
    EXPECT_EQ(edge_for(same, kSame, Verdict::done), kOk);
    EXPECT_EQ(same.store.orders[0].target.user, "demo");
    EXPECT_EQ(same.store.orders[0].target.realm, "/Alpha/eu");
    EXPECT_EQ(same.store.orders[0].act, Act::reset);

    AmEdge unknown;
    EXPECT_EQ(edge_for(unknown, kSame, Verdict::unknown),
              R"(404 {"code":404,"reason":"Not Found","message":)"
              R"("User id=demo,ou=user,o=eu,o=alpha,ou=services not found"})");

    for (const Verdict verdict : {Verdict::done, Verdict::nothing, Verdict::unknown}) {
        AmEdge other;
        EXPECT_EQ(edge_for(other, kOther, verdict),
                  R"(404 {"code":404,"reason":"Not Found","message":)"
                  R"("User id=demo,ou=user,o=alpha,ou=services not found"})");
        EXPECT_EQ(other.store.orders[0].act, Act::decide);
        EXPECT_FALSE(other.store.orders[0].self_allowed);
        EXPECT_EQ(other.store.orders[0].target.user, "id=demo,ou=user,o=alpha,ou=services");
        EXPECT_EQ(other.trace.result, Result::unknown);
    }

    AmEdge exact;
    exact.settings.subject_case = SubjectCase::exact;
    edge_for(exact, kSame, Verdict::done);
    EXPECT_EQ(exact.store.orders[0].act, Act::decide);
}

TEST(AmStore, SuspendsAndComesBackThroughTheScheduler) {
    AmEdge edge;
    edge.store.suspends = true;
    EXPECT_EQ(edge.start(AmRequest()), Driver::State::suspended);
    EXPECT_EQ(edge.trace.result, Result::undecided);
    EXPECT_EQ(edge.resume(), Driver::State::done);
    EXPECT_EQ(outline(edge.response()), kOk);
    EXPECT_EQ(edge.trace.result, Result::ok);
}

TEST(AmStore, AClientThatLeavesEndsIt) {
    AmEdge edge;
    edge.store.suspends = true;
    EXPECT_EQ(edge.start(AmRequest()), Driver::State::suspended);
    edge.driver.cancel();
    EXPECT_EQ(edge.driver.state(), Driver::State::cancelled);
    EXPECT_EQ(edge.trace.result, Result::undecided);
}

TEST(AmStore, NoMemoryIsNoResponse) {
    std::size_t needed = 0;
    {
        AmEdge edge;
        edge.serve(AmRequest());
        needed = edge.memory.pieces();
    }
    EXPECT_LT(needed, 8U);
    for (std::size_t count = 0; count < needed; ++count) {
        AmEdge edge;
        edge.memory.fail_after(count);
        EXPECT_EQ(edge.start(AmRequest()), Driver::State::done);
        EXPECT_FALSE(edge.driver.response().has_value()) << count;
    }
}

TEST(AmTrace, SaysWhoWhatAndWhom) {
    struct Case {
        Decision answer;
        std::string_view caller;
    };
    for (const auto& [answer, caller] : {
             Case{answer_of(Verdict::done, "amAdmin", "/", "id=amAdmin,ou=user,dc=x"),
                  "id=amAdmin,ou=user,dc=x"},
             Case{answer_of(Verdict::done, "amAdmin", "/"), "/amAdmin"},
             Case{answer_of(Verdict::forbidden, "eve", "/alpha/eu"), "/alpha/eu/eve"},
             Case{answer_of(Verdict::unauthenticated), ""},
         }) {
        AmEdge edge;
        edge.store.answer = answer;
        edge.serve(AmRequest());
        EXPECT_EQ(edge.trace.caller, caller);
        EXPECT_EQ(edge.trace.action, "reset-oath");
        EXPECT_EQ(edge.trace.realm, "/mySubrealm");
        EXPECT_EQ(edge.trace.target, "myUser");
    }
}

TEST(AmTrace, ActionIsNamedForResetsOnly) {
    const auto action = [](std::string_view method, std::string_view path, std::string_view query) {
        AmRequest request;
        request.method = method;
        request.path = path;
        request.query = query;
        return Answered(request).edge.trace.action;
    };
    constexpr std::string_view kPush = "/json/realms/root/users/demo/devices/2fa/push/";
    EXPECT_EQ(action("POST", kPush, "_action=reset"), "reset-push");
    EXPECT_EQ(action("POST", kPush, "_action=other"), "");
    EXPECT_EQ(action("POST", kPush, "_action=reset&_action=reset"), "reset-push");
    EXPECT_EQ(action("GET", kPush, "_action=reset"), "");
    EXPECT_EQ(action("POST", "/json/realms/root/users/demo/devices/2fa/push/x", "_action=reset"),
              "");
    EXPECT_EQ(action("POST", "/json/realms/root/users", "_action=reset"), "");
}

TEST(AmTrace, NeverHoldsTheToken) {
    for (const Verdict verdict : {Verdict::done, Verdict::unauthenticated, Verdict::forbidden}) {
        for (const std::string_view token : {"SECRET", "SECRET<bad>"}) {
            AmEdge edge;
            edge.store.answer.verdict = verdict;
            const Response response = edge.serve(AmRequest().replace("iplanetDirectoryPro", token));
            std::string all(response.body);
            for (const std::string_view text :
                 {edge.trace.reason, edge.trace.caller, edge.trace.target, edge.trace.realm,
                  edge.trace.action}) {
                all += text;
            }
            EXPECT_EQ(all.find("SECRET"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace mfa_reset::test
