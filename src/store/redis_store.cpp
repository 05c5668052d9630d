// See redis_store.hpp.
#include "store/redis_store.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "store/call_parts.hpp"
#include "store/event_words.hpp"
#include "store/failures.hpp"
#include "store/keys.hpp"
#include "store/scripts.hpp"

namespace mfa_reset::store {

namespace {

using Verdict = ResetAnswer::Verdict;

/// A factor's name in the event, and the beginning of its fields in the record.
constexpr std::string_view name_of(Factor factor) noexcept {
    return factor == Factor::oath ? "oath" : "push";
}

/// The switches of reset.lua.
std::array<char, 5> switches(const ResetOrder& order, bool caller_is_known) noexcept {
    const auto is = [](char letter, bool on) { return on ? letter : '-'; };
    return {is('a', order.act != Act::nothing), is('w', order.act == Act::forward),
            is('f', order.subject_case == SubjectCase::ascii), is('s', order.self_allowed),
            is('k', caller_is_known)};
}

Verdict verdict_of(std::string_view text) noexcept {
    static constexpr std::pair<std::string_view, Verdict> kVerdicts[] = {
        {"done", Verdict::done},           {"nothing", Verdict::nothing},
        {"no_record", Verdict::no_record}, {"unauthenticated", Verdict::unauthenticated},
        {"forbidden", Verdict::forbidden}, {"unknown", Verdict::unknown},
    };
    const auto* found =
        std::ranges::find(kVerdicts, text, &std::pair<std::string_view, Verdict>::first);
    return found == std::end(kVerdicts) ? Verdict::broken : found->second;
}

/// Tells the client of a command that was answered, as a script may be that wrote nothing.
void note(redis::Client& client, const redis::Outcome& outcome, bool wrote) noexcept {
    if (!failure_of(outcome)) {
        client.worked(wrote);
    }
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
ResetAnswer read_answer(const redis::Outcome& outcome) noexcept {
    if (const auto failure = failure_of(outcome)) {
        return failed<ResetAnswer>(*failure);
    }
    std::array<std::string_view, 4> parts;
    const std::size_t count = divide(outcome.reply.string_or_empty(), parts);
    ResetAnswer answer;
    answer.verdict = verdict_of(parts[0]);
    const std::size_t expected = answer.verdict == Verdict::unauthenticated ? 1 : parts.size();
    if (answer.verdict == Verdict::broken || count != expected) {
        return failed<ResetAnswer>(kWrong);
    }
    answer.caller_user = parts[1];
    answer.caller_realm = parts[2];
    answer.caller_universal_id = parts[3];
    return answer;
}

/// A caller of whom all is known before the script runs.
struct KnownCaller {
    Caller names;
    std::string_view administers;  ///< the realm, by the session; empty: none
};

void describe_caller(const Caller& caller, ResetAnswer& answer) noexcept {
    answer.caller_user = caller.user;
    answer.caller_realm = caller.realm;
    answer.caller_universal_id = caller.universal_id;
}

/// The session as reset.lua reads it. What is answered where it is none.
std::optional<ResetAnswer> read_session(const redis::Outcome& outcome,
                                        KnownCaller& caller) noexcept {
    using Type = redis::Reply::Type;
    if (auto failure = failure_of(outcome)) {
        if (failure->kind == Failure::Kind::uncertain) {
            failure->kind = Failure::Kind::unavailable;  // nothing but a reading is in doubt
        }
        return failed<ResetAnswer>(*failure);
    }
    const auto fields = outcome.reply.elements;
    if (fields.size() != 4) {
        return failed<ResetAnswer>(kWrong);
    }
    if (!fields[0].is(Type::string) || !fields[1].is(Type::string)) {
        ResetAnswer nobody;
        nobody.verdict = Verdict::unauthenticated;
        return nobody;
    }
    caller = {{fields[0].text, fields[1].text, fields[2].string_or_empty()},
              fields[3].string_or_empty()};
    return std::nullopt;
}

}  // namespace

Task<ResetAnswer> RedisStore::reset(const ResetOrder& order, Services& services) {
    Memory& memory = services.memory();
    services.trace().request = ids_.next(memory);

    const Subject target = fold(order.target, order.subject_case, memory);
    const UserKeys user = user_keys(settings_.prefix, target, memory);

    KnownCaller known;
    if (!order.caller && client_.one_slot_per_call()) {
        auto reading = read_caller(order.token, services);
        const redis::Outcome session = co_await reading;
        if (const auto failure = read_session(session, known)) {
            co_return *failure;
        }
    } else if (order.caller) {
        known = {*order.caller, {}};
    }
    const bool caller_is_known = order.caller || client_.one_slot_per_call();

    const auto switched = switches(order, caller_is_known);
    auto words = event_words(
        settings_, user,
        caller_is_known ? std::string_view{} : token_key("session:", order.token, memory),
        {order.api, order.remote_address, services.trace().request},
        8 + 3 * order.administrators.size(), memory);
    words.insert(
        words.end(),
        {{switched.data(), switched.size()}, target.realm, target.user, name_of(order.factor)});
    if (caller_is_known) {
        words.insert(words.end(), {known.names.user, known.names.realm, known.names.universal_id,
                                   known.administers});
    }
    for (const Administrator& administrator : order.administrators) {
        words.insert(words.end(), {administrator.name, administrator.in, administrator.realm});
    }
    const ScriptCall script_call{scripts::reset, words, order.act != Act::nothing};
    auto running =
        order.act == Act::reset ? change(script_call, services) : run(script_call, services);
    const redis::Outcome outcome = co_await running;
    ResetAnswer answer = read_answer(outcome);
    if (answer.caller_user.empty() && caller_is_known) {
        describe_caller(known.names, answer);
    }
    co_return order.act == Act::nothing ? answer : noted(answer);
}

std::string_view RedisStore::token_key(std::string_view kind, std::string_view token,
                                       Memory& memory) {
    const auto hash = sha256_.hex(token);
    return session_key(settings_.prefix, kind, {hash.data(), hash.size()}, memory);
}

Task<redis::Outcome> RedisStore::read_caller(std::string_view token, Services& services) {
    const std::array<std::string_view, 6> words{
        "HMGET", token_key("session:", token, services.memory()), "user", "realm", "universalId",
        "admin"};
    auto running = ask(client_, words, false, services);
    co_return co_await running;
}

Task<redis::Outcome> RedisStore::ask(redis::Client& client, std::span<const std::string_view> words,
                                     bool writes, Services& services) {
    const StoreTimer timer(services.trace());
    redis::Call call(client, words, {writes, deadline(client, services), words[1]},
                     services.scheduler(), services.memory());
    const redis::Outcome& outcome = co_await call;
    note(client, outcome, writes);
    co_return outcome;
}

Task<redis::Outcome> RedisStore::run(ScriptCall script_call, Services& services) {
    const StoreTimer timer(services.trace());
    const std::span words = script_call.words;
    words[0] = "EVALSHA";
    words[1] = script_call.script.sha1;
    const auto options = [&] {
        return redis::CommandOptions{
            .writes = script_call.writes,
            .deadline = deadline(client_, services),
            .key = words[kFirstKey],
            .sent = script_call.writes ? &services.trace().act_sent : nullptr};
    };
    redis::Call by_sha1(client_, words, options(), services.scheduler(), services.memory());
    const redis::Outcome& outcome = co_await by_sha1;
    if (outcome.reply.error_class() != "NOSCRIPT") {
        note(client_, outcome, false);
        co_return outcome;
    }
    words[0] = "EVAL";
    words[1] = script_call.script.text;
    redis::Call by_text(client_, words, options(), services.scheduler(), services.memory());
    const redis::Outcome& second = co_await by_text;
    note(client_, second, false);
    co_return second;
}

redis::Milliseconds RedisStore::deadline(const redis::Client& client,
                                         const Services& services) noexcept {
    return std::min(client.now() + client.settings().timeout, services.deadline());
}

}  // namespace mfa_reset::store
