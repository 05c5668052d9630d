// What AM's API asks of the records: acts on a user, each of which is authorized in the same step
// (rule.lua and the script of the act), and what AM said of a session a moment ago.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "am/devices/devices.hpp"
#include "am/factor.hpp"
#include "auth/digests.hpp"
#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"

namespace mfa_reset::am {

/// An administrator by configuration, folded as the order's subject case says.
struct Administrator {
    std::string_view name;   ///< a user of the realm `in`, or a whole universal id
    std::string_view in;     ///< empty: `name` is a universal id
    std::string_view realm;  ///< what is administered: this realm and all below
};

/// What the store does for a caller who may.
enum class Act : std::uint8_t {
    decide,    ///< nothing: it changes and records nothing
    forward,   ///< it records that the order was handed on, and changes nothing
    reset,     ///< the devices of the factor go, and so does the skip setting
    skip,      ///< the skip setting becomes `setting`
    edit,      ///< one device goes or gets a name: see DeviceEdit
    read,      ///< the field `field` of the target's record
    overview,  ///< the fields about factors, challenges and locks
    events,    ///< the newest events
};

/// An edit of the devices of one factor, of a text that was read before.
struct DeviceEdit {
    bool is_removal = false;
    std::string_view stored{};  ///< the text that was read
    Edit edit{};                ///< of that text
    std::string_view name{};    ///< for the event: of a renaming, the new name
};

/// One order to the store: caller, target, act.
struct Order {
    std::string_view api;  ///< for the event: `am`
    /// The caller's session token as sent; only its hash leaves the process. Not looked at if
    /// `caller` is given.
    std::string_view token;
    std::optional<Caller> caller;
    std::span<const Administrator> administrators;  ///< beside those of the session's own making
    Subject target;                                 ///< without a NUL
    Factor factor = Factor::oath;
    SubjectCase subject_case = SubjectCase::ascii;
    bool self_allowed = true;     ///< users may act on their own devices
    std::string_view self_level;  ///< digits: the authentication level that they need; empty: any
    Act act = Act::reset;
    std::string_view remote_address;  ///< for the event
    std::string_view device{};        ///< for the event of forward and edit: a uuid; empty: none
    std::string_view setting{};       ///< of skip: `1` skippable, `2` not skippable
    DeviceEdit edit{};                ///< of edit
    std::string_view field{};         ///< of read
    std::size_t most = 0;             ///< of events: how many at most
};

struct Decision {
    enum class Verdict : std::uint8_t {
        done,             ///< done, or, if there was nothing to do, allowed
        nothing,          ///< allowed; the target has a record and there was nothing to change
        no_record,        ///< allowed as the user itself; no record, nothing written
        unauthenticated,  ///< no such session
        forbidden,        ///< the caller may not; tells nothing about the target
        level,            ///< the user may, in a session of a higher authentication level
        unknown,          ///< allowed as administrator; the target has no record
        changed,          ///< allowed; the text to be edited has changed since it was read
    };
    std::optional<Failure> failure{};  ///< then there is no verdict
    Verdict verdict = Verdict::unauthenticated;
    // The caller as the session has it; empty if no session was found, or that is not known.
    std::string_view caller_user{};
    std::string_view caller_realm{};
    std::string_view caller_universal_id{};
    /// Of `done` and `changed`: what was read, as the act's script says; empty if there is nothing.
    std::string_view text{};
    bool has_text = false;
};

/// A session of the records, for the client that has its token.
struct StoredSession {
    std::optional<Failure> failure{};
    bool found = false;
    std::string_view user{};
    std::string_view realm{};
    std::string_view universal_id{};  ///< empty: none
    std::string_view level{};         ///< of authentication; empty: none
    std::int64_t now = 0;             ///< by the records' clock, in seconds since 1970
    std::int64_t end = 0;             ///< when it ends; negative: never
};

/// Tests have a store of their own.
class Store {
public:
    /// Authorizes and acts in one atomic step, and appends the event if the act has one; sets
    /// `services.trace().request` and its store time.
    virtual Task<Decision> act(const Order& order, Services& services) = 0;

    virtual Task<StoredSession> find_session(std::string_view token, Services& services) = 0;

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
    explicit RecordStore(Records& records) : records_(records) {}

    // Store
    Task<Decision> act(const Order& order, Services& services) override;
    Task<StoredSession> find_session(std::string_view token, Services& services) override;
    Task<std::string_view> recall_session(std::string_view token, Services& services) override;
    Task<bool> remember_session(std::string_view token, std::string_view text,
                                std::chrono::milliseconds lifetime, Services& services) override;

private:
    /// The arguments that the script of the order's act has of its own, the last of all.
    std::pmr::vector<std::string_view> own_arguments(const Order& order, Memory& memory) const;

    Records& records_;
    auth::Digests digests_;
};

}  // namespace mfa_reset::am
