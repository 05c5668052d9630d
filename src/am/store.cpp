#include "am/store.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "am/scripts.hpp"
#include "format/hex.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

using Verdict = Decision::Verdict;

/// The kind of the keys under which AM's word on a session is kept.
constexpr std::string_view kRemembered = "amsession:";

/// The switches of rule.lua.
std::array<char, 3> switches(const Order& order) noexcept {
    const auto is = [](char letter, bool on) { return on ? letter : '-'; };
    return {is('a', order.act != Act::decide), is('f', order.subject_case == SubjectCase::ascii),
            is('s', order.self_allowed)};
}

const Script& script_of(Act act) noexcept {
    switch (act) {
        case Act::decide:
        case Act::reset: break;
        case Act::forward: return scripts::forward;
        case Act::skip: return scripts::skip;
        case Act::edit: return scripts::edit;
        case Act::read: return scripts::read;
        case Act::overview: return scripts::overview;
        case Act::events: return scripts::events;
    }
    return scripts::reset;  // with its switch off it only decides
}

/// Only changes of the record are waited for on replicas.
constexpr Effect effect_of(Act act) noexcept {
    switch (act) {
        case Act::decide:
        case Act::read:
        case Act::overview:
        case Act::events: return Effect::reads;
        case Act::forward: return Effect::writes;
        case Act::reset:
        case Act::skip:
        case Act::edit: break;
    }
    return Effect::durable;
}

std::string_view text_of(std::size_t number, Memory& memory) {
    return format::Text(memory).append_number(number).view();
}

void append(std::pmr::vector<std::string_view>& words,
            std::span<const Administrator> administrators) {
    for (const Administrator& each : administrators) {
        words.insert(words.end(), {each.name, each.in, each.realm});
    }
}

std::optional<Verdict> verdict_of(std::string_view text) noexcept {
    static constexpr std::pair<std::string_view, Verdict> kVerdicts[] = {
        {kDone, Verdict::done},
        {kNothing, Verdict::nothing},
        {"no_record", Verdict::no_record},
        {kUnauthenticated, Verdict::unauthenticated},
        {"forbidden", Verdict::forbidden},
        {"level", Verdict::level},
        {"unknown", Verdict::unknown},
        {"changed", Verdict::changed},
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

/// Whether the act's script returns a text after the caller.
constexpr bool reads(Act act) noexcept {
    return act == Act::read || act == Act::edit || act == Act::overview || act == Act::events;
}

/// What a script of an act returns.
Decision read_decision(const Answer& answer, Act act) noexcept {
    if (answer.failure) {
        return {answer.failure};
    }
    constexpr std::size_t kIdentified = 4;
    std::array<std::string_view, kIdentified + 1> parts;
    const std::string_view text = answer.reply.string_or_empty();
    const auto verdict = verdict_of(text.substr(0, text.find('\0')));
    const bool may_read = reads(act) && (verdict == Verdict::done || verdict == Verdict::changed);
    const std::size_t most = kIdentified + (may_read ? 1U : 0U);
    const std::size_t count = divide(text, std::span(parts).first(most));
    const bool good = verdict == Verdict::unauthenticated ? count == 1 : count >= kIdentified;
    if (!verdict || !good) {
        return {kWrongReply};
    }
    return {{}, *verdict, parts[1], parts[2], parts[3], parts[4], count > kIdentified};
}

/// What session_info.lua returns.
StoredSession read_session(const Answer& answer) noexcept {
    if (answer.failure) {
        return {answer.failure};
    }
    if (answer.reply.is(Reply::Type::nil)) {
        return {};
    }
    const auto parts = answer.reply.elements;
    if (parts.size() != 6 || !parts[4].is(Reply::Type::integer) ||
        !parts[5].is(Reply::Type::integer)) {
        return {kWrongReply};
    }
    return {{},
            true,
            parts[0].string_or_empty(),
            parts[1].string_or_empty(),
            parts[2].string_or_empty(),
            parts[3].string_or_empty(),
            parts[4].integer,
            parts[5].integer};
}

}  // namespace

std::pmr::vector<std::string_view> RecordStore::own_arguments(const Order& order,
                                                              Memory& memory) const {
    std::pmr::vector<std::string_view> words(&memory);
    switch (order.act) {
        case Act::decide:
        case Act::reset:
        case Act::overview: break;
        case Act::forward: words.push_back(order.device); break;
        case Act::skip: words.push_back(order.setting); break;
        case Act::read: words.push_back(order.field); break;
        case Act::events: words.push_back(text_of(order.most, memory)); break;
        case Act::edit: {
            const auto& [is_removal, stored, edit, name] = order.edit;
            const auto digest = digests_.sha1({&stored, 1});
            std::array<char, 2 * auth::kSha1Bytes> hex{};
            format::to_hex(std::span(digest).first(auth::kSha1Bytes), hex.data());
            // If no device is left, nothing is: not even the brackets.
            const Range range = edit.empties ? Range{0, stored.size()} : edit.range;
            words.assign({is_removal ? "delete" : "rename", order.device, name,
                          copy({hex.data(), hex.size()}, memory), text_of(range.begin, memory),
                          text_of(range.end, memory), edit.text});
            break;
        }
    }
    return words;
}

Task<Decision> RecordStore::act(const Order& order, Services& services) {
    Memory& memory = services.memory();
    const Subject target = fold(order.target, order.subject_case, memory);
    const auto switched = switches(order);
    const auto own = own_arguments(order, memory);
    const std::array<std::string_view, 6> arguments{{{switched.data(), switched.size()},
                                                     target.realm,
                                                     target.user,
                                                     name_of(order.factor),
                                                     order.self_level,
                                                     text_of(own.size(), memory)}};
    std::pmr::vector<std::string_view> more(&memory);
    more.reserve(3 * order.administrators.size() + own.size());
    append(more, order.administrators);
    more.insert(more.end(), own.begin(), own.end());
    const UserAct act{.script = script_of(order.act),
                      .user = records_.user_keys(target, memory),
                      .api = order.api,
                      .remote_address = order.remote_address,
                      .caller = CallerSource{order.token, order.caller},
                      .arguments = arguments,
                      .more_arguments = more,
                      .effect = effect_of(order.act)};
    auto acting = records_.act(act, services);
    const Answer answer = co_await acting;
    Decision decision = read_decision(answer, order.act);
    const std::optional<Caller>& known = order.caller ? order.caller : answer.caller;
    if (known && decision.caller_user.empty()) {
        decision.caller_user = known->user;
        decision.caller_realm = known->realm;
        decision.caller_universal_id = known->universal_id;
    }
    co_return decision;
}

Task<StoredSession> RecordStore::find_session(std::string_view token, Services& services) {
    const std::array keys{records_.token_key(kSession, token, services.memory())};
    const ScriptRun run{.script = scripts::session_info, .keys = keys};
    auto running = records_.run(run, services);
    const Answer answer = co_await running;
    co_return read_session(answer);
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
