// One Foundry location with a store of the test's, and requests to it that are right until a test
// breaks something in them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakes.hpp"
#include "foundry/api.hpp"
#include "foundry_fake_store.hpp"
#include "foundry_settings.hpp"

namespace mfa_reset::test {

using foundry::CodeAnswer;
using foundry::CodeOrder;
using foundry::ResetAnswer;
using foundry::ResetOrder;

/// RFC 6238's secret of 20 bytes, whose code at second 59 is 287082 (appendix B, its last 6
/// digits).
inline constexpr std::string_view kProfiles =
    R"([{"uuid":"d569bb53","recoveryCodes":[],"sharedSecret":"3132333435363738393031323334353637383930","deviceName":"OATH Device","lastLogin":0,"counter":0,"checksumDigit":false,"truncationOffset":0,"clockDriftSeconds":0}])";
inline constexpr std::int64_t kNow = 59;
inline constexpr std::string_view kCode = "287082";

/// A session of an administrator in org-7.
inline constexpr std::string_view kAdminSession =
    R"({"__type":"ServiceStack.AuthUserSession, ServiceStack","id":"aXujm6","userAuthId":"1","roles":["Admin"],"permissions":["reset2fa"],"organisationId":"org-7","isAuthenticated":true})";

/// A good reset. Text given to it must outlive the exchange.
struct FoundryRequest {
    std::string_view method = "PUT";
    std::string_view path = "/users/2fa/reset";
    std::string_view query{};
    std::vector<Header> headers{{"Accept", "application/json"},
                                {"Content-Type", "application/json"},
                                {"X-ss-id", "aXujm6"}};
    std::string_view body =
        R"({"targetUserId":"u-42","callerCode":"287082","organisationId":"org-7"})";
    Request::Body body_state = Request::Body::complete;

    FoundryRequest& without(std::string_view name) {
        std::erase_if(headers, [name](const Header& header) { return header.name == name; });
        return *this;
    }
    FoundryRequest& with(std::string_view name, std::string_view value) {
        headers.push_back({name, value});
        return *this;
    }
    FoundryRequest& replace(std::string_view name, std::string_view value) {
        return without(name).with(name, value);
    }
};

/// One exchange, and what is left of it to look at.
class FoundryEdge {
public:
    FoundryEdge() {
        store.session = {{}, kAdminSession};
        store.devices = {{}, kProfiles, kNow, {}};
        store.code.verdict = CodeAnswer::Verdict::accepted;
    }

    Response serve(const FoundryRequest& request) {
        const Driver::State state = start(request);
        EXPECT_EQ(state, Driver::State::done);
        return response();
    }

    Driver::State start(const FoundryRequest& request) {
        sent_ = request;
        request_ = {.method = sent_.method,
                    .path = sent_.path,
                    .query = sent_.query,
                    .headers = sent_.headers,
                    .remote_address = "192.0.2.7",
                    .body = sent_.body,
                    .body_state = sent_.body_state};
        api_.emplace(settings, store);
        return driver.start(api_->serve(request_, services_));
    }
    Driver::State resume() { return driver.resume(scheduler.take()); }

    /// Of status 599, which nobody sends, where there is none.
    Response response() const {
        Response none;
        none.status = 599;
        return driver.response().value_or(none);
    }

    foundry::Settings settings = foundry_settings();
    FakeFoundryStore store;
    FakeScheduler scheduler;
    Trace trace;
    RequestMemory memory;

private:
    FoundryRequest sent_;
    Request request_;
    std::optional<foundry::FoundryApi> api_;
    Services services_{memory, scheduler, trace};

public:
    Driver driver;  ///< ends first: its coroutine refers to all of the above
};

inline std::string_view foundry_header(const Response& response, std::string_view name) {
    for (const Header& each : response.headers()) {
        if (each.name == name) {
            return each.value;
        }
    }
    return "(none)";
}

/// `404 NotFound`: the status and the JSON body's errorCode; the body alone where there is none.
inline std::string foundry_outline(const Response& response) {
    constexpr std::string_view kMember = "\"errorCode\":\"";
    const std::string_view body = response.body;
    const std::size_t at = body.find(kMember);
    const std::string_view rest =
        at == std::string_view::npos ? body : body.substr(at + kMember.size());
    return std::to_string(response.status) + " " +
           std::string(at == std::string_view::npos ? rest : rest.substr(0, rest.find('"')));
}

/// The same of one request, with a store that says yes to everything.
inline std::string foundry_outline(const FoundryRequest& request) {
    FoundryEdge edge;
    return foundry_outline(edge.serve(request));
}

}  // namespace mfa_reset::test
