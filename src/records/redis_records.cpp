#include "records/redis_records.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "format/text.hpp"
#include "records/answers.hpp"
#include "records/keys.hpp"
#include "records/store_timer.hpp"
#include "records/stored_user.hpp"
#include "redis/topology/call.hpp"

namespace mfa_reset::records {

namespace {

std::string_view verdict_of(const Reply& reply) noexcept {
    const std::string_view text = reply.string_or_empty();
    return text.substr(0, text.find('\0'));
}

/// Reads the session's fields as scripts do (docs/reference/redis-schema.md). Returns nullopt if
/// there is no such session.
std::optional<KnownCaller> read_session(const Reply& reply) noexcept {
    const auto fields = reply.elements;
    if (!fields[0].is(Reply::Type::string) || !fields[1].is(Reply::Type::string)) {
        return std::nullopt;
    }
    return KnownCaller{
        {fields[0].text, fields[1].text, fields[2].string_or_empty(), fields[4].string_or_empty()},
        fields[3].string_or_empty()};
}

Answer text_answer(std::string_view text) noexcept {
    return {{}, {.type = Reply::Type::string, .text = text}};
}

}  // namespace

bool is_done(const Reply& reply) noexcept { return verdict_of(reply) == kDone; }

bool is_change(const Reply& reply) noexcept {
    const std::string_view verdict = verdict_of(reply);
    return verdict == kDone || verdict == kNothing;
}

UserKeys RedisRecords::user_keys(const Subject& folded, Memory& memory) const {
    return records::user_keys(settings_.prefix, folded, memory);
}

std::optional<StoredUser> RedisRecords::read_user(std::string_view text, SubjectCase subject_case,
                                                  Memory& memory) const {
    return parse_stored_user(text, subject_case, settings_.prefix, memory);
}

std::string_view RedisRecords::key(std::string_view kind, std::string_view name,
                                   Memory& memory) const {
    return format::concat(memory, settings_.prefix, kind, name);
}

std::string_view RedisRecords::token_key(std::string_view kind, std::string_view token,
                                         Memory& memory) {
    const auto hash = sha256_.hex(token);
    return key(kind, {hash.data(), hash.size()}, memory);
}

void RedisRecords::name_request(Services& services) {
    services.trace().request = ids_.next(services.memory());
}

Task<Answer> RedisRecords::run(const ScriptRun& run, Services& services) {
    return start(script_words(run, services.memory()), services);
}

Task<Answer> RedisRecords::act(const UserAct& act, Services& services) {
    if (services.trace().request.empty()) {
        name_request(services);
    }
    if (!act.caller) {
        return start(words_of(act, {}, nullptr, services), services);
    }
    if (act.caller->known) {
        const KnownCaller known{*act.caller->known};
        return start(words_of(act, {}, &known, services), services);
    }
    if (source_.client().one_slot_per_call()) {
        return act_apart(act, services);
    }
    const std::string_view session = token_key(kSession, act.caller->token, services.memory());
    return start(words_of(act, session, nullptr, services), services);
}

Task<Answer> RedisRecords::act_apart(const UserAct& act, Services& services) {
    const std::array<std::string_view, 7> question{
        "HMGET",       token_key(kSession, act.caller->token, services.memory()),
        "user",        "realm",
        "universalId", "admin",
        "authLevel"};
    auto reading = ask(question, Effect::reads, services);
    const Answer session = co_await reading;
    if (session.failure) {
        co_return session;
    }
    if (session.reply.elements.size() != question.size() - 2) {
        co_return Answer{kWrongReply};
    }
    const auto known = read_session(session.reply);
    if (!known) {
        co_return text_answer(kUnauthenticated);
    }
    auto acting = start(words_of(act, {}, &*known, services), services);
    Answer answer = co_await acting;
    answer.caller = known->names;
    co_return answer;
}

ScriptWords RedisRecords::words_of(const UserAct& act, std::string_view session,
                                   const KnownCaller* known, Services& services) const {
    const Trace& trace = services.trace();
    const std::string_view request =
        trace.trace.empty() ? trace.request
                            : format::concat(services.memory(), trace.request, " ", trace.trace);
    return script_words(act, request, session, known, settings_, services.memory());
}

Task<Answer> RedisRecords::ask(std::span<const std::string_view> words, Effect effect,
                               Services& services) {
    const StoreTimer timer(services.trace());
    const bool writes = effect != Effect::reads;
    redis::Client& client = source_.client();
    redis::Call call(client, words, {writes, deadline(client, services), words[1]},
                     services.scheduler(), services.memory());
    const redis::Outcome& outcome = co_await call;
    const Answer answer = answer_of(outcome);
    if (!answer.failure) {
        client.worked(writes);
    }
    co_return answer;
}

Task<Answer> RedisRecords::start(ScriptWords words, Services& services) {
    const bool durable =
        words.effect == Effect::durable && source_.client().settings().wait.replicas != 0;
    return durable ? send_durably(std::move(words), services) : send(std::move(words), services);
}

Task<Answer> RedisRecords::send(ScriptWords words, Services& services, std::uint64_t* connection) {
    const StoreTimer timer(services.trace());
    const bool writes = words.effect != Effect::reads;
    redis::Client& client = source_.client();
    const auto options = [&] {
        return redis::CommandOptions{.writes = writes,
                                     .deadline = deadline(client, services),
                                     .key = words.first_key(),
                                     .sent = writes ? &services.trace().act_sent : nullptr};
    };
    words.words[0] = "EVALSHA";
    words.words[1] = words.script.sha1;
    redis::Call by_sha1(client, words.words, options(), services.scheduler(), services.memory());
    redis::Outcome outcome = co_await by_sha1;
    std::optional<redis::Call> by_text;
    if (outcome.reply.error_class() == "NOSCRIPT") {
        words.words[0] = "EVAL";
        words.words[1] = words.script.text;
        redis::Call& second = by_text.emplace(client, words.words, options(), services.scheduler(),
                                              services.memory());
        outcome = co_await second;
    }
    const Answer answer = answer_of(outcome);
    if (connection != nullptr) {
        *connection = outcome.connection_id;
    }
    if (!answer.failure) {
        client.worked(writes && connection == nullptr && is_done(answer.reply));
    }
    co_return answer;
}

redis::Milliseconds RedisRecords::deadline(const redis::Client& client,
                                           const Services& services) noexcept {
    return std::min(client.now() + client.settings().timeout, services.deadline());
}

}  // namespace mfa_reset::records
