// The records of users and sessions, and the events, for the store of an API: it runs scripts and
// commands, on keys that it gets here. The interface does not show which servers have the records.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mfa_reset/reply.hpp"
#include "mfa_reset/script.hpp"
#include "mfa_reset/subject.hpp"
#include "mfa_reset/task.hpp"

namespace mfa_reset {

class Services;

/// Why there is no usable reply.
struct Failure {
    enum class Kind : std::uint8_t {
        unavailable,  ///< not reachable, too slow or too busy; nothing was done
        uncertain,    ///< sent, and the reply was lost or late; may have been done
        broken,       ///< an error, or a reply of the wrong kind
    };
    Kind kind = Kind::broken;
    std::string_view why;  ///< a sentence for the log; lives as long as the request
};

/// For a reply that the script or command cannot have.
inline constexpr Failure kWrongReply{Failure::Kind::broken,
                                     "Redis gave an answer of the wrong kind"};

/// A caller who was identified without a session in the records.
struct Caller {
    std::string_view user;
    std::string_view realm;         ///< `/`, `/alpha/eu`
    std::string_view universal_id;  ///< empty: none
    std::string_view level{};       ///< of authentication, as the session has it; empty: none
};

/// How a script or a command ended.
struct Answer {
    std::optional<Failure> failure{};
    /// Valid if there is no failure, or the failure is that the reply is too large.
    Reply reply{};
    std::optional<Caller> caller{};  ///< of an act, if it was read before the script ran
};

enum class Effect : std::uint8_t {
    reads,   ///< a lost reply is `unavailable`
    writes,  ///< sent once; a lost reply is `uncertain`
    /// Writes. If it wrote (see below), it succeeds only after the number of replicas in
    /// mfa_reset_redis_wait have it; too few are `uncertain`. Scripts only.
    durable,
};

/// A script that writes returns a text that begins with its verdict, up to the end or a NUL.
/// `done`: it acted. `nothing`: there was nothing to do; it wrote an event at most. Any other
/// verdict: there is no write to wait for.
inline constexpr std::string_view kDone = "done";
inline constexpr std::string_view kNothing = "nothing";

/// A script with its keys and arguments.
struct ScriptRun {
    const Script& script;
    std::span<const std::string_view> keys;  ///< 1 to 9, all in one slot
    std::span<const std::string_view> arguments{};
    Effect effect = Effect::reads;
};

/// The keys of one user.
struct UserKeys {
    std::string_view record;  ///< mfa:{/alpha/demo}
    std::string_view events;  ///< mfa:{/alpha/demo}:events
};

/// A user whose name was read from a record.
struct StoredUser {
    Subject names;  ///< for logs: the realm as stored, the user's name percent-decoded
    UserKeys keys;
};

/// How a script learns who the caller is.
struct CallerSource {
    std::string_view token;         ///< of a session; only its hash is sent
    std::optional<Caller> known{};  ///< if given, `token` is ignored
};

/// A script that acts on one user and adds the event. Its keys and arguments:
///
///     KEYS  the user's record, its events
///           the caller's session, if a caller is asked for and is not known
///           the stream of all events, if there is one: ARGV[2] is not 0
///     ARGV  1 to 5: see src/records/event.lua, which such a script begins with
///           `arguments`
///           if a caller is asked for, and is known: user, realm, universal id (or
///           nothing), the realm that the caller administers by the session (or nothing), the
///           authentication level (or nothing)
///           `more_arguments`
///
/// If the session is on another server than the user, it is read first, and the script gets a known
/// caller. If there is no such session then, the script does not run, and the reply is what it
/// would return: `unauthenticated`.
struct UserAct {
    const Script& script;
    UserKeys user;
    std::string_view api;             ///< its name, for the event
    std::string_view remote_address;  ///< for the event
    std::optional<CallerSource> caller{};
    std::span<const std::string_view> arguments{};
    std::span<const std::string_view> more_arguments{};
    Effect effect = Effect::durable;
};
inline constexpr std::string_view kUnauthenticated = "unauthenticated";

/// The kind of the keys of sessions, see token_key().
inline constexpr std::string_view kSession = "session:";

class Records {
public:
    /// The keys of a user whose names are folded already.
    virtual UserKeys user_keys(const Subject& folded, Memory& memory) const = 0;

    /// Reads the name of a user, which another program wrote: `/alpha/demo`, as in the user's key.
    /// Returns nullopt if it does not begin with a slash, has an empty segment or a dot segment,
    /// its percent-encoding is invalid, or it is not UTF-8, holds a NUL or is longer than 1024
    /// bytes.
    virtual std::optional<StoredUser> read_user(std::string_view text, SubjectCase subject_case,
                                                Memory& memory) const = 0;

    /// `mfa:context:<name>`, if `kind` is `context:`.
    virtual std::string_view key(std::string_view kind, std::string_view name,
                                 Memory& memory) const = 0;

    /// `mfa:session:<sha256 hex of the token>`, if `kind` is kSession.
    virtual std::string_view token_key(std::string_view kind, std::string_view token,
                                       Memory& memory) = 0;

    /// Sets `services.trace().request`, the id of the request in its event and in the log. act()
    /// does so too, if needed.
    virtual void name_request(Services& services) = 0;

    /// Sends one command, whose first argument is its key.
    virtual Task<Answer> ask(std::span<const std::string_view> words, Effect effect,
                             Services& services) = 0;

    /// Runs a script.
    virtual Task<Answer> run(const ScriptRun& run, Services& services) = 0;

    virtual Task<Answer> act(const UserAct& act, Services& services) = 0;

protected:
    ~Records() = default;
};

}  // namespace mfa_reset
