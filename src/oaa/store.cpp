#include "oaa/store.hpp"

#include <array>

#include "oaa/scripts.hpp"

namespace mfa_reset::oaa {

namespace {

using Verdict = ResetAnswer::Verdict;

/// What challenge.lua returns.
ResetAnswer read_answer(const Answer& answer, const Subject& target) noexcept {
    if (answer.failure) {
        return {answer.failure, {}, target};
    }
    const std::string_view verdict = answer.reply.string_or_empty();
    return verdict == kDone         ? ResetAnswer{{}, Verdict::done, target}
           : verdict == kNothing    ? ResetAnswer{{}, Verdict::nothing, target}
           : verdict == "no_record" ? ResetAnswer{{}, Verdict::no_record, target}
                                    : ResetAnswer{kWrongReply, {}, target};
}

}  // namespace

Task<ResetAnswer> RecordStore::reset(const ResetOrder& order, Services& services) {
    records_.name_request(services);
    auto reading = read_context(order.context, services);
    const Answer context = co_await reading;
    if (context.failure) {
        co_return ResetAnswer{context.failure};
    }
    const Reply& subject = context.reply.elements[0];
    if (subject.is(Reply::Type::nil)) {
        co_return ResetAnswer{};
    }
    const auto user =
        records_.read_user(subject.string_or_empty(), order.subject_case, services.memory());
    if (!user) {
        co_return ResetAnswer{
            Failure{Failure::Kind::broken, "the subject of the context is malformed"}};
    }

    const std::array arguments{order.type, order.caller};
    const UserAct act{.script = scripts::challenge,
                      .user = user->keys,
                      .api = order.api,
                      .remote_address = order.remote_address,
                      .arguments = arguments};
    auto acting = records_.act(act, services);
    const Answer answer = co_await acting;
    co_return read_answer(answer, user->names);
}

Task<Answer> RecordStore::read_context(std::string_view context, Services& services) {
    const std::array words{std::string_view{"HMGET"},
                           records_.key("context:", context, services.memory()),
                           std::string_view{"subject"}};
    auto asking = records_.ask(words, Effect::reads, services);
    Answer answer = co_await asking;
    if (!answer.failure && answer.reply.elements.size() != 1) {
        answer.failure = kWrongReply;
    }
    co_return answer;
}

}  // namespace mfa_reset::oaa
