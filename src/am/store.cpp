#include "am/store.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "am/scripts.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

using Verdict = ResetAnswer::Verdict;

/// The kind of the keys under which AM's word on a session is kept.
constexpr std::string_view kRemembered = "amsession:";

/// A factor's name in the event, and the beginning of its fields in the record.
constexpr std::string_view name_of(Factor factor) noexcept {
    return factor == Factor::oath ? "oath" : "push";
}

/// The switches of reset.lua.
std::array<char, 4> switches(const ResetOrder& order) noexcept {
    const auto is = [](char letter, bool on) { return on ? letter : '-'; };
    return {is('a', order.act != Act::nothing), is('w', order.act == Act::forward),
            is('f', order.subject_case == SubjectCase::ascii), is('s', order.self_allowed)};
}

/// Only a reset is waited for on replicas.
constexpr Effect effect_of(Act act) noexcept {
    switch (act) {
        case Act::nothing: return Effect::reads;
        case Act::forward: return Effect::writes;
        case Act::reset: break;
    }
    return Effect::durable;
}

std::pmr::vector<std::string_view> words_of(std::span<const Administrator> administrators,
                                            Memory& memory) {
    std::pmr::vector<std::string_view> words{&memory};
    words.reserve(3 * administrators.size());
    for (const Administrator& each : administrators) {
        words.insert(words.end(), {each.name, each.in, each.realm});
    }
    return words;
}

std::optional<Verdict> verdict_of(std::string_view text) noexcept {
    static constexpr std::pair<std::string_view, Verdict> kVerdicts[] = {
        {kDone, Verdict::done},
        {kNothing, Verdict::nothing},
        {"no_record", Verdict::no_record},
        {kUnauthenticated, Verdict::unauthenticated},
        {"forbidden", Verdict::forbidden},
        {"unknown", Verdict::unknown},
    };
    const auto* found =
        std::ranges::find(kVerdicts, text, &std::pair<std::string_view, Verdict>::first);
    return found == std::end(kVerdicts) ? std::nullopt : std::optional(found->second);
}

/// Divides `text` at its first NULs into `parts`, the last with all that is left. Returns how many.
std::size_t divide(std::string_view text, std::span<std::string_view> parts) noexcept {
    std::size_t count = 1;
    parts[0] = text;
    for (; count < parts.size(); ++count) {
        const std::size_t end = parts[count - 1].find('\0');
        if (end == std::string_view::npos) {
            break;
        }
        parts[count] = parts[count - 1].substr(end + 1);
        parts[count - 1] = parts[count - 1].substr(0, end);
    }
    return count;
}

/// What reset.lua returns.
ResetAnswer read_answer(const Answer& answer) noexcept {
    if (answer.failure) {
        return {answer.failure};
    }
    std::array<std::string_view, 4> parts;
    const std::size_t count = divide(answer.reply.string_or_empty(), parts);
    const auto verdict = verdict_of(parts[0]);
    const std::size_t expected = verdict == Verdict::unauthenticated ? 1 : parts.size();
    if (!verdict || count != expected) {
        return {kWrongReply};
    }
    return {{}, *verdict, parts[1], parts[2], parts[3]};
}

}  // namespace

Task<ResetAnswer> RecordStore::reset(const ResetOrder& order, Services& services) {
    Memory& memory = services.memory();
    const Subject target = fold(order.target, order.subject_case, memory);
    const auto switched = switches(order);
    const std::array<std::string_view, 4> arguments{
        {{switched.data(), switched.size()}, target.realm, target.user, name_of(order.factor)}};
    const auto administrators = words_of(order.administrators, memory);
    const UserAct act{.script = scripts::reset,
                      .user = records_.user_keys(target, memory),
                      .api = order.api,
                      .remote_address = order.remote_address,
                      .caller = CallerSource{order.token, order.caller},
                      .arguments = arguments,
                      .more_arguments = administrators,
                      .effect = effect_of(order.act)};
    auto acting = records_.act(act, services);
    const Answer answer = co_await acting;
    ResetAnswer result = read_answer(answer);
    const std::optional<Caller>& known = order.caller ? order.caller : answer.caller;
    if (known && result.caller_user.empty()) {
        result.caller_user = known->user;
        result.caller_realm = known->realm;
        result.caller_universal_id = known->universal_id;
    }
    co_return result;
}

Task<std::string_view> RecordStore::recall_session(std::string_view token, Services& services) {
    const std::array words{std::string_view{"GET"},
                           records_.token_key(kRemembered, token, services.memory())};
    auto asking = records_.ask(words, Effect::reads, services);
    const Answer answer = co_await asking;
    co_return answer.reply.string_or_empty();
}

Task<bool> RecordStore::remember_session(std::string_view token, std::string_view text,
                                         std::chrono::milliseconds lifetime, Services& services) {
    Memory& memory = services.memory();
    format::Text milliseconds(memory);
    milliseconds.append_number(static_cast<unsigned long>(lifetime.count()));
    const std::array<std::string_view, 5> words{
        "SET", records_.token_key(kRemembered, token, memory), text, "PX", milliseconds.view()};
    auto asking = records_.ask(words, Effect::writes, services);
    const Answer answer = co_await asking;
    co_return answer.reply.is_status("OK");
}

}  // namespace mfa_reset::am
