// One reset, from the request to the answer. The order of the checks is part of the contract: it
// decides which error wins, and what a caller who may not do a thing learns about it.
//
// What is asked of the store, one after the other: the session (not for a token); the caller's
// devices, and the judgement of the code (not where no code is asked for); the reset.
#include "foundry/api.hpp"

#include "auth/oath_devices.hpp"
#include "auth/totp.hpp"
#include "format/text.hpp"
#include "foundry/caller.hpp"
#include "foundry/members.hpp"
#include "foundry/route.hpp"
#include "http/percent.hpp"

namespace mfa_reset::foundry {

namespace {

constexpr Refusal kNoSuchOperation{.status = 404,
                                   .result = Result::unknown,
                                   .code = "NotFound",
                                   .message = "Not Found",
                                   .reason = "another path or method"};

/// A code that was used up is good for nothing any more: the next one takes up to 30 seconds.
constexpr std::string_view kWithTheNextCode = "30";

std::string_view seconds_of(std::chrono::milliseconds time, Memory& memory) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
    format::Text text(memory);
    return text.append_number(static_cast<unsigned long>(std::max<long>(seconds, 1))).view();
}

Refusal refuse_locked(std::chrono::milliseconds left, Memory& memory) {
    return {.status = 429,
            .result = Result::locked,
            .code = "TooManyAttempts",
            .message = "Too many wrong codes",
            .retry_after = seconds_of(left, memory)};
}

Refusal refuse_code(std::string_view reason) noexcept {
    return {.status = 403,
            .result = Result::code,
            .code = "InvalidCallerCode",
            .message = "Invalid caller code",
            .reason = reason};
}

/// `/foundry/org-7`, where users are; `/foundry` for those of no organisation.
std::string_view home_of(const Subject& subject, Memory& memory) {
    const std::string_view realm = http::encode_path(subject.realm, memory);
    return subject.organisation.empty() ? realm
                                        : http::path_below(realm, subject.organisation, memory);
}

/// `/foundry/org-7/u-42`, for the log and the events.
std::string_view name_of(const Subject& subject, Memory& memory) {
    return http::path_below(home_of(subject, memory), subject.user, memory);
}

void describe_caller(const Subject& caller, Trace& trace, Memory& memory) {
    trace.caller = name_of(caller, memory);
    trace.caller_encoded = true;
}

void describe_target(const Subject& target, Trace& trace, Memory& memory) {
    trace.target = target.user;
    trace.realm = home_of(target, memory);
    trace.realm_encoded = true;
}

/// What the store's judgement of a code means; nullopt: it is accepted.
std::optional<Refusal> check_judgement(const CodeAnswer& answer, Memory& memory) {
    using Verdict = CodeAnswer::Verdict;
    if (answer.failure) {
        // Nothing was reset, but the code may be used up.
        const bool uncertain = answer.failure->kind == Failure::Kind::uncertain;
        return refuse(*answer.failure, uncertain ? kWithTheNextCode : kSoon);
    }
    switch (answer.verdict) {
        case Verdict::accepted: return std::nullopt;
        case Verdict::wrong: return refuse_code("a wrong code, or no device");
        case Verdict::used: return refuse_code("a code that was used already");
        case Verdict::locked: break;
    }
    return refuse_locked(answer.locked_for, memory);
}

/// Why the reset was not, or perhaps not, done.
std::optional<Refusal> check_reset(const ResetAnswer& answer, std::string_view retry_after) {
    if (answer.failure) {
        const Failure::Kind kind = answer.failure->kind;
        Refusal refusal = refuse(*answer.failure, retry_after);
        if (kind != Failure::Kind::unavailable) {
            refusal.result = Result::uncertain;
        }
        if (kind == Failure::Kind::uncertain) {
            refusal.message = "The reset was sent and its answer was lost: it may have happened";
        }
        return refusal;
    }
    if (answer.verdict == ResetAnswer::Verdict::unknown) {
        return Refusal{.status = 404,
                       .result = Result::unknown,
                       .code = "NotFound",
                       .message = "User not found"};
    }
    return std::nullopt;
}

/// Who is calling, where that is somebody who may reset at all.
Task<Identity> admit(const ParsedRequest& request, Store& store, Services& services) {
    const Credential credential = find_credential(request);
    auto identifying = identify(credential, request, store, services);
    Identity identity = co_await identifying;
    if (!identity.refusal) {
        describe_caller({request.settings.realm, identity.principal->id,
                         organisation_of(*identity.principal, request)},
                        services.trace(), request.memory);
        identity.refusal = check_deliberate(credential, request);
    }
    if (!identity.refusal) {
        identity.refusal = check_role(*identity.principal, request);
    }
    co_return identity;
}

/// What is to be done, or why it is not.
struct Act {
    Subject caller{};
    Subject target{};
    std::string_view code{};
    std::optional<Refusal> refusal{};
};

/// Who is to be reset, where the caller may act there.
Act find_act(const auth::Principal& principal, const ParsedRequest& request, Trace& trace) {
    const auto read = read_members(request);
    if (const auto* const refusal = std::get_if<Refusal>(&read)) {
        return {.refusal = *refusal};
    }
    const auto& reset = std::get<ResetMembers>(read);
    const Organisations organisations = find_organisations(principal, reset, request);
    const std::string_view realm = request.settings.realm;
    const Act act{{realm, principal.id, organisations.of_caller},
                  {realm, reset.target_user_id, organisations.of_target},
                  reset.caller_code,
                  organisations.refusal};
    describe_target(act.target, trace, request.memory);
    return act;
}

/// How the check of a caller's code ended.
struct CodeCheck {
    std::optional<Refusal> refusal{};
    bool used_up = false;
};

/// Is the caller present? Which step a code is of is found here, all else by the store.
Task<CodeCheck> check_caller_code(const Act& act, const ParsedRequest& request, Store& store,
                                  Services& services) {
    const Settings& settings = request.settings;
    if (settings.caller_code.required == CallerCode::off) {
        co_return CodeCheck{};
    }
    auto reading = store.read_devices(act.caller, settings.subject_case, services);
    const CallerDevices read = co_await reading;
    if (read.failure) {
        co_return CodeCheck{refuse(*read.failure)};
    }
    // Also of who has no device any more: nobody is unlocked by being reset.
    if (read.locked_for.count() > 0) {
        co_return CodeCheck{refuse_locked(read.locked_for, request.memory)};
    }
    const auto devices = auth::read_totp_devices(read.oath_profiles, request.memory);
    if (settings.caller_code.required == CallerCode::enrolled) {
        // A device that cannot be used is one all the same: no code is good then.
        if (devices.empty() && !auth::has_profiles(read.oath_profiles)) {
            co_return CodeCheck{};
        }
        if (!devices.empty() && is_empty(act.code)) {
            co_return CodeCheck{refuse_empty_code()};
        }
    }
    const CodeOrder order{.caller = act.caller,
                          .subject_case = settings.subject_case,
                          .step = auth::match_totp(devices, act.code, read.now),
                          .attempts = settings.caller_code.attempts,
                          .lock = settings.caller_code.lock};
    auto judging = store.check_code(order, services);
    const CodeAnswer answer = co_await judging;
    CodeCheck check{check_judgement(answer, request.memory)};
    check.used_up = !check.refusal;
    co_return check;
}

Response refused(const Refusal& refusal, const ParsedRequest& request, Trace& trace) {
    trace.result = refusal.result;
    trace.reason = refusal.reason.empty() ? refusal.message : refusal.reason;
    return refuse(refusal, request.manner, request.memory);
}

}  // namespace

