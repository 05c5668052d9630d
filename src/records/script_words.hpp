// How a script is called: the words of its command.
#pragma once

#include <string_view>
#include <vector>

#include "mfa_reset/records.hpp"
#include "records/settings.hpp"

namespace mfa_reset::records {

/// The command that runs a script; its first two words are left to what sends it (EVALSHA and the
/// SHA1, or EVAL and the text).
struct ScriptWords {
    const Script& script;
    std::pmr::vector<std::string_view> words;
    Effect effect;

    std::string_view first_key() const noexcept { return words[3]; }
};

/// A caller as the script is told.
struct KnownCaller {
    Caller names;
    std::string_view administers{};  ///< the realm, by the session; empty: none
};

/// Views what `run` views. Throws std::bad_alloc.
ScriptWords script_words(const ScriptRun& run, Memory& memory);

/// The same of an act, by the request with the id `request`. At most one of `session` and `known`
/// is given: the key of the caller's session, or the caller.
ScriptWords script_words(const UserAct& act, std::string_view request, std::string_view session,
                         const KnownCaller* known, const Settings& settings, Memory& memory);

}  // namespace mfa_reset::records
