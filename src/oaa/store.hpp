// What OAA's API asks of the records: from a context to its user, and the reset of a counter there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"

namespace mfa_reset::oaa {

/// One order to clear the counter and the lock of one challenge type of one user, by a caller who
/// is known to be allowed to (contracts: oaa.md, "Meaning").
struct ResetOrder {
    std::string_view api;      ///< for the event: `oaa`
    std::string_view caller;   ///< for the event: the name of the service credential
    std::string_view context;  ///< whose user it is: 1 to 128 characters of `A-Za-z0-9._~-`
    std::string_view type;  ///< `ChallengeSMS`; a field's name is made of it, so it is a known one
    SubjectCase subject_case = SubjectCase::ascii;
    std::string_view remote_address;  ///< for the event
};

struct ResetAnswer {
    enum class Verdict : std::uint8_t {
        done,       ///< something was counted or locked, and is cleared
        nothing,    ///< the user has a record, and there was nothing to clear
        no_record,  ///< the user has none; nothing written
        unknown,    ///< no such context, or no more
    };
    std::optional<Failure> failure{};  ///< then there is no verdict
    Verdict verdict = Verdict::unknown;
    Subject target{};  ///< as the context names it; empty if it was not read
};

/// Tests have a store of their own.
class Store {
public:
    /// Finds the user of a context, clears counter and lock in one atomic step, and appends the
    /// event; sets `services.trace().request` and its store time.
    virtual Task<ResetAnswer> reset(const ResetOrder& order, Services& services) = 0;

protected:
    ~Store() = default;
};

class RecordStore final : public Store {
public:
    explicit RecordStore(Records& records) noexcept : records_(records) {}

    // Store
    Task<ResetAnswer> reset(const ResetOrder& order, Services& services) override;

private:
    /// Reads the field `subject` of a context: one element. It lies in another Redis Cluster slot
    /// than the user's record, so that no script can do both.
    Task<Answer> read_context(std::string_view context, Services& services);

    Records& records_;
};

}  // namespace mfa_reset::oaa
