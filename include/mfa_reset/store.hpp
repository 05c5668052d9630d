// The store of users, sessions and events, as an API sees it: awaitable calls that know no Redis.
#pragma once

#include <cstdint>
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
};

/// What is cleared in the target's record.
enum class Factor : std::uint8_t { oath, push };

/// One order to the store: who asks, for whom, what.
struct ResetOrder {
    std::string_view api;  ///< for the event: `am`
    std::string_view
        token;  ///< the caller's session token as sent; only its hash leaves the process
    Subject target;
    Factor factor = Factor::oath;
    SubjectCase subject_case = SubjectCase::ascii;
    bool self_allowed = true;         ///< a user may reset the own devices
    bool act = true;                  ///< false: decide only, change nothing, record nothing
    std::string_view remote_address;  ///< for the event
};

/// What the store answered.
struct ResetAnswer {
    enum class Verdict : std::uint8_t {
        done,             ///< reset, or, where `act` was false, allowed
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

class Store {
public:
    /// Authorises and resets in one atomic step, and appends the event; sets
    /// `services.trace().request` and its store time. Never throws but std::bad_alloc. `order` must
    /// live until it has ended.
    virtual Task<ResetAnswer> reset(const ResetOrder& order, Services& services) = 0;

protected:
    ~Store() = default;
};

}  // namespace mfa_reset
