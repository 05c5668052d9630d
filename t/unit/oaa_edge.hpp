// One OAA location, and a reset that is right.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "edge.hpp"
#include "oaa/api.hpp"
#include "oaa_fake_store.hpp"

namespace mfa_reset::test {

using oaa::ResetAnswer;
using oaa::ResetOrder;

/// By `portal` with the key `k:1`.
inline constexpr std::array kOaaHeaders{Header{"Content-Type", "application/json"},
                                        Header{"authorization", "Basic cG9ydGFsOms6MQ=="}};
inline constexpr GoodRequest kOaaReset{
    "DELETE", "/oaa/runtime/challengecounter/v1",
    "challengeType=ChallengeOMATOTP&contextId=edbe55c6-438f-448f-a742-9925b6471fe1", kOaaHeaders,
    ""};
using OaaRequest = EdgeRequest<kOaaReset>;

struct OaaEdge : Edge<oaa::OaaApi, oaa::Settings, FakeOaaStore, OaaRequest> {
    OaaEdge() : Edge(make_settings()) {}

    static oaa::Settings make_settings() {
        auto users = auth::BasicUsers::read("portal:{PLAIN}k:1\nother:{PLAIN}k2\n");
        return {.users = std::get<auth::BasicUsers>(std::move(users))};
    }
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
