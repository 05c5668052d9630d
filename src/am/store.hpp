// What AM's API asks of the records: the reset, which is authorized in the same step (reset.lua),
// and what AM said of a session a moment ago.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"

namespace mfa_reset::am {

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

/// One order to the store: caller, target, act.
struct ResetOrder {
    std::string_view api;  ///< for the event: `am`
    /// The caller's session token as sent; only its hash leaves the process. Not looked at if
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

struct ResetAnswer {
    enum class Verdict : std::uint8_t {
        done,             ///< reset, or, if that was not the act, allowed
        nothing,          ///< allowed; the target has a record and there was nothing to clear
        no_record,        ///< allowed as the user itself; no record, nothing written
        unauthenticated,  ///< no such session
        forbidden,        ///< the caller may not; tells nothing about the target
        unknown,          ///< allowed as administrator; the target has no record
    };
    std::optional<Failure> failure{};  ///< then there is no verdict
    Verdict verdict = Verdict::unauthenticated;
    // The caller as the session has it; empty if no session was found, or that is not known.
    std::string_view caller_user{};
    std::string_view caller_realm{};
    std::string_view caller_universal_id{};
};

/// Tests have a store of their own.
class Store {
public:
    /// Authorizes and resets in one atomic step, and appends the event; sets
    /// `services.trace().request` and its store time.
    virtual Task<ResetAnswer> reset(const ResetOrder& order, Services& services) = 0;

    /// What remember_session() kept of this token; empty if there is nothing, or the records do
    /// not answer.
    virtual Task<std::string_view> recall_session(std::string_view token, Services& services) = 0;

    /// Keeps `text` for as long as `lifetime`, under the token's hash. Returns whether it is kept.
    virtual Task<bool> remember_session(std::string_view token, std::string_view text,
                                        std::chrono::milliseconds lifetime, Services& services) = 0;

protected:
    ~Store() = default;
};

class RecordStore final : public Store {
public:
    explicit RecordStore(Records& records) noexcept : records_(records) {}

    // Store
    Task<ResetAnswer> reset(const ResetOrder& order, Services& services) override;
    Task<std::string_view> recall_session(std::string_view token, Services& services) override;
    Task<bool> remember_session(std::string_view token, std::string_view text,
                                std::chrono::milliseconds lifetime, Services& services) override;

private:
    Records& records_;
};

}  // namespace mfa_reset::am
