// One reset, from the request to the answer. The order of the checks is part of the contract: it
// decides which error wins, and what a client that may not do a thing learns about it.
#include "am/api.hpp"

#include "am/answer.hpp"
#include "am/call.hpp"
#include "am/checks.hpp"
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
std::optional<Refusal> first_refusal(const Call& call, Checks... checks) {
    std::optional<Refusal> refusal;
    static_cast<void>(((refusal = checks(call)).has_value() || ...));
    return refusal;
}

/// What the log can say whatever becomes of the request.
void describe(const Call& call, Trace& trace) noexcept {
    if (call.path.fault != Path::Fault::none) {
        return;
    }
    trace.realm = call.realm;
    trace.target = call.path.user;
    if (call.path.place == Path::Place::devices && call.asks_reset()) {
        trace.action = call.path.factor == Factor::oath ? "reset-oath" : "reset-push";
    }
}

void describe_caller(const Caller& caller, Trace& trace, Memory& memory) {
    if (!caller.universal_id.empty()) {
        trace.caller = caller.universal_id;
    } else if (!caller.user.empty()) {
        trace.caller =
            format::path_below(format::encode_path(caller.realm, memory), caller.user, memory);
        trace.caller_encoded = true;
    }
}

/// Why the action is not done even for those who may do it; nothing where it is done.
std::optional<Refusal> check_act(const Call& call) {
    constexpr Refusal kNotImplemented{.status = 501,
                                      .result = Result::unknown,
                                      .message = "Not Implemented",
                                      .reason = "an action other than reset",
                                      .by_action = true};
    constexpr Refusal kNotSupported{.status = 501,
                                    .result = Result::unknown,
                                    .message = "Operation is not supported.",
                                    .by_action = true};
    if (!call.version_served()) {
        const auto version = call.versions->resource;
        return Refusal{.status = 404,
                       .result = Result::version,
                       .message = "Resource '' not found",
                       .reason = version
                                     ? format::concat(call.memory, "unsupported resource version ",
                                                      to_text(*version, call.memory))
                                     : "no resource version asked for, and none is the default"};
    }
    if (call.path.place == Path::Place::device || !call.parameters.action.given) {
        return kNotSupported;
    }
    return call.asks_reset() ? std::nullopt : std::optional(kNotImplemented);
}

Refusal refuse_unknown_user(const Call& call) {
    return {.status = 404,
            .result = Result::unknown,
            .message = format::concat(call.memory, "User ", call.path.user, " not found"),
            .by_action = true};
}

/// 7 and 8: the store knows the caller's session and the rule who may reset whom.
std::optional<Refusal> check_caller(const Call& call, const ResetAnswer& answer) {
    if (answer.verdict == Verdict::unauthenticated) {
        return kNoSession;
    }
    if (answer.verdict != Verdict::forbidden) {
        return std::nullopt;
    }
    const std::string_view id = answer.caller_universal_id;
    return Refusal{.status = 403,
                   .result = Result::forbidden,
                   .message = id.empty()
                                  ? format::concat(call.memory, "User, id=", answer.caller_user,
                                                   ", not authorized.")
                                  : format::concat(call.memory, "User, ", id, ", not authorized.")};
}

/// The store did not answer, or not what it may: never a success that did not happen.
Refusal refuse(const Failure& failure, const Call& call, Act act) noexcept {
    Refusal refusal{.status = 503,
                    .result = Result::unavailable,
                    .message = kUnavailable,
                    .reason = failure.why,
                    .by_action = call.version_served()};
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
std::optional<Refusal> check_answer(const Call& call, const ResetOrder& order,
                                    const ResetAnswer& answer) {
    if (answer.failure) {
        return refuse(*answer.failure, call, order.act);
    }
    if (auto refusal = check_caller(call, answer)) {
        return refusal;
    }
    if (auto refusal = check_act(call)) {
        return refusal;
    }
    if (!call.target.in_realm || answer.verdict == Verdict::unknown) {
        return refuse_unknown_user(call);
    }
    return std::nullopt;
}

/// What the store shall do for a caller who may: nothing where the act is forbidden all the same.
Act act_of(const Call& call) {
    if (!call.target.in_realm || check_act(call)) {
        return Act::nothing;
    }
    return call.settings.profiles == Profiles::am ? Act::forward : Act::reset;
}

ResetOrder make_order(const Call& call, std::span<const Administrator> administrators) {
    return {.api = "am",
            .token = call.headers.token(),
            .caller = {},
            .administrators = administrators,
            .target = call.target.subject,
            .factor = call.path.factor,
            .subject_case = call.settings.subject_case,
            .self_allowed = call.settings.self_allowed && call.target.in_realm,
            .act = act_of(call),
            .remote_address = call.request.remote_address};
}

/// 7, where AM is asked.
std::optional<Refusal> check_session(const Call& call, const Session& session) {
    switch (session.state) {
        case Session::State::known: break;
        case Session::State::none: return kNoSession;
        case Session::State::unknown:
            return Refusal{.status = 503,
                           .result = Result::unavailable,
                           .message = kUnavailable,
                           .reason = session.why,
                           .by_action = call.version_served()};
    }
    return std::nullopt;
}

Response refused(const Refusal& refusal, const Call& call, Trace& trace) {
    trace.result = refusal.result;
    trace.reason = refusal.reason.empty() ? refusal.message : refusal.reason;
    return refuse(refusal, call.manner, call.memory);
}

}  // namespace

AmApi::AmApi(Settings settings, Store& store) : settings_(std::move(settings)), store_(store) {
    for (const AdministratorSetting& each : settings_.administrators) {
        administrators_.push_back({each.name, each.in, each.realm});
    }
}

bool AmApi::claims(const Request& request, Memory& memory) const {
    const Call call = read_call(request, settings_, memory);
    return call.path.place == Path::Place::devices && call.asks_reset();
}

Task<Response> AmApi::serve(const Request& request, Services& services) const {
    Trace& trace = services.trace();
    const Call call = read_call(request, settings_, services.memory());
    describe(call, trace);

    if (const auto refusal =
            first_refusal(call, check_encoding, check_csrf, check_version_syntax, check_realm)) {
        co_return refused(*refusal, call, trace);
    }
    if (call.method == "OPTIONS") {
        co_return allow(call.manner);
    }
    if (const auto refusal = first_refusal(call, check_crest, check_route, check_token)) {
        co_return refused(*refusal, call, trace);
    }

    // Authentication, authorization and the act are one step of the store. What forbids the act but
    // is told only to those who may do it goes the same way, with nothing to do.
    ResetOrder order = make_order(call, administrators_);
    if (!settings_.session.uri.empty()) {
        auto finding =
            find_session(order.token, settings_.cookie, settings_.session, store_, services);
        const Session session = co_await finding;
        if (const auto refusal = check_session(call, session)) {
            co_return refused(*refusal, call, trace);
        }
        order.caller = session.caller;
        describe_caller(session.caller, trace, services.memory());
    }
    auto asked = store_.reset(order, services);
    const ResetAnswer answer = co_await asked;
    describe_caller({answer.caller_user, answer.caller_realm, answer.caller_universal_id}, trace,
                    services.memory());

    if (const auto refusal = check_answer(call, order, answer)) {
        co_return refused(*refusal, call, trace);
    }
    if (order.act == Act::forward) {
        trace.result = Result::forwarded;
        co_return hand_on();
    }
    trace.result = answer.verdict == Verdict::done ? Result::ok : Result::none;
    co_return succeed(call.manner);
}

}  // namespace mfa_reset::am
