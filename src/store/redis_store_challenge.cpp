// The reset of a challenge counter: from the context to its user, and from there one script.
#include <array>

#include "format/text.hpp"
#include "store/call_parts.hpp"
#include "store/event_words.hpp"
#include "store/failures.hpp"
#include "store/redis_store.hpp"
#include "store/scripts.hpp"
#include "store/stored_subject.hpp"

namespace mfa_reset::store {

namespace {

using Type = redis::Reply::Type;
using Verdict = ChallengeAnswer::Verdict;

ChallengeAnswer answer_of(Verdict verdict) noexcept {
    ChallengeAnswer answer;
    answer.verdict = verdict;
    return answer;
}

/// What the reading of a context comes to that is no array of one element; nothing where it is.
std::optional<ChallengeAnswer> failed_reading(const redis::Outcome& outcome) noexcept {
    if (const auto failure = failure_of(outcome)) {
        return failed<ChallengeAnswer>(*failure);
    }
    const redis::Reply& reply = outcome.reply;
    if (!reply.is(redis::Reply::Type::array) || reply.elements.size() != 1) {
        return failed<ChallengeAnswer>(kWrong);
    }
    return std::nullopt;
}

/// What challenge.lua returns.
ChallengeAnswer read_answer(const redis::Outcome& outcome) noexcept {
    if (const auto failure = failure_of(outcome)) {
        return failed<ChallengeAnswer>(*failure);
    }
    const std::string_view verdict = outcome.reply.string_or_empty();
    return verdict == "done"        ? answer_of(Verdict::done)
           : verdict == "nothing"   ? answer_of(Verdict::nothing)
           : verdict == "no_record" ? answer_of(Verdict::no_record)
                                    : failed<ChallengeAnswer>(kWrong);
}

}  // namespace

Task<ChallengeAnswer> RedisStore::reset_challenge(const ChallengeOrder& order, Services& services) {
    Memory& memory = services.memory();
    services.trace().request = ids_.next(memory);

    auto reading = read_context(order.context, services);
    const redis::Outcome context = co_await reading;
    if (const auto failure = failed_reading(context)) {
        co_return *failure;
    }
    const redis::Reply& subject = context.reply.elements[0];
    if (subject.is(Type::nil)) {
        co_return answer_of(Verdict::unknown);
    }
    const auto user = parse_stored_subject(subject.string_or_empty(), order.subject_case,
                                           settings_.prefix, memory);
    if (!user) {
        co_return failed<ChallengeAnswer>(
            {Failure::Kind::broken, "the subject of the context is malformed"});
    }

    auto words =
        event_words(settings_, user->keys, {},
                    {order.api, order.remote_address, services.trace().request}, 2, memory);
    words.insert(words.end(), {order.type, order.caller});
    auto running = change({scripts::challenge, words, true}, services);
    const redis::Outcome outcome = co_await running;
    ChallengeAnswer answer = noted(read_answer(outcome));
    answer.target = user->names;
    co_return answer;
}

Task<redis::Outcome> RedisStore::read_context(std::string_view context, Services& services) {
    const std::array words{std::string_view{"HMGET"},
                           format::concat(services.memory(), settings_.prefix, "context:", context),
                           std::string_view{"subject"}};
    auto running = ask(client_, words, false, services);
    co_return co_await running;
}

}  // namespace mfa_reset::store
