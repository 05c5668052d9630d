// The calls for callers whom the API judges itself, because their sessions are another program's or
// a token is all there is: who they are, whether their code is good, and the reset of all factors.
#include <array>
#include <optional>
#include <utility>

#include "format/text.hpp"
#include "store/call_parts.hpp"
#include "store/event_words.hpp"
#include "store/failures.hpp"
#include "store/keys.hpp"
#include "store/redis_store.hpp"
#include "store/scripts.hpp"

namespace mfa_reset::store {

namespace {

using Type = redis::Reply::Type;

StoredSession read_session(const redis::Outcome& outcome) noexcept {
    if (outcome.reply.is_too_large()) {
        return {.reading = Reading::good, .text = {}, .why = {}, .too_large = true};
    }
    if (const auto failure = failure_of(outcome)) {
        return unread<StoredSession>(*failure);
    }
    StoredSession session;
    if (outcome.reply.is(Type::string)) {
        session.text = outcome.reply.text;
    } else if (!outcome.reply.is(Type::nil)) {
        return unread<StoredSession>(kWrong);
    }
    session.reading = Reading::good;
    return session;
}

/// caller.lua: {seconds, milliseconds, oathDeviceProfiles or nil}
CallerDevices read_devices(const redis::Outcome& outcome) noexcept {
    if (const auto failure = failure_of(outcome)) {
        return unread<CallerDevices>(*failure);
    }
    const auto elements = outcome.reply.elements;
    if (elements.size() != 3 || !elements[0].is(Type::integer) || !elements[1].is(Type::integer)) {
        return unread<CallerDevices>(kWrong);
    }
    CallerDevices devices;
    devices.reading = Reading::good;
    devices.now = elements[0].integer;
    devices.locked_for = std::chrono::milliseconds{elements[1].integer};
    devices.oath_profiles =
        elements[2].is_too_large() ? elements[2].text : elements[2].string_or_empty();
    return devices;
}

/// What caller_code.lua returns: {verdict, milliseconds}.
CodeAnswer read_code(const redis::Outcome& outcome) noexcept {
    using Verdict = CodeAnswer::Verdict;
    static constexpr std::pair<std::string_view, Verdict> kVerdicts[] = {
        {"accepted", Verdict::accepted},
        {"wrong", Verdict::wrong},
        {"used", Verdict::used},
        {"locked", Verdict::locked},
    };
    if (const auto failure = failure_of(outcome)) {
        return failed<CodeAnswer>(*failure);
    }
    const auto elements = outcome.reply.elements;
    if (elements.size() != 2 || !elements[1].is(Type::integer)) {
        return failed<CodeAnswer>(kWrong);
    }
    const auto* found = std::ranges::find(kVerdicts, elements[0].string_or_empty(),
                                          &std::pair<std::string_view, Verdict>::first);
    if (found == std::end(kVerdicts)) {
        return failed<CodeAnswer>(kWrong);
    }
    CodeAnswer answer;
    answer.verdict = found->second;
    answer.locked_for = std::chrono::milliseconds{elements[1].integer};
    return answer;
}

/// What reset_all.lua returns.
ResetAnswer read_full_reset(const redis::Outcome& outcome) noexcept {
    using Verdict = ResetAnswer::Verdict;
    static constexpr std::pair<std::string_view, Verdict> kVerdicts[] = {
        {"done", Verdict::done},
        {"nothing", Verdict::nothing},
        {"unknown", Verdict::unknown},
    };
    if (const auto failure = failure_of(outcome)) {
        return failed<ResetAnswer>(*failure);
    }
    const auto* found = std::ranges::find(kVerdicts, outcome.reply.string_or_empty(),
                                          &std::pair<std::string_view, Verdict>::first);
    if (found == std::end(kVerdicts)) {
        return failed<ResetAnswer>(kWrong);
    }
    ResetAnswer answer;
    answer.verdict = found->second;
    return answer;
}

}  // namespace

Task<StoredSession> RedisStore::servicestack_session(std::string_view id, Services& services) {
    const std::array words{
        std::string_view{"GET"},
        format::concat(services.memory(), "urn:iauthsession:", id),
    };
    auto running = ask(sessions_, words, false, services);
    const redis::Outcome outcome = co_await running;
    co_return read_session(outcome);
}

Task<CallerDevices> RedisStore::caller_devices(const Subject& caller, SubjectCase subject_case,
                                               Services& services) {
    Memory& memory = services.memory();
    const std::array keys{
        user_keys(settings_.prefix, fold(caller, subject_case, memory), memory).record};
    auto words = script_words(keys, {}, memory);
    auto running = run({scripts::caller, words, false}, services);
    const redis::Outcome outcome = co_await running;
    co_return read_devices(outcome);
}

Task<CodeAnswer> RedisStore::check_code(const CodeOrder& order, Services& services) {
    Memory& memory = services.memory();
    const std::array keys{
        user_keys(settings_.prefix, fold(order.caller, order.subject_case, memory), memory).record};
    const Decimal step(order.step.value_or(0));
    const Decimal attempts(order.attempts);
    const Decimal lock(order.lock.count());
    const std::array arguments{
        order.step ? step.text() : std::string_view{},
        attempts.text(),
        lock.text(),
    };
    auto words = script_words(keys, arguments, memory);
    auto running = run({scripts::caller_code, words, true}, services);
    const redis::Outcome outcome = co_await running;
    co_return read_code(outcome);
}

Task<ResetAnswer> RedisStore::reset_all(const FullResetOrder& order, Services& services) {
    Memory& memory = services.memory();
    services.trace().request = ids_.next(memory);
    const UserKeys user =
        user_keys(settings_.prefix, fold(order.target, order.subject_case, memory), memory);
    auto words =
        event_words(settings_, user, {},
                    {order.api, order.remote_address, services.trace().request}, 1, memory);
    words.push_back(order.caller);
    auto running = change({scripts::reset_all, words, true}, services);
    const redis::Outcome outcome = co_await running;
    co_return noted(read_full_reset(outcome));
}

}  // namespace mfa_reset::store
