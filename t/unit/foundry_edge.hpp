// One Foundry location, and a reset that is right.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "edge.hpp"
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

inline constexpr std::array kFoundryHeaders{Header{"Accept", "application/json"},
                                            Header{"Content-Type", "application/json"},
                                            Header{"X-ss-id", "aXujm6"}};
inline constexpr GoodRequest kFoundryReset{
    "PUT", "/users/2fa/reset", "", kFoundryHeaders,
    R"({"targetUserId":"u-42","callerCode":"287082","organisationId":"org-7"})"};
using FoundryRequest = EdgeRequest<kFoundryReset>;

struct FoundryEdge
    : Edge<foundry::FoundryApi, foundry::Settings, FakeFoundryStore, FoundryRequest> {
    FoundryEdge() : Edge(foundry_settings()) {
        store.session = {{}, kAdminSession};
        store.devices = {{}, kProfiles, kNow, {}};
        store.code.verdict = CodeAnswer::Verdict::accepted;
    }
};

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
