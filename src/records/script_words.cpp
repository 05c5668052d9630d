#include "records/script_words.hpp"

#include "format/text.hpp"

namespace mfa_reset::records {

namespace {

/// The words before the keys: EVALSHA, the script, the number of keys.
constexpr std::size_t kBeforeKeys = 3;
constexpr std::string_view kCounts = "0123456789";

ScriptWords begin(const Script& script, Effect effect, std::size_t keys, std::size_t arguments,
                  Memory& memory) {
    ScriptWords result{script, std::pmr::vector<std::string_view>{&memory}, effect};
    result.words.reserve(kBeforeKeys + keys + arguments);
    result.words.assign({{}, {}, kCounts.substr(keys, 1)});
    return result;
}

void append(ScriptWords& to, std::span<const std::string_view> words) {
    to.words.insert(to.words.end(), words.begin(), words.end());
}

std::string_view text_of(std::size_t number, Memory& memory) {
    return format::Text(memory).append_number(number).view();
}

}  // namespace

ScriptWords script_words(const ScriptRun& run, Memory& memory) {
    ScriptWords result =
        begin(run.script, run.effect, run.keys.size(), run.arguments.size(), memory);
    append(result, run.keys);
    append(result, run.arguments);
    return result;
}

ScriptWords script_words(const UserAct& act, std::string_view request, std::string_view session,
                         const KnownCaller* known, const Settings& settings, Memory& memory) {
    constexpr std::size_t kEventArguments = 5;
    constexpr std::size_t kCallerArguments = 5;
    const std::string_view stream = settings.events_stream;
    const std::size_t keys = 2U + (session.empty() ? 0U : 1U) + (stream.empty() ? 0U : 1U);
    ScriptWords result =
        begin(act.script, act.effect, keys,
              kEventArguments + act.arguments.size() + kCallerArguments + act.more_arguments.size(),
              memory);
    auto& words = result.words;
    words.insert(words.end(), {act.user.record, act.user.events});
    for (const std::string_view key : {session, stream}) {
        if (!key.empty()) {
            words.push_back(key);
        }
    }
    const std::size_t all = stream.empty() ? 0 : settings.events_stream_length;
    words.insert(words.end(), {text_of(settings.events_length, memory), text_of(all, memory),
                               act.api, act.remote_address, request});
    append(result, act.arguments);
    if (known != nullptr) {
        const auto& [user, realm, universal_id, level] = known->names;
        words.insert(words.end(), {user, realm, universal_id, known->administers, level});
    }
    append(result, act.more_arguments);
    return result;
}

}  // namespace mfa_reset::records
