// The words of the command that runs a script.
#pragma once

#include <string_view>
#include <vector>

#include "mfa_reset/records.hpp"
#include "records/settings.hpp"

namespace mfa_reset::records {

/// The sender sets the first two words: EVALSHA and the SHA1, or EVAL and the text.
struct ScriptWords {
    const Script& script;
    std::pmr::vector<std::string_view> words;
    Effect effect;

    std::string_view first_key() const noexcept { return words[3]; }
};

/// A caller, as passed to the script.
struct KnownCaller {
    Caller names;
    std::string_view
        administers{};  ///< the realm that the session lets the caller administer; empty: none
};

/// The words view what `run` views.
ScriptWords script_words(const ScriptRun& run, Memory& memory);

/// The words of an act. `request`: the request's id, behind which its trace
/// may stand after a blank. At most one of `session` (the key of the
/// caller's session) and `known` is given.
ScriptWords script_words(const UserAct& act, std::string_view request, std::string_view session,
                         const KnownCaller* known, const Settings& settings, Memory& memory);

}  // namespace mfa_reset::records
