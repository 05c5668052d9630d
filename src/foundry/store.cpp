#include "foundry/store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "format/text.hpp"
#include "foundry/scripts.hpp"

namespace mfa_reset::foundry {

namespace {

using Type = Reply::Type;

StoredText read_stored_text(const Answer& answer) noexcept {
    if (answer.reply.is_too_large()) {
        return {.too_large = true};
    }
    if (answer.failure) {
        return {answer.failure};
    }
    if (answer.reply.is(Type::string)) {
        return {{}, answer.reply.text};
    }
    return answer.reply.is(Type::nil) ? StoredText{} : StoredText{kWrongReply};
}

/// What caller.lua returns: {seconds, milliseconds, oathDeviceProfiles or nil}.
CallerDevices read_caller(const Answer& answer) noexcept {
    if (answer.failure) {
        return {answer.failure};
    }
    const auto elements = answer.reply.elements;
    if (elements.size() != 3 || !elements[0].is(Type::integer) || !elements[1].is(Type::integer)) {
        return {kWrongReply};
    }
    return {{},
            elements[2].is_too_large() ? elements[2].text : elements[2].string_or_empty(),
            elements[0].integer,
            std::chrono::milliseconds{elements[1].integer}};
}

/// What caller_code.lua returns: {verdict, milliseconds}.
CodeAnswer read_code(const Answer& answer) noexcept {
    using Verdict = CodeAnswer::Verdict;
    static constexpr std::pair<std::string_view, Verdict> kVerdicts[] = {
        {"accepted", Verdict::accepted},
        {"wrong", Verdict::wrong},
        {"used", Verdict::used},
        {"locked", Verdict::locked},
    };
    if (answer.failure) {
        return {answer.failure};
    }
    const auto elements = answer.reply.elements;
    if (elements.size() != 2 || !elements[1].is(Type::integer)) {
        return {kWrongReply};
    }
    const auto* found = std::ranges::find(kVerdicts, elements[0].string_or_empty(),
                                          &std::pair<std::string_view, Verdict>::first);
    if (found == std::end(kVerdicts)) {
        return {kWrongReply};
    }
    return {{}, found->second, std::chrono::milliseconds{elements[1].integer}};
}

/// What reset_all.lua returns.
ResetAnswer read_reset(const Answer& answer) noexcept {
    using Verdict = ResetAnswer::Verdict;
    if (answer.failure) {
        return {answer.failure};
    }
    const std::string_view verdict = answer.reply.string_or_empty();
    return verdict == kDone       ? ResetAnswer{{}, Verdict::done}
           : verdict == kNothing  ? ResetAnswer{{}, Verdict::nothing}
           : verdict == "unknown" ? ResetAnswer{{}, Verdict::unknown}
                                  : ResetAnswer{kWrongReply};
}

std::string_view text_of(std::int64_t number, Memory& memory) {
    return format::Text(memory).append_number(static_cast<unsigned long>(number)).view();
}

}  // namespace

Task<StoredText> RecordStore::read_text(std::string_view key, Services& services) {
    const std::array words{std::string_view{"GET"}, key};
    auto asking = sessions_.ask(words, Effect::reads, services);
    const Answer answer = co_await asking;
    co_return read_stored_text(answer);
}

Task<StoredText> RecordStore::read_session(std::string_view id, Services& services) {
    return read_text(format::concat(services.memory(), session_prefix_, "urn:iauthsession:", id),
                     services);
}

Task<StoredText> RecordStore::read_user(std::string_view id, Services& services) {
    return read_text(format::concat(services.memory(), "urn:iuserauth:", id), services);
}

Task<CallerDevices> RecordStore::read_devices(const Subject& caller, SubjectCase subject_case,
                                              Services& services) {
    const std::array keys{record_of(caller, subject_case, services.memory())};
    const ScriptRun run{.script = scripts::caller, .keys = keys};
    auto running = records_.run(run, services);
    const Answer answer = co_await running;
    co_return read_caller(answer);
}

Task<CodeAnswer> RecordStore::check_code(const CodeOrder& order, Services& services) {
    Memory& memory = services.memory();
    const std::array keys{record_of(order.caller, order.subject_case, memory)};
    const std::array arguments{
        order.step ? text_of(*order.step, memory) : std::string_view{},
        text_of(order.attempts, memory),
        text_of(order.lock.count(), memory),
    };
    const ScriptRun run{.script = scripts::caller_code,
                        .keys = keys,
                        .arguments = arguments,
                        .effect = Effect::writes};
    auto running = records_.run(run, services);
    const Answer answer = co_await running;
    co_return read_code(answer);
}

Task<ResetAnswer> RecordStore::reset(const ResetOrder& order, Services& services) {
    Memory& memory = services.memory();
    const UserAct act{
        .script = scripts::reset_all,
        .user = records_.user_keys(fold(order.target, order.subject_case, memory), memory),
        .api = order.api,
        .remote_address = order.remote_address,
        .arguments = {&order.caller, 1}};
    auto acting = records_.act(act, services);
    const Answer answer = co_await acting;
    co_return read_reset(answer);
}

std::string_view RecordStore::record_of(const Subject& user, SubjectCase subject_case,
                                        Memory& memory) const {
    return records_.user_keys(fold(user, subject_case, memory), memory).record;
}

}  // namespace mfa_reset::foundry