Task<Response> FoundryApi::serve(const Request& raw, Services& services) const {
    Trace& trace = services.trace();
    Memory& memory = services.memory();
    const ParsedRequest request = parse_request(raw, settings_, memory);
    if (!request.route.found) {
        co_return refused(kNoSuchOperation, request, trace);
    }
    trace.action = "reset";

    auto admitting = admit(request, store_, services);
    const Identity identity = co_await admitting;
    if (identity.refusal) {
        co_return refused(*identity.refusal, request, trace);
    }
    const Act act = find_act(*identity.principal, request, trace);
    if (act.refusal) {
        co_return refused(*act.refusal, request, trace);
    }
    auto checking = check_caller_code(act, request, store_, services);
    const CodeCheck check = co_await checking;
    if (check.refusal) {
        co_return refused(*check.refusal, request, trace);
    }

    const ResetOrder order{.api = name(),
                           .caller = trace.caller,
                           .target = act.target,
                           .subject_case = settings_.subject_case,
                           .remote_address = raw.remote_address};
    auto resetting = store_.reset(order, services);
    const ResetAnswer answer = co_await resetting;
    if (const auto refusal = check_reset(answer, check.used_up ? kWithTheNextCode : kSoon)) {
        co_return refused(*refusal, request, trace);
    }
    trace.result = answer.verdict == ResetAnswer::Verdict::done ? Result::ok : Result::none;
    co_return succeed(request.manner, memory);
}

}  // namespace mfa_reset::foundry
