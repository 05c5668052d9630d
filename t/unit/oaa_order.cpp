// The order of the checks: a request that fails two of them is told of the earlier one.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "oaa_edge.hpp"

namespace mfa_reset::test {
namespace {

/// One way to fail, and what is said of it.
struct Failure {
    std::string_view name;
    int status;
    std::function<void(OaaRequest&, OaaEdge&)> fail;
};

/// Each can be combined with every later one.
const Failure kFailures[] = {
    {"credentials", 401,
     [](OaaRequest& request, OaaEdge&) { request.credentials("Basic cG9ydGFsOms6Mg=="); }},
    {"method", 405, [](OaaRequest& request, OaaEdge&) { request.method = "GET"; }},
    {"type", 406, [](OaaRequest& request, OaaEdge&) { request.accept("text/html"); }},
    {"body", 413,
     [](OaaRequest& request, OaaEdge&) { request.body_state = Request::Body::too_large; }},
    {"parameters", 404, [](OaaRequest& request, OaaEdge&) { request.query = "contextId=c"; }},
    {"store", 503,
     [](OaaRequest&, OaaEdge& edge) {
         edge.store.answer.failure = {mfa_reset::Failure::Kind::unavailable, kWhy};
     }},
};

TEST(OaaOrder, EarlierFailuresWin) {
    const std::size_t count = std::size(kFailures);
    for (std::size_t first = 0; first < count; ++first) {
        for (std::size_t second = first; second < count; ++second) {
            OaaRequest request;
            OaaEdge edge;
            kFailures[first].fail(request, edge);
            kFailures[second].fail(request, edge);
            EXPECT_EQ(edge.serve(request).status, kFailures[first].status)
                << kFailures[first].name << " and " << kFailures[second].name;
            EXPECT_EQ(edge.store.orders.size(), first == count - 1 ? 1U : 0U)
                << kFailures[first].name;
        }
    }
}

TEST(OaaOrder, NobodyWithoutCredentialsGetsAnythingElse) {
    for (const std::string_view method :
         {"DELETE", "OPTIONS", "HEAD", "GET", "POST", "delete", "X"}) {
        OaaEdge edge;
        OaaRequest request;
        request.without("authorization").method = method;
        EXPECT_EQ(edge.serve(request).status, 401) << method;
    }
}

TEST(OaaOrder, Methods) {
    for (const std::string_view method : {"HEAD", "GET", "POST", "PUT", "PATCH", "delete", "X"}) {
        OaaEdge edge;
        OaaRequest request;
        request.with("X-HTTP-Method-Override", "DELETE").method = method;
        EXPECT_EQ(edge.serve(request).status, 405) << method;
        EXPECT_TRUE(edge.store.orders.empty());
    }
}

}  // namespace
}  // namespace mfa_reset::test
