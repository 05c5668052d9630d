#include "am/decision.hpp"

#include "am/devices/bodies.hpp"
#include "format/text.hpp"
#include "http/percent.hpp"

namespace mfa_reset::am {

namespace {

using Verdict = Decision::Verdict;

constexpr Refusal kNotSupported{.status = 501,
                                .result = Result::unknown,
                                .message = "Operation is not supported.",
                                .by_action = true};

std::optional<Refusal> check_action(const ParsedRequest& request) {
    constexpr Refusal kNotImplemented{.status = 501,
                                      .result = Result::unknown,
                                      .message = "Not Implemented",
                                      .reason = "an action that is not served",
                                      .by_action = true};
    if (request.action != Action::none) {
        return std::nullopt;
    }
    const bool has_actions =
        request.path.place == Path::Place::devices && request.path.factor != Factor::webauthn;
    return has_actions && request.parameters.action.given ? kNotImplemented : kNotSupported;
}

/// What the bodies of a renaming and a skip must say. Of acts that are handed on, the system behind
/// judges them.
std::optional<Refusal> check_content(const ParsedRequest& request) {
    if (request.device_calls() == DeviceCalls::guard) {
        return std::nullopt;
    }
    if (request.action == Action::rename) {
        // A PUT that may only create, and no device is made here.
        if (request.headers.value(HeaderId::if_none_match) == "*") {
            return kNotSupported;
        }
        if (!read_device_name(request.raw.body, request.memory)) {
            return Refusal{.status = 400,
                           .message =
                               "The request could not be processed because 'deviceName' is "
                               "not a text of 1 to 256 bytes without control characters",
                           .by_action = true};
        }
    }
    if (request.action == Action::skip && !read_skip(request.raw.body, request.memory)) {
        return Refusal{
            .status = 400,
            .message = "The request could not be processed because 'value' is not true or false",
            .by_action = true};
    }
    return std::nullopt;
}

Refusal refuse_unknown_user(const ParsedRequest& request) {
    return {.status = 404,
            .result = Result::unknown,
            .message = format::concat(request.memory, "User ", request.path.user, " not found"),
            .by_action = true};
}

/// 7 and 8: the store knows the caller's session and the rule who may act on whom.
std::optional<Refusal> check_caller(const ParsedRequest& request, const Decision& decision) {
    if (decision.verdict == Verdict::unauthenticated) {
        return kNoSession;
    }
    if (decision.verdict == Verdict::level) {
        return Refusal{.status = 403,
                       .result = Result::forbidden,
                       .message = "User not permitted.",
                       .reason = "the session's authentication level is too low"};
    }
    if (decision.verdict != Verdict::forbidden) {
        return std::nullopt;
    }
    const std::string_view id = decision.caller_universal_id;
    return Refusal{
        .status = 403,
        .result = Result::forbidden,
        .message = id.empty() ? format::concat(request.memory, "User, id=", decision.caller_user,
                                               ", not authorized.")
                              : format::concat(request.memory, "User, ", id, ", not authorized.")};
}

/// Whether a lost answer leaves it open whether the record was changed.
constexpr bool changes(Act act) noexcept {
    return act == Act::reset || act == Act::skip || act == Act::edit;
}

}  // namespace

std::optional<Refusal> check_act(const ParsedRequest& request) {
    if (!request.version_served()) {
        return refuse_version(request);
    }
    if (auto refusal = check_action(request)) {
        return refusal;
    }
    return check_content(request);
}

std::optional<Refusal> check_decision(const ParsedRequest& request, const Order& order,
                                      const Decision& decision) {
    if (decision.failure) {
        return refuse_failure(*decision.failure, request, changes(order.act));
    }
    if (auto refusal = check_caller(request, decision)) {
        return refusal;
    }
    if (auto refusal = check_act(request)) {
        return refusal;
    }
    if (!request.target.in_realm || decision.verdict == Verdict::unknown) {
        return refuse_unknown_user(request);
    }
    return std::nullopt;
}

Refusal refuse_failure(const Failure& failure, const ParsedRequest& request, bool was_change) {
    Refusal refusal{.status = 503,
                    .result = Result::unavailable,
                    .message = kUnavailable,
                    .reason = failure.why,
                    .by_action = request.version_served()};
    if (failure.kind == Failure::Kind::broken) {
        refusal.status = 500;
        refusal.result = Result::uncertain;
        refusal.message = "Internal Server Error";
    } else if (failure.kind == Failure::Kind::uncertain && was_change) {
        // If no change was ordered, none can have happened.
        refusal.result = Result::uncertain;
        refusal.detail = request.action == Action::reset
                             ? "The reset was sent and its answer was lost: it may have happened"
                             : "The change was sent and its answer was lost: it may have happened";
    }
    return refusal;
}

Refusal refuse_version(const ParsedRequest& request) {
    const auto version = request.versions->resource;
    return Refusal{.status = 404,
                   .result = Result::version,
                   .message = "Resource '' not found",
                   .reason = version
                                 ? format::concat(request.memory, "unsupported resource version ",
                                                  to_text(*version, request.memory))
                                 : "no resource version asked for, and none is the default"};
}

Refusal refuse_unknown_device(const ParsedRequest& request) {
    return {.status = 404,
            .result = Result::unknown,
            .message = format::concat(request.memory, "User device, ", request.path.device,
                                      ", not found."),
            .by_action = true};
}

Response refused(const Refusal& refusal, const ParsedRequest& request, Trace& trace) {
    trace.result = refusal.result;
    trace.reason = refusal.reason.empty() ? refusal.message : refusal.reason;
    return refuse(refusal, request.manner, request.memory);
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

}  // namespace mfa_reset::am
