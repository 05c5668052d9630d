// The store of users, sessions and events, as an API sees it: awaitable calls that know no Redis.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mfa_reset/task.hpp"

namespace mfa_reset {

class Services;

/// How names become keys: `ascii` folds A-Z to a-z and nothing else, `exact` leaves them.
enum class SubjectCase : std::uint8_t { ascii, exact };

/// A user, by realm and name, as the API read them (percent-decoded, not folded).
struct Subject {
    std::string_view realm;  ///< `/` or `/alpha/eu`; a segment holds no `/`
    std::string_view user;
    /// One more segment below the realm, which may hold any character; empty: none.
    std::string_view organisation{};
};

/// Who asks, where that is not a session of the store's own.
struct Caller {
    std::string_view user;
    std::string_view realm;         ///< `/`, `/alpha/eu`
    std::string_view universal_id;  ///< empty: none
};

/// An administrator by configuration, folded as the order's subject case says.
struct Administrator {
    std::string_view name;   ///< a user of the realm `in`, or a whole universal id
    std::string_view in;     ///< empty: `name` is a universal id
    std::string_view realm;  ///< what is administered: this realm and all below
};

/// What the store does for a caller who may reset the target.
enum class Act : std::uint8_t {
    nothing,  ///< it decides, changes nothing and records nothing
    forward,  ///< it records that the order was handed on, and changes nothing
    reset,
};

/// What is cleared in the target's record.
enum class Factor : std::uint8_t { oath, push };

/// One order to the store: who asks, for whom, what.
struct ResetOrder {
    std::string_view api;  ///< for the event: `am`
    /// The caller's session token as sent; only its hash leaves the process. Not looked at where
    /// `caller` is given.
    std::string_view token;
    std::optional<Caller> caller;
    std::span<const Administrator> administrators;  ///< beside those of the session's own making
    Subject target;                                 ///< without a NUL
    Factor factor = Factor::oath;
    SubjectCase subject_case = SubjectCase::ascii;
    bool self_allowed = true;  ///< a user may reset the own devices
    Act act = Act::reset;
    std::string_view remote_address;  ///< for the event
};

/// What the store answered.
struct ResetAnswer {
    enum class Verdict : std::uint8_t {
        done,             ///< reset, or, where that was not the act, allowed
        nothing,          ///< allowed; the target has a record and there was nothing to clear
        no_record,        ///< allowed as the user itself; no record, nothing written
        unauthenticated,  ///< no such session
        forbidden,        ///< the caller may not; tells nothing about the target
        unknown,          ///< allowed as administrator; the target has no record
        unavailable,      ///< not reachable, too slow or too busy; certainly not done
        uncertain,        ///< sent, and the answer was lost or late; may have been done
        broken,           ///< the store answered what it must not
    };
    Verdict verdict = Verdict::broken;
    // The caller as the session has it; empty where no session was found.
    std::string_view caller_user;
    std::string_view caller_realm;
    std::string_view caller_universal_id;
    std::string_view why;  ///< of unavailable, uncertain and broken: a sentence for the log
};

/// One order to clear the counter and the lock of one challenge type of one user, by a caller who
/// is known to be allowed to (contracts: oaa.md, "Meaning").
struct ChallengeOrder {
    std::string_view api;      ///< for the event: `oaa`
    std::string_view caller;   ///< for the event: the name of the service credential
    std::string_view context;  ///< whose user it is: 1 to 128 characters of `A-Za-z0-9._~-`
    std::string_view type;  ///< `ChallengeSMS`; a field's name is made of it, so it is a known one
    SubjectCase subject_case = SubjectCase::ascii;
    std::string_view remote_address;  ///< for the event
};

struct ChallengeAnswer {
    enum class Verdict : std::uint8_t {
        done,         ///< something was counted or locked, and is cleared
        nothing,      ///< the user has a record, and there was nothing to clear
        no_record,    ///< the user has none; nothing written
        unknown,      ///< no such context, or no more
        unavailable,  ///< not reachable, too slow or too busy; certainly not done
        uncertain,    ///< sent, and the answer was lost or late; may have been done
        broken,       ///< the store answered what it must not
    };
    Verdict verdict = Verdict::broken;
    Subject target;        ///< as the context names it; empty where it was not read
    std::string_view why;  ///< of unavailable, uncertain and broken: a sentence for the log
};

/// How far the answer of a call that only reads can be trusted.
enum class Reading : std::uint8_t {
    good,
    unavailable,  ///< not reachable, too slow or too busy
    broken,       ///< the store answered what it must not
};

/// A session as another program keeps it.
struct StoredSession {
    Reading reading = Reading::broken;
    std::optional<std::string_view> text;  ///< nothing: there is no such session
    std::string_view why;                  ///< of unavailable and broken: a sentence for the log
    bool too_large = false;                ///< there is one, too large to be read: no text
};

/// What a caller's own record says about how the caller can prove to be present.
struct CallerDevices {
    Reading reading = Reading::broken;
    /// The field `oathDeviceProfiles`; empty where there is none, or no record with a name. One
    /// that is too large to be read is another text, which is no JSON.
    std::string_view oath_profiles;
    std::int64_t now = 0;  ///< seconds since the epoch, by the store's clock
    /// Wrong codes have locked the caller out, for so long; 0: they have not.
    std::chrono::milliseconds locked_for{0};
    std::string_view why;  ///< of unavailable and broken: a sentence for the log
};

/// A code that a caller gave, to be judged (contracts: foundry.md, "callerCode").
struct CodeOrder {
    Subject caller;
    SubjectCase subject_case = SubjectCase::exact;
    std::optional<std::int64_t> step;  ///< whose code it is; nothing: no device's
    unsigned attempts = 5;             ///< so many wrong codes in a row lock the caller out,
    std::chrono::milliseconds lock{};  ///< for so long
};

struct CodeAnswer {
    enum class Verdict : std::uint8_t {
        accepted,     ///< and used up
        wrong,        ///< counted, where the caller has a record
        used,         ///< of a step that is not later than the last accepted one; not counted
        locked,       ///< whatever the code; not counted
        unavailable,  ///< not reachable, too slow or too busy; certainly not judged
        uncertain,    ///< sent, and the answer was lost or late; may have been judged
        broken,       ///< the store answered what it must not
    };
    Verdict verdict = Verdict::broken;
    std::chrono::milliseconds locked_for{};  ///< of `locked`: how much longer
    std::string_view why;  ///< of unavailable, uncertain and broken: a sentence for the log
};

/// The reset of all second factors of a user, by a caller who is known to be allowed to.
struct FullResetOrder {
    std::string_view api;     ///< for the event: `foundry`
    std::string_view caller;  ///< for the event: `/foundry/org-7/1`
    Subject target;
    SubjectCase subject_case = SubjectCase::exact;
    std::string_view remote_address;  ///< for the event
};

class Store {
public:
    /// Authorises and resets in one atomic step, and appends the event; sets
    /// `services.trace().request` and its store time. Never throws but std::bad_alloc. `order` must
    /// live until it has ended.
    virtual Task<ResetAnswer> reset(const ResetOrder& order, Services& services) = 0;

