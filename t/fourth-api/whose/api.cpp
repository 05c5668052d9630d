// One request, from top to bottom: method, token, session.
#include "whose/api.hpp"

#include <algorithm>

#include "auth/token.hpp"
#include "format/ascii.hpp"
#include "format/json.hpp"
#include "format/text.hpp"

namespace mfa_reset::whose {

namespace {

/// Another answer than whose session it is. `code` is for the client, `reason` for the log.
struct Refusal {
    int status;
    Result result;
    std::string_view code;
    std::string_view reason;
};

Response refuse(const Refusal& refusal, Services& services) {
    services.trace().result = refusal.result;
    services.trace().reason = refusal.reason;
    format::Text body(services.memory());
    format::JsonObject(body, false).string("refused", refusal.code).end();
    Response response;
    response.status = refusal.status;
    response.content_type = "application/json";
    response.body = body.view();
    return response;
}

Response refuse(const Failure& failure, Services& services) {
    switch (failure.kind) {
        case Failure::Kind::unavailable:
            return refuse({503, Result::unavailable, "later", failure.why}, services);
        case Failure::Kind::uncertain:
        case Failure::Kind::broken: break;
    }
    return refuse({500, Result::uncertain, "broken", failure.why}, services);
}

Response answer(const Owner& owner, Services& services) {
    services.trace().result = Result::ok;
    services.trace().caller = owner.user;
    services.trace().realm = owner.realm;
    format::Text body(services.memory());
    format::JsonObject(body, false).string("user", owner.user).string("realm", owner.realm).end();
    Response response;
    response.status = 200;
    response.content_type = "application/json";
    response.body = body.view();
    return response;
}

/// Empty: there is no token that could be one.
std::string_view read_token(const Request& request, std::string_view header) noexcept {
    const auto found = std::ranges::find_if(request.headers, [header](const Header& each) {
        return format::equal_ignoring_case(each.name, header);
    });
    return found != request.headers.end() && auth::is_token(found->value) ? found->value
                                                                          : std::string_view{};
}

}  // namespace

Task<Response> WhoseApi::serve(const Request& request, Services& services) const {
    services.trace().action = "whose";
    if (request.method != "GET") {
        co_return refuse({405, Result::unknown, "method", "a method other than GET"}, services);
    }
    const std::string_view token = read_token(request, settings_.header);
    if (token.empty()) {
        co_return refuse({401, Result::unauthenticated, "token", "no token"}, services);
    }
    auto finding = store_.find_owner(token, services);
    const OwnerAnswer found = co_await finding;
    if (found.failure) {
        co_return refuse(*found.failure, services);
    }
    if (!found.owner) {
        co_return refuse({401, Result::unauthenticated, "session", "no such session"}, services);
    }
    co_return answer(*found.owner, services);
}

}  // namespace mfa_reset::whose
