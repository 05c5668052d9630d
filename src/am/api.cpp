// One reset, from the request to the answer. The order of the checks is part of the contract: it
// decides which error wins, and what a client that may not do a thing learns about it.
#include "am/api.hpp"

#include "am/checks.hpp"
#include "am/guard.hpp"
#include "am/request.hpp"
#include "am/response.hpp"
#include "am/session.hpp"
#include "format/text.hpp"
#include "http/percent.hpp"

namespace mfa_reset::am {

namespace {

using Verdict = ResetAnswer::Verdict;

constexpr Refusal kNoSession{.status = 401,
                             .result = Result::unauthenticated,
                             .message = "Access Denied",
                             .reason = "no such session"};

constexpr std::string_view kUnavailable = "Service Unavailable";

/// The first refusal of `checks`.
template <class... Checks>
std::optional<Refusal> first_refusal(const ParsedRequest& request, Checks... checks) {
    std::optional<Refusal> refusal;
    static_cast<void>(((refusal = checks(request)).has_value() || ...));
    return refusal;
}

/// What the log can say whatever becomes of the request.
void describe(const ParsedRequest& request, Trace& trace) noexcept {
    if (request.path.fault != Path::Fault::none) {
        return;
    }
    trace.realm = request.realm;
    trace.target = request.path.user;
    if (request.path.place == Path::Place::devices && request.asks_reset()) {
        trace.action = request.path.factor == Factor::oath ? "reset-oath" : "reset-push";
    }
}

void describe_caller(const Caller& caller, Trace& trace, Memory& memory) {
    if (!caller.universal_id.empty()) {
        trace.caller = caller.universal_id;
    } else if (!caller.user.empty()) {
        trace.caller =
            http::path_below(http::encode_path(caller.realm, memory), caller.user, memory);
        trace.caller_encoded = true;
    }
}

/// Why the action is not done even for those who may do it; nothing where it is done.
std::optional<Refusal> check_act(const ParsedRequest& request) {
    constexpr Refusal kNotImplemented{.status = 501,
                                      .result = Result::unknown,
                                      .message = "Not Implemented",
                                      .reason = "an action other than reset",
                                      .by_action = true};
    constexpr Refusal kNotSupported{.status = 501,
                                    .result = Result::unknown,
                                    .message = "Operation is not supported.",
                                    .by_action = true};
    if (!request.version_served()) {
        const auto version = request.versions->resource;
        return Refusal{
            .status = 404,
            .result = Result::version,
            .message = "Resource '' not found",
            .reason = version ? format::concat(request.memory, "unsupported resource version ",
                                               to_text(*version, request.memory))
                              : "no resource version asked for, and none is the default"};
    }
    if (request.path.place == Path::Place::device || !request.parameters.action.given) {
        return kNotSupported;
    }
    return request.asks_reset() ? std::nullopt : std::optional(kNotImplemented);
}

Refusal refuse_unknown_user(const ParsedRequest& request) {
    return {.status = 404,
            .result = Result::unknown,
            .message = format::concat(request.memory, "User ", request.path.user, " not found"),
            .by_action = true};
}

/// 7 and 8: the store knows the caller's session and the rule who may reset whom.
std::optional<Refusal> check_caller(const ParsedRequest& request, const ResetAnswer& answer) {
    if (answer.verdict == Verdict::unauthenticated) {
        return kNoSession;
    }
    if (answer.verdict != Verdict::forbidden) {
        return std::nullopt;
    }
    const std::string_view id = answer.caller_universal_id;
    return Refusal{
        .status = 403,
        .result = Result::forbidden,
        .message = id.empty() ? format::concat(request.memory, "User, id=", answer.caller_user,
                                               ", not authorized.")
                              : format::concat(request.memory, "User, ", id, ", not authorized.")};
}

/// The store did not answer, or not what it may: never a success that did not happen.
Refusal refuse(const Failure& failure, const ParsedRequest& request, Act act) noexcept {
    Refusal refusal{.status = 503,
                    .result = Result::unavailable,
                    .message = kUnavailable,
                    .reason = failure.why,
                    .by_action = request.version_served()};
    if (failure.kind == Failure::Kind::broken) {
        refusal.status = 500;
        refusal.result = Result::uncertain;
        refusal.message = "Internal Server Error";
    } else if (failure.kind == Failure::Kind::uncertain && act == Act::reset) {
        // If no reset was ordered, none can have happened.
        refusal.result = Result::uncertain;
        refusal.detail = "The reset was sent and its answer was lost: it may have happened";
    }
    return refusal;
}

/// Every reason not to say that the reset was done, once the store has answered.
std::optional<Refusal> check_answer(const ParsedRequest& request, const ResetOrder& order,
                                    const ResetAnswer& answer) {
    if (answer.failure) {
        return refuse(*answer.failure, request, order.act);
    }
    if (auto refusal = check_caller(request, answer)) {
        return refusal;
    }
    if (auto refusal = check_act(request)) {
        return refusal;
    }
    if (!request.target.in_realm || answer.verdict == Verdict::unknown) {
        return refuse_unknown_user(request);
    }
    return std::nullopt;
}

/// What the store shall do for a caller who may: nothing where the act is forbidden all the same.
Act act_of(const ParsedRequest& request) {
    if (!request.target.in_realm || check_act(request)) {
        return Act::nothing;
    }
    return request.settings.profiles == Profiles::am ? Act::forward : Act::reset;
}

ResetOrder make_order(const ParsedRequest& request, std::span<const Administrator> administrators) {
    return {.api = "am",
            .token = request.headers.token(),
            .caller = {},
            .administrators = administrators,
            .target = request.target.subject,
            .factor = request.path.factor,
            .subject_case = request.settings.subject_case,
            .self_allowed = request.settings.self_allowed && request.target.in_realm,
            .act = act_of(request),
            .remote_address = request.raw.remote_address};
}

/// 7, where AM is asked.
std::optional<Refusal> check_session(const ParsedRequest& request, const Session& session) {
    switch (session.state) {
        case Session::State::known: break;
        case Session::State::none: return kNoSession;
        case Session::State::unknown:
            return Refusal{.status = 503,
                           .result = Result::unavailable,
                           .message = kUnavailable,
                           .reason = session.why,
                           .by_action = request.version_served()};
    }
    return std::nullopt;
}

Response refused(const Refusal& refusal, const ParsedRequest& request, Trace& trace) {
    trace.result = refusal.result;
    trace.reason = refusal.reason.empty() ? refusal.message : refusal.reason;
    return refuse(refusal, request.manner, request.memory);
}

}  // namespace

AmApi::AmApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {
    for (const AdministratorSetting& each : settings_.administrators) {
        administrators_.push_back({each.name, each.in, each.realm});
    }
}

bool AmApi::claims(const Request& raw, Memory& memory) const {
    const ParsedRequest request = parse_request(raw, settings_, memory);
    return (request.path.place == Path::Place::devices && request.asks_reset()) ||
           is_unsure(request);
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

    // Authentication, authorization and the act are one step of the store. What forbids the act but
    // is told only to those who may do it goes the same way, with nothing to do.
    ResetOrder order = make_order(request, administrators_);
    if (!settings_.session.question.uri.empty()) {
        auto finding =
            find_session(order.token, settings_.cookie, settings_.session, store_, services);
        const Session session = co_await finding;
        if (const auto refusal = check_session(request, session)) {
            co_return refused(*refusal, request, trace);
        }
        order.caller = session.caller;
        describe_caller(session.caller, trace, services.memory());
    }
    auto asked = store_.reset(order, services);
    const ResetAnswer answer = co_await asked;
    describe_caller({answer.caller_user, answer.caller_realm, answer.caller_universal_id}, trace,
                    services.memory());

    if (const auto refusal = check_answer(request, order, answer)) {
        co_return refused(*refusal, request, trace);
    }
    if (order.act == Act::forward) {
        trace.result = Result::forwarded;
        co_return hand_on();
    }
    trace.result = answer.verdict == Verdict::done ? Result::ok : Result::none;
    co_return succeed(request.manner);
}

}  // namespace mfa_reset::am
