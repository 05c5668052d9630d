// What the tests of each API begin with: a request that is right until a test breaks something in
// it, and one location with a store of the test's. NAME_edge.hpp has both for the API.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange.hpp"

namespace mfa_reset::test {

/// A request that an API does.
struct GoodRequest {
    std::string_view method;
    std::string_view path;
    std::string_view query;
    std::span<const Header> headers;
    std::string_view body;
};

/// A request that is `Good` until a test changes it. Text given to it must outlive the exchange.
template <const GoodRequest& Good>
struct EdgeRequest {
    std::string_view method = Good.method;
    std::string_view path = Good.path;
    std::string_view query = Good.query;
    std::vector<Header> headers{Good.headers.begin(), Good.headers.end()};
    std::string_view body = Good.body;
    Request::Body body_state = Request::Body::complete;

    EdgeRequest& without(std::string_view name) {
        std::erase_if(headers, [name](const Header& header) { return header.name == name; });
        return *this;
    }
    EdgeRequest& with(std::string_view name, std::string_view value) {
        headers.push_back({name, value});
        return *this;
    }
    EdgeRequest& replace(std::string_view name, std::string_view value) {
        return without(name).with(name, value);
    }
    EdgeRequest& accept(std::string_view value) { return with("Accept", value); }
    EdgeRequest& credentials(std::string_view value) {
        return without("authorization").with("Authorization", value);
    }
};

/// One location of the API `Served`.
template <class Served, class Settings, class Store, class Sent>
class Edge {
public:
    explicit Edge(Settings configured) : settings(std::move(configured)) {}

    Response serve(const Sent& request) {
        const Driver::State state = start(request);
        EXPECT_EQ(state, Driver::State::done);
        return response();
    }
    Driver::State start(const Sent& request) {
        sent_ = request;
        raw_ = {.method = sent_.method,
                .path = sent_.path,
                .query = sent_.query,
                .headers = sent_.headers,
                .remote_address = "192.0.2.7",
                .body = sent_.body,
                .body_state = sent_.body_state};
        if constexpr (std::copy_constructible<Settings>) {
            api_.emplace(settings, store);
        } else {
            api_.emplace(std::move(settings), store);
        }
        return exchange_.start(*api_, raw_);
    }
    Driver::State resume() { return exchange_.resume(); }

    /// Of status 599, which no API sends, if there is no response.
    Response response() const {
        Response none;
        none.status = 599;
        return driver.response().value_or(none);
    }

    Settings settings;
    Store store;

private:
    Sent sent_;
    Request raw_;
    std::optional<Served> api_;
    Exchange exchange_;

public:
    FakeFetcher& fetcher = exchange_.fetcher;
    FakeScheduler& scheduler = exchange_.scheduler;
    Trace& trace = exchange_.trace;
    RequestMemory& memory = exchange_.memory;
    Driver& driver = exchange_.driver;
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

}  // namespace mfa_reset::test
