// Whose token it is, where AM itself knows (contracts: am.md, "Beside AM").
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "am/request.hpp"
#include "am/store.hpp"
#include "mfa_reset/api.hpp"
#include "mfa_reset/memory.hpp"

namespace mfa_reset::am {

/// What AM's getSessionInfo says of a session.
struct SessionInfo {
    bool valid = true;  ///< false: AM says that the token is not good, and nothing else counts
    Caller caller{};
    /// When the session ends at the latest; nothing where AM does not say.
    std::optional<std::chrono::sys_seconds> ends{};
};

/// Reads AM's answer; nothing where it is not the whole answer about a user's session. Views are
/// into `memory`.
std::optional<SessionInfo> parse_session_info(std::string_view body, Memory& memory);

struct Session {
    enum class State : std::uint8_t {
        known,
        none,       ///< AM says that the token is not good
        forbidden,  ///< the caller is known, and the token is not for what is asked
        unknown,    ///< AM did not say
    };
    State state = State::unknown;
    Caller caller;
    std::string_view why;  ///< a sentence for the log; empty: none
};

/// For Session::why: `sentence`, and `: it answered 404`. `status` is 0 if no answer came.
std::string_view why_unknown(std::string_view sentence, int status, Memory& memory);

/// From now until `end`, at most `longest`, and not negative.
std::chrono::milliseconds time_until(std::chrono::sys_seconds end,
                                     std::chrono::milliseconds longest) noexcept;

/// Asks AM whose the request's token is, or `store`, if that remembers what AM said a moment ago.
/// The token is one by auth::is_token.
Task<Session> find_session(const ParsedRequest& request, Store& store, Services& services);

}  // namespace mfa_reset::am
