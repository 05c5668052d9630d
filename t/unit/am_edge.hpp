// One AM location, and a reset that is right.
#pragma once

#include <array>
#include <string>

#include "am/api.hpp"
#include "am_fake_store.hpp"
#include "am_settings.hpp"
#include "edge.hpp"

namespace mfa_reset::test {

using am::Act;
using am::Decision;
using am::Factor;
using am::Order;

inline constexpr std::array kAmHeaders{Header{"Content-Type", "application/json"},
                                       Header{"Accept-API-Version", "resource=1.0"},
                                       Header{"iplanetDirectoryPro", "AQIC5w.2NzEz*"}};
inline constexpr GoodRequest kAmReset{
    "POST", "/openam/json/realms/root/realms/mySubrealm/users/myUser/devices/2fa/oath",
    "_action=reset", kAmHeaders, "{}"};
using AmRequest = EdgeRequest<kAmReset>;

struct AmEdge : Edge<am::AmApi, am::Settings, FakeAmStore, AmRequest> {
    AmEdge() : Edge(am_settings()) {}
};

/// The response to one request, with a store that says `done`.
struct Answered {
    explicit Answered(const AmRequest& request) { response = edge.serve(request); }

    AmEdge edge;
    Response response;
};

/// `404 {"code":404,…}`: what most tests compare.
inline std::string outline(const Response& response) {
    return std::to_string(response.status) + " " + std::string(response.body);
}

inline std::string outline(const AmRequest& request) { return outline(Answered(request).response); }

}  // namespace mfa_reset::test
