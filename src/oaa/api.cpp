// One reset, from the request to the answer. The order of the checks: credentials, method, type of
// the answer, body, parameters. Whoever has no credentials learns nothing else.
#include "oaa/api.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "auth/basic.hpp"
#include "format/ascii.hpp"
#include "format/text.hpp"
#include "oaa/request.hpp"
#include "oaa/response.hpp"

namespace mfa_reset::oaa {

namespace {

using Verdict = ResetAnswer::Verdict;

constexpr std::array<std::string_view, 5> kOwnTypes{
    "ChallengeEmail", "ChallengeSMS", "ChallengeOMATOTP", "ChallengeYOTP", "ChallengeFIDO2"};

/// Sets `trace.caller`, or says why there is none.
std::optional<Refusal> check_credentials(const Credentials& sent, const auth::BasicUsers& users,
                                         Services& services) {
    const auto refused = [](std::string_view reason) {
        return Refusal{.status = 401, .result = Result::unauthenticated, .reason = reason};
    };
    if (!sent.authorization) {
        return refused("no credentials");
    }
    if (sent.repeated) {
        return refused("more than one Authorization header");
    }
    const auto credentials = auth::parse_basic(*sent.authorization, services.memory());
    if (!credentials) {
        return refused("malformed credentials");
    }
    const auto user = users.find(*credentials);
    if (!user) {
        return refused("wrong name or key");
    }
    services.trace().caller = *user;
    return std::nullopt;
}

std::optional<Refusal> check_request(const ParsedRequest& request) {
    if (request.raw.method != "DELETE") {
        return Refusal{
            .status = 405, .result = Result::unknown, .reason = "a method other than DELETE"};
    }
    if (!request.accepted) {
        return Refusal{
            .status = 406, .result = Result::malformed, .reason = "Accept names no type of ours"};
    }
    if (request.raw.body_state == Request::Body::too_large) {
        return Refusal{.status = 413,
                       .result = Result::malformed,
                       .reason = "the body is larger than 65536 bytes"};
    }
    return std::nullopt;
}

/// Whether a parameter has one value. `reasons`: missing, repeated, badly encoded.
std::optional<Refusal> check_parameter(const http::Parameter& parameter,
                                       const std::array<std::string_view, 3>& reasons) {
    const auto refused = [](std::string_view reason) {
        return Refusal{.status = 404, .result = Result::malformed, .reason = reason};
    };
    if (parameter.repeated) {
        return refused(reasons[1]);
    }
    if (!parameter.well_encoded) {
        return refused(reasons[2]);
    }
    return parameter.value.empty() ? std::optional(refused(reasons[0])) : std::nullopt;
}

/// `type` as the settings or this file have it; nothing where it is unknown.
std::optional<std::string_view> find_type(std::string_view type, const Settings& settings) {
    if (const auto* own = std::find(kOwnTypes.begin(), kOwnTypes.end(), type);
        own != kOwnTypes.end()) {
        return *own;
    }
    const auto& more = settings.more_types;
    const auto found = std::find(more.begin(), more.end(), type);
    return found == more.end() ? std::nullopt : std::optional<std::string_view>(*found);
}

/// Every way in which a parameter can be wrong looks the same to the client.
std::optional<Refusal> check_parameters(const Parameters& parameters, const Settings& settings) {
    if (auto refusal =
            check_parameter(parameters.challenge_type,
                            {"challengeType is missing or empty", "challengeType is given twice",
                             "challengeType has a bad percent-encoding"})) {
        return refusal;
    }
    if (auto refusal = check_parameter(parameters.context_id,
                                       {"contextId is missing or empty", "contextId is given twice",
                                        "contextId has a bad percent-encoding"})) {
        return refusal;
    }
    if (!find_type(parameters.challenge_type.value, settings)) {
        return Refusal{
            .status = 404, .result = Result::unknown, .reason = "challengeType is not known"};
    }
    if (!is_context_id(parameters.context_id.value)) {
        return Refusal{.status = 404,
                       .result = Result::malformed,
                       .reason = "contextId has a character that none has, or more than 128"};
    }
    return std::nullopt;
}

Refusal refuse(const Failure& failure) noexcept {
    const auto [status, result] =
        failure.kind == Failure::Kind::unavailable ? std::pair{503, Result::unavailable}
        : failure.kind == Failure::Kind::uncertain ? std::pair{503, Result::uncertain}
                                                   : std::pair{500, Result::uncertain};
    return {.status = status, .result = result, .reason = failure.why};
}

std::optional<Refusal> check_answer(const ResetAnswer& answer) noexcept {
    if (answer.failure) {
        return refuse(*answer.failure);
    }
    if (answer.verdict == Verdict::unknown) {
        return Refusal{.status = 404, .result = Result::unknown, .reason = "no such context"};
    }
    return std::nullopt;
}

}  // namespace

bool is_challenge_type(std::string_view name) noexcept {
    constexpr std::size_t kMost = 64;
    return !name.empty() && name.size() <= kMost &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return format::is_letter(c) || format::is_digit(c) || c == '.' || c == '_' ||
                      c == '-';
           });
}

Task<Response> OaaApi::serve(const Request& raw, Services& services) const {
    Trace& trace = services.trace();
    Memory& memory = services.memory();
    const ParsedRequest request = parse_request(raw, memory);
    const auto refused = [&](const Refusal& refusal) {
        trace.result = refusal.result;
        trace.reason = refusal.reason;
        return refuse(refusal, request.form(), memory);
    };

    if (const auto refusal = check_credentials(request.credentials, settings_.users, services)) {
        co_return refused(*refusal);
    }
    if (raw.method == "OPTIONS") {
        co_return allow();
    }
    if (const auto refusal = check_request(request)) {
        co_return refused(*refusal);
    }
    if (const auto refusal = check_parameters(request.parameters, settings_)) {
        co_return refused(*refusal);
    }

    const ResetOrder order{.api = name(),
                           .caller = trace.caller,
                           .context = request.parameters.context_id.value,
                           .type = *find_type(request.parameters.challenge_type.value, settings_),
                           .subject_case = settings_.subject_case,
                           .remote_address = raw.remote_address};
    trace.action = format::concat(memory, "reset-", order.type);
    auto asked = store_.reset(order, services);
    const ResetAnswer answer = co_await asked;
    trace.realm = answer.target.realm;
    trace.realm_encoded = true;
    trace.target = answer.target.user;
    if (const auto refusal = check_answer(answer)) {
        co_return refused(*refusal);
    }
    trace.result = answer.verdict == Verdict::done ? Result::ok : Result::none;
    co_return succeed(request.form(), memory);
}

}  // namespace mfa_reset::oaa
