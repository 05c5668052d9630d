#include "whose/store.hpp"

#include <array>

#include "whose/scripts.hpp"

namespace mfa_reset::whose {

namespace {

/// What whose.lua returns.
OwnerAnswer read_answer(const Answer& answer) noexcept {
    if (answer.failure) {
        return {answer.failure};
    }
    if (answer.reply.is(Reply::Type::nil)) {
        return {};
    }
    const auto elements = answer.reply.elements;
    if (elements.size() != 2) {
        return {kWrongReply};
    }
    return {{}, Owner{elements[0].string_or_empty(), elements[1].string_or_empty()}};
}

}  // namespace

Task<OwnerAnswer> Store::find_owner(std::string_view token, Services& services) {
    const std::array keys{records_.token_key(kSession, token, services.memory())};
    const ScriptRun run{.script = scripts::whose, .keys = keys};
    auto running = records_.run(run, services);
    const Answer answer = co_await running;
    co_return read_answer(answer);
}

}  // namespace mfa_reset::whose