    /// What remember_session() kept of this token; empty where there is nothing, or the store does
    /// not answer. Never throws but std::bad_alloc.
    virtual Task<std::string_view> recall_session(std::string_view token, Services& services) = 0;

    /// Keeps `text` for as long as `lifetime`, under the token's hash. Returns whether it is kept.
    /// Never throws but std::bad_alloc. The views must live until it has ended.
    virtual Task<bool> remember_session(std::string_view token, std::string_view text,
                                        std::chrono::milliseconds lifetime, Services& services) = 0;

    /// Finds the user of a context, clears counter and lock in one atomic step, and appends the
    /// event; sets `services.trace().request` and its store time. Never throws but std::bad_alloc.
    /// `order` must live until it has ended.
    virtual Task<ChallengeAnswer> reset_challenge(const ChallengeOrder& order,
                                                  Services& services) = 0;

    /// Clears both devices, both skip settings, and all challenge counters and locks of the target
    /// in one atomic step, and appends the event; sets `services.trace().request`. What concerns
    /// the target's own codes as a caller stays. The verdict is done, nothing, unknown,
    /// unavailable, uncertain or broken; no caller is named. Never throws but std::bad_alloc.
    /// `order` must live until it has ended.
    virtual Task<ResetAnswer> reset_all(const FullResetOrder& order, Services& services) = 0;

    /// Reads the session that ServiceStack keeps under `id`, which is of the form of such an id.
    /// Never throws but std::bad_alloc. `id` must live until it has ended.
    virtual Task<StoredSession> servicestack_session(std::string_view id, Services& services) = 0;

    /// Reads the caller's devices and the store's clock, in one step. Never throws but
    /// std::bad_alloc. `caller` must live until it has ended.
    virtual Task<CallerDevices> caller_devices(const Subject& caller, SubjectCase subject_case,
                                               Services& services) = 0;

    /// Judges a code, counts it, and uses it up, in one atomic step on the caller's record and by
    /// the store's clock. Sent once. Never throws but std::bad_alloc. `order` must live until it
    /// has ended.
    virtual Task<CodeAnswer> check_code(const CodeOrder& order, Services& services) = 0;

protected:
    ~Store() = default;
};

}  // namespace mfa_reset
