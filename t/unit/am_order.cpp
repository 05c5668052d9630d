// The order of the checks: a request that fails two of them is told of the earlier one.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "am_edge.hpp"

namespace mfa_reset::test {
namespace {

using Verdict = Decision::Verdict;

/// One way to fail, and what is said of it.
struct Failure {
    std::string name;
    int status;
    std::string says;
    std::function<void(AmRequest&, AmEdge&)> fail;
};

void append_query(AmRequest& request, std::string_view text, AmEdge& edge) {
    std::string query(request.query);
    query.append("&").append(text);
    request.query = copy(query, edge.memory);
}

void append_path(AmRequest& request, std::string_view text, AmEdge& edge) {
    std::string path(request.path);
    path.append(text);
    request.path = copy(path, edge.memory);
}

/// In the contract's order. Each can be combined with every later one.
const std::vector<Failure> kFailures{
    {"encoding", 400, "bad percent-encoding",
     [](AmRequest& request, AmEdge& edge) { append_query(request, "x=%", edge); }},
    {"path", 400, "empty path elements",
     [](AmRequest& request, AmEdge& edge) { append_path(request, "//", edge); }},
    {"csrf", 403, R"("message":"Forbidden")",
     [](AmRequest& request, AmEdge&) {
         request.without("Accept-API-Version").with("Cookie", "iPlanetDirectoryPro=c");
     }},
    {"version syntax", 400, "invalid format",
     [](AmRequest& request, AmEdge&) { request.replace("Accept-API-Version", "v1"); }},
    {"realm", 404, "Realm ",
     [](AmRequest& request, AmEdge& edge) {
         std::string path(request.path);
         path.replace(path.find("mySubrealm"), 2, "m%2F");
         request.path = copy(path, edge.memory);
     }},
    {"protocol version", 400, "Unsupported major version",
     [](AmRequest& request, AmEdge&) {
         request.replace("Accept-API-Version", "resource=1.0,protocol=3");
     }},
    {"content type", 400, "content-type",
     [](AmRequest& request, AmEdge&) { request.replace("Content-Type", "text/plain"); }},
    {"modified since", 409, "If-Modified-Since",
     [](AmRequest& request, AmEdge&) { request.with("If-Modified-Since", "x"); }},
    {"unmodified since", 409, "If-Unmodified-Since",
     [](AmRequest& request, AmEdge&) { request.with("If-Unmodified-Since", "x"); }},
    {"none match", 412, "If-None-Match",
     [](AmRequest& request, AmEdge&) { request.with("If-None-Match", "x"); }},
    {"match", 412, "If-Match", [](AmRequest& request, AmEdge&) { request.with("If-Match", "x"); }},
    {"action", 400, "parameter '_action'",
     [](AmRequest& request, AmEdge& edge) { append_query(request, "_action=reset", edge); }},
    {"body", 400, "not valid JSON", [](AmRequest& request, AmEdge&) { request.body = "{"; }},
    {"remaining parameters", 400, "_mimeType",
     [](AmRequest& request, AmEdge& edge) { append_query(request, "_mimeType=x", edge); }},
    {"route", 404, "Resource 'a/b'",
     [](AmRequest& request, AmEdge& edge) { append_path(request, "/a/b", edge); }},
    {"no token", 401, "Access Denied",
     [](AmRequest& request, AmEdge&) { request.without("iplanetDirectoryPro"); }},
    {"no session", 401, "Access Denied",
     [](AmRequest&, AmEdge& edge) { edge.store.answer.verdict = Verdict::unauthenticated; }},
    {"not allowed", 403, "User, id=eve, not authorized.",
     [](AmRequest&, AmEdge& edge) {
         // A session that is not there has no verdict on its rights.
         if (edge.store.answer.verdict == Verdict::done) {
             edge.store.answer = answer_of(Verdict::forbidden, "eve", "/");
         }
     }},
    {"resource version", 404, "Resource ''",
     [](AmRequest& request, AmEdge&) {
         request.without("Accept-API-Version").with("Accept-API-Version", "resource=2.0");
     }},
    {"unknown action", 501, R"("message":"Not Implemented")",
     [](AmRequest& request, AmEdge&) { request.query = "_action=other"; }},
    {"unknown user", 404, "User myUser",
     [](AmRequest&, AmEdge& edge) {
         if (edge.store.answer.verdict == Verdict::done) {
             edge.store.answer.verdict = Verdict::unknown;
         }
     }},
};

/// Failures that undo one another: both set the same header, or the same part of the query.
bool exclude(const std::string& first, const std::string& second) {
    const auto sets_version = [](const std::string& name) {
        return name == "csrf" || name == "version syntax" || name == "protocol version" ||
               name == "resource version";
    };
    const auto in_query = [](const std::string& name) {
        return name == "encoding" || name == "action" || name == "remaining parameters";
    };
    return (sets_version(first) && sets_version(second)) ||
           (in_query(first) && second == "unknown action");
}

TEST(AmOrder, EachFailureAlone) {
    for (const Failure& failure : kFailures) {
        AmEdge edge;
        AmRequest request;
        failure.fail(request, edge);
        const Response response = edge.serve(request);
        EXPECT_EQ(response.status, failure.status) << failure.name;
        EXPECT_NE(response.body.find(failure.says), std::string_view::npos) << response.body;
        EXPECT_NE(edge.trace.reason, "") << failure.name;
        EXPECT_NE(edge.trace.result, Result::undecided) << failure.name;
    }
}

TEST(AmOrder, TheEarlierFailureWins) {
    std::size_t pairs = 0;
    for (std::size_t first = 0; first < kFailures.size(); ++first) {
        for (std::size_t second = first + 1; second < kFailures.size(); ++second) {
            const Failure& earlier = kFailures[first];
            const Failure& later = kFailures[second];
            if (exclude(earlier.name, later.name)) {
                continue;
            }
            ++pairs;
            AmEdge edge;
            AmRequest request;
            earlier.fail(request, edge);
            later.fail(request, edge);
            const Response response = edge.serve(request);
            EXPECT_EQ(response.status, earlier.status) << earlier.name << " and " << later.name;
            EXPECT_NE(response.body.find(earlier.says), std::string_view::npos)
                << earlier.name << " and " << later.name << ": " << response.body;
        }
    }
    EXPECT_EQ(pairs, 21U * 20U / 2U - 9U);
}

TEST(AmOrder, PairsOfTheVersionHeader) {
    // What the table cannot combine: all of these read one header. CSRF and a bad version never
    // meet, as a version, be it bad, is what CSRF asks for.
    AmRequest csrf;
    csrf.without("Accept-API-Version")
        .with("Accept-API-Version", "")
        .with("Cookie", "iPlanetDirectoryPro=c");
    EXPECT_EQ(outline(csrf.with("Accept-API-Version", "v1")),
              R"(403 {"code":403,"reason":"Forbidden","message":"Forbidden"})");
    EXPECT_EQ(outline(AmRequest().replace("Accept-API-Version", "protocol=3.0,resource=v")),
              "400 Version string is in an invalid format: protocol=3.0,resource=v");
    EXPECT_EQ(
        outline(AmRequest().replace("Accept-API-Version", "protocol=3.0,resource=2.0")),
        R"(400 {"code":400,"reason":"Bad Request","message":"Unsupported major version: 3.0"})");
}

TEST(AmOrder, NothingIsAskedOfTheStoreBeforeTheToken) {
    for (const Failure& failure : kFailures) {
        if (failure.name == "no session") {
            break;
        }
        AmEdge edge;
        AmRequest request;
        failure.fail(request, edge);
        edge.serve(request);
        EXPECT_TRUE(edge.store.orders.empty()) << failure.name;
    }
}

TEST(AmOrder, OptionsPassesWhatComesBeforeCrestOnly) {
    AmRequest request;
    request.method = "OPTIONS";
    request.body = "{";
    EXPECT_EQ(Answered(request.replace("Content-Type", "text/plain")).response.status, 200);
    EXPECT_EQ(Answered(request.replace("Accept-API-Version", "v1")).response.status, 400);
    request.replace("Accept-API-Version", "resource=1.0");
    request.path = "/json/realms/root/realms/a%2Fb/users/demo/devices/2fa/oath";
    EXPECT_EQ(Answered(request).response.status, 404);
}

}  // namespace
}  // namespace mfa_reset::test
