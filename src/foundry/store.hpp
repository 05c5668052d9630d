// What Foundry's API asks of the records: the caller's session, whether the caller's code is good,
// and the reset. Who may reset, the API judges itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"

namespace mfa_reset::foundry {

/// A session or a user as ServiceStack keeps it.
struct StoredText {
    std::optional<Failure> failure{};
    std::optional<std::string_view> text{};  ///< nullopt: there is none
    bool too_large = false;                  ///< there is one, too large to be read: no text
};

/// What a caller's own record says about how the caller can prove to be present.
struct CallerDevices {
    std::optional<Failure> failure{};
    /// The field `oathDeviceProfiles`; empty if there is none, or no record with a name. One that
    /// is too large to be read is another text, which is no JSON.
    std::string_view oath_profiles{};
    std::int64_t now = 0;  ///< seconds since the epoch, by the store's clock
    /// Wrong codes have locked the caller out, for so long; 0: they have not.
    std::chrono::milliseconds locked_for{0};
};

/// A code that a caller gave, to be judged (contracts: foundry.md, "callerCode").
struct CodeOrder {
    Subject caller;
    SubjectCase subject_case = SubjectCase::exact;
    std::optional<std::int64_t> step;  ///< whose code it is; nullopt: no device's
    unsigned attempts = 5;             ///< wrong codes in a row until the lock
    std::chrono::milliseconds lock{};  ///< how long the lock holds
};

struct CodeAnswer {
    enum class Verdict : std::uint8_t {
        accepted,  ///< and used up
        wrong,     ///< counted, if the caller has a record
        used,      ///< of a step that is not later than the last accepted one; not counted
        locked,    ///< whatever the code; not counted
    };
    std::optional<Failure> failure{};
    Verdict verdict = Verdict::wrong;
    std::chrono::milliseconds locked_for{};  ///< of `locked`: how much longer
};

/// The reset of all second factors of a user, by a caller who is known to be allowed to.
struct ResetOrder {
    std::string_view api;     ///< for the event: `foundry`
    std::string_view caller;  ///< for the event: `/foundry/org-7/1`
    Subject target;
    SubjectCase subject_case = SubjectCase::exact;
    std::string_view remote_address;  ///< for the event
};

struct ResetAnswer {
    enum class Verdict : std::uint8_t {
        done,     ///< something was there, and is cleared
        nothing,  ///< the target has a record, and there was nothing to clear
        unknown,  ///< the target has none; nothing written
    };
    std::optional<Failure> failure{};
    Verdict verdict = Verdict::unknown;
};

/// Tests have a store of their own.
class Store {
public:
    /// Reads the session that ServiceStack keeps under `id`, which is of the form of such an id.
    virtual Task<StoredText> read_session(std::string_view id, Services& services) = 0;

    /// Reads the user that ServiceStack keeps under `id`.
    virtual Task<StoredText> read_user(std::string_view id, Services& services) = 0;

    /// Reads the caller's devices and the store's clock, in one step.
    virtual Task<CallerDevices> read_devices(const Subject& caller, SubjectCase subject_case,
                                             Services& services) = 0;

    /// Judges a code, counts it, and uses it up, in one atomic step on the caller's record and by
    /// the store's clock. Sent once.
    virtual Task<CodeAnswer> check_code(const CodeOrder& order, Services& services) = 0;

    /// Clears both devices, both skip settings, and all challenge counters and locks of the target
    /// in one atomic step, and appends the event; sets `services.trace().request`. What concerns
    /// the target's own codes as a caller stays.
    virtual Task<ResetAnswer> reset(const ResetOrder& order, Services& services) = 0;

protected:
    ~Store() = default;
};

class RecordStore final : public Store {
public:
    /// ServiceStack's sessions and users are at `sessions`, all the rest at `records`.
    /// `session_prefix`: what ServiceStack puts before the keys of sessions, not of users.
    RecordStore(Records& records, Records& sessions, std::string session_prefix = {})
        : records_(records), sessions_(sessions), session_prefix_(std::move(session_prefix)) {}

    // Store
    Task<StoredText> read_session(std::string_view id, Services& services) override;
    Task<StoredText> read_user(std::string_view id, Services& services) override;
    Task<CallerDevices> read_devices(const Subject& caller, SubjectCase subject_case,
                                     Services& services) override;
    Task<CodeAnswer> check_code(const CodeOrder& order, Services& services) override;
    Task<ResetAnswer> reset(const ResetOrder& order, Services& services) override;

private:
    /// A string of ServiceStack's.
    Task<StoredText> read_text(std::string_view key, Services& services);

    /// The key of the user's record.
    std::string_view record_of(const Subject& user, SubjectCase subject_case, Memory& memory) const;

    Records& records_;
    Records& sessions_;
    std::string session_prefix_;
};

}  // namespace mfa_reset::foundry
