// One reset, from the request to the answer. The order of the checks is part of the contract: it
// decides which error wins, and what a client that may not do a thing learns about it.
#include "am/api.hpp"

#include "am/acts.hpp"
#include "am/bearer.hpp"
#include "am/checks.hpp"
#include "am/correlation.hpp"
#include "am/decision.hpp"
#include "am/guard.hpp"
#include "am/request.hpp"
#include "am/response.hpp"
#include "am/session.hpp"
#include "am/session_info.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

/// The first refusal of `checks`.
template <class... Checks>
std::optional<Refusal> first_refusal(const ParsedRequest& request, Checks... checks) {
    std::optional<Refusal> refusal;
    static_cast<void>(((refusal = checks(request)).has_value() || ...));
    return refusal;
}

/// What the log calls the action: `reset-oath`.
std::string_view name_of(const ParsedRequest& request) {
    const auto of_factor = [&request](std::string_view verb) {
        return format::concat(request.memory, verb, "-", name_of(request.path.factor));
    };
    switch (request.action) {
        case Action::none: break;
        case Action::reset:
            return request.path.factor == Factor::oath ? "reset-oath" : "reset-push";
        case Action::skip: return of_factor("skip");
        case Action::check: return of_factor("check");
        case Action::query: return of_factor("list");
        case Action::read: return of_factor("read");
        case Action::remove: return of_factor("delete");
        case Action::rename: return of_factor("rename");
        case Action::overview: return "overview";
        case Action::events: return "events";
        case Action::session_info: return "session-info";
    }
    return {};
}

/// What the log can say whatever becomes of the request.
void describe(const ParsedRequest& request, Trace& trace) {
    trace.trace = trace_of(request.headers);
    if (request.path.fault != Path::Fault::none) {
        return;
    }
    trace.realm = request.realm;
    trace.target = request.path.user;
    trace.action = name_of(request);
}

/// A caller who may act on a user may look; so may the user, whatever mfa_reset_am_self says.
Order make_order(const ParsedRequest& request, std::span<const Administrator> administrators) {
    const SelfService& self = request.settings.self;
    const bool changes = is_change(request.action) || request.action == Action::none;
    return {.api = "am",
            .token = request.headers.token(),
            .caller = {},
            .administrators = administrators,
            .target = request.target.subject,
            .factor = request.path.factor,
            .subject_case = request.settings.subject_case,
            .self_allowed = (self.allowed || !changes) && request.target.in_realm,
            .self_level = changes ? std::string_view{self.level} : std::string_view{},
            .act = Act::decide,
            .remote_address = request.raw.remote_address};
}

/// 7, where AM is asked.
std::optional<Refusal> check_session(const ParsedRequest& request, const Session& session) {
    switch (session.state) {
        case Session::State::known: break;
        case Session::State::none: {
            Refusal refusal = kNoSession;
            refusal.reason = session.why.empty() ? refusal.reason : session.why;
            return refusal;
        }
        case Session::State::forbidden:
            return Refusal{
                .status = 403,
                .result = Result::forbidden,
                .message = format::concat(request.memory, "User, ", session.caller.universal_id,
                                          ", not authorized."),
                .reason = session.why};
        case Session::State::unknown:
            return Refusal{.status = 503,
                           .result = Result::unavailable,
                           .message = kUnavailable,
                           .reason = session.why,
                           .by_action = request.version_served()};
    }
    return std::nullopt;
}

/// 7, if the records do not know the caller: asks who it is, and says so in `order`. An access
/// token's caller is the administrator `of_token`, which `order` views, and nothing else.
Task<std::optional<Refusal>> identify(const ParsedRequest& request, Administrator& of_token,
                                      Order& order, Store& store, Services& services) {
    const bool is_bearer = bearer_of(request).has_value();
    if (!is_bearer && request.settings.session.question.uri.empty()) {
        co_return std::nullopt;
    }
    auto finding =
        is_bearer ? introspect(request, store, services) : find_session(request, store, services);
    const Session session = co_await finding;
    describe_caller(session.caller, services.trace(), services.memory());
    if (auto refusal = check_session(request, session)) {
        co_return refusal;
    }
    order.caller = session.caller;
    if (is_bearer) {
        of_token = {session.caller.universal_id, {}, request.settings.bearer.realm};
        order.administrators = {&of_token, 1};
        order.self_allowed = false;
    }
    co_return std::nullopt;
}

}  // namespace

AmApi::AmApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {
    for (const AdministratorSetting& each : settings_.administrators) {
        administrators_.push_back({each.name, each.in, each.realm});
    }
}

bool AmApi::claims(const Request& raw, Memory& memory) const {
    const ParsedRequest request = parse_request(raw, settings_, memory);
    return request.is_ours() || is_unsure(request);
}

Task<Response> AmApi::serve(const Request& raw, Services& services) const {
    Trace& trace = services.trace();
    const ParsedRequest request = parse_request(raw, settings_, services.memory());
    describe(request, trace);

    if (const auto refusal = first_refusal(request, check_encoding, check_guard, check_csrf,
                                           check_version_syntax, check_realm)) {
        co_return refused(*refusal, request, trace);
    }
    if (request.method == "OPTIONS") {
        co_return allow(request.manner);
    }
    if (const auto refusal = first_refusal(request, check_crest, check_route, check_token)) {
        co_return refused(*refusal, request, trace);
    }
    if (request.action == Action::session_info) {
        auto telling = tell_session(request, store_, services);
        co_return co_await telling;
    }

    // Authentication, authorization and the act are one step of the store.
    Order order = make_order(request, administrators_);
    Administrator of_token;
    auto identifying = identify(request, of_token, order, store_, services);
    if (const auto refusal = co_await identifying) {
        co_return refused(*refusal, request, trace);
    }
    auto performing = perform(request, order, store_, services);
    co_return co_await performing;
}

}  // namespace mfa_reset::am
