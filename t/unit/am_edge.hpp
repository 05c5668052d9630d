// One AM location with a store of the test's, and requests to it that are right until a test breaks
// something in them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "am/api.hpp"
#include "am_fake_store.hpp"
#include "am_settings.hpp"
#include "fakes.hpp"

namespace mfa_reset::test {

using am::Act;
using am::Factor;
using am::ResetAnswer;
using am::ResetOrder;

/// A good reset. Text given to it must outlive the exchange.
struct AmRequest {
    std::string_view method = "POST";
    std::string_view path =
        "/openam/json/realms/root/realms/mySubrealm/users/myUser/devices/2fa/oath";
    std::string_view query = "_action=reset";
    std::vector<Header> headers{{"Content-Type", "application/json"},
                                {"Accept-API-Version", "resource=1.0"},
                                {"iplanetDirectoryPro", "AQIC5w.2NzEz*"}};
    std::string_view body = "{}";
    Request::Body body_state = Request::Body::complete;

    AmRequest& without(std::string_view name) {
        std::erase_if(headers, [name](const Header& header) { return header.name == name; });
        return *this;
    }
    AmRequest& with(std::string_view name, std::string_view value) {
        headers.push_back({name, value});
        return *this;
    }
    AmRequest& replace(std::string_view name, std::string_view value) {
        return without(name).with(name, value);
    }
};

/// One exchange, and what is left of it to look at.
class AmEdge {
public:
    Response serve(const AmRequest& request) {
        const Driver::State state = start(request);
        EXPECT_EQ(state, Driver::State::done);
        return response();
    }

    Driver::State start(const AmRequest& request) {
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

    am::Settings settings = am_settings();
    FakeAmStore store;
    FakeFetcher fetcher;
    FakeScheduler scheduler;
    Trace trace;
    RequestMemory memory;

private:
    AmRequest sent_;
    Request request_;
    std::optional<am::AmApi> api_;
    Services services_{memory, scheduler, trace, Services::Milliseconds::max(), &fetcher};

public:
    Driver driver;  ///< ends first: its coroutine refers to all of the above
};

/// The response to one request, with a store that says `done`.
struct Answered {
    explicit Answered(const AmRequest& request) { response = edge.serve(request); }

    AmEdge edge;
    Response response;
};

inline std::string_view header(const Response& response, std::string_view name) {
    for (const auto headers : {response.common_headers, response.headers()}) {
        for (const Header& each : headers) {
            if (each.name == name) {
                return each.value;
            }
        }
    }
    return "(none)";
}

/// `404 {"code":404,…}`: what most tests compare.
inline std::string outline(const Response& response) {
    return std::to_string(response.status) + " " + std::string(response.body);
}

inline std::string outline(const AmRequest& request) { return outline(Answered(request).response); }

}  // namespace mfa_reset::test
