// One OAA location with a store of the test's, and requests to it that are right until a test
// breaks something in them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fakes.hpp"
#include "oaa/api.hpp"
#include "oaa_fake_store.hpp"

namespace mfa_reset::test {

using oaa::ResetAnswer;
using oaa::ResetOrder;

/// A good reset, by `portal` with the key `k:1`. Text given to it must outlive the exchange.
struct OaaRequest {
    std::string_view method = "DELETE";
    std::string_view query =
        "challengeType=ChallengeOMATOTP&contextId=edbe55c6-438f-448f-a742-9925b6471fe1";
    std::vector<Header> headers{{"Content-Type", "application/json"},
                                {"authorization", "Basic cG9ydGFsOms6MQ=="}};
    std::string_view body{};
    Request::Body body_state = Request::Body::complete;

    OaaRequest& without(std::string_view name) {
        std::erase_if(headers, [name](const Header& header) { return header.name == name; });
        return *this;
    }
    OaaRequest& with(std::string_view name, std::string_view value) {
        headers.push_back({name, value});
        return *this;
    }
    OaaRequest& accept(std::string_view value) { return with("Accept", value); }
    OaaRequest& credentials(std::string_view value) {
        return without("authorization").with("Authorization", value);
    }
};

class OaaEdge {
public:
    static oaa::Settings make_settings() {
        auto users = auth::BasicUsers::read("portal:{PLAIN}k:1\nother:{PLAIN}k2\n");
        return {.users = std::get<auth::BasicUsers>(std::move(users))};
    }

    Response serve(const OaaRequest& request) {
        EXPECT_EQ(start(request), Driver::State::done);
        return response();
    }

    Driver::State start(const OaaRequest& request) {
        sent_ = request;
        request_ = {.method = sent_.method,
                    .path = "/oaa/runtime/challengecounter/v1",
                    .query = sent_.query,
                    .headers = sent_.headers,
                    .remote_address = "192.0.2.7",
                    .body = sent_.body,
                    .body_state = sent_.body_state};
        api_.emplace(std::move(settings), store);
        return driver.start(api_->serve(request_, services_));
    }
    Driver::State resume() { return driver.resume(scheduler.take()); }

    /// Of status 599, which nobody sends, where there is none.
    Response response() const {
        Response none;
        none.status = 599;
        return driver.response().value_or(none);
    }

    oaa::Settings settings = make_settings();
    FakeOaaStore store;
    FakeScheduler scheduler;
    Trace trace;
    RequestMemory memory;

private:
    OaaRequest sent_;
    Request request_;
    std::optional<oaa::OaaApi> api_;
    Services services_{memory, scheduler, trace};

public:
    Driver driver;  ///< ends first: its coroutine refers to all of the above
};

/// `404 application/json {…}` and the headers beside: what most tests compare.
inline std::string written(const Response& response) {
    std::string text = std::to_string(response.status) + " " + std::string(response.content_type) +
                       " " + std::string(response.body);
    for (const Header& header : response.headers()) {
        text += "\n" + std::string(header.name) + ": " + std::string(header.value);
    }
    return text;
}

}  // namespace mfa_reset::test
