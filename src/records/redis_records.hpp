// The records in Redis. Hides how many servers there are, and the wait for replicas.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "auth/random_id.hpp"
#include "auth/sha256.hpp"
#include "mfa_reset/api.hpp"
#include "mfa_reset/records.hpp"
#include "records/script_words.hpp"
#include "records/settings.hpp"
#include "redis/topology/client.hpp"

namespace mfa_reset::records {

/// Provides this process's client. Records are made when the configuration is loaded, before
/// workers have connections.
class ClientSource {
public:
    /// Starts the client at the first use.
    virtual redis::Client& client() = 0;

protected:
    ~ClientSource() = default;
};

class RedisRecords final : public Records {
public:
    RedisRecords(ClientSource& source, const Settings& settings)
        : source_(source), settings_(settings) {}

    // Records
    UserKeys user_keys(const Subject& folded, Memory& memory) const override;
    std::optional<StoredUser> read_user(std::string_view text, SubjectCase subject_case,
                                        Memory& memory) const override;
    std::string_view key(std::string_view kind, std::string_view name,
                         Memory& memory) const override;
    std::string_view token_key(std::string_view kind, std::string_view token,
                               Memory& memory) override;
    void name_request(Services& services) override;
    Task<Answer> ask(std::span<const std::string_view> words, Effect effect,
                     Services& services) override;
    Task<Answer> run(const ScriptRun& run, Services& services) override;
    Task<Answer> act(const UserAct& act, Services& services) override;

private:
    /// For an act whose caller's session is in another slot than the user: reads the session first.
    Task<Answer> act_apart(const UserAct& act, Services& services);

    ScriptWords words_of(const UserAct& act, std::string_view session, const KnownCaller* known,
                         Services& services) const;

    /// Calls send() or send_durably(), by the effect.
    Task<Answer> start(ScriptWords words, Services& services);

    /// Runs a script by its SHA1, and by its text if Redis does not know it: NOSCRIPT proves that
    /// it did not run. Ends by the command's timeout and the request's deadline, whichever is
    /// first. Without `connection`, notes in the trace whether the script wrote. Otherwise sets
    /// `*connection` to the id of the connection that the reply came from.
    Task<Answer> send(ScriptWords words, Services& services, std::uint64_t* connection = nullptr);

    // In redis_records_durable.cpp.
    Task<Answer> send_durably(ScriptWords words, Services& services);
    Task<std::uint64_t> find_wait_connection(std::string_view key, std::string_view waiting,
                                             Services& services);

    /// The deadline of a command that is sent now.
    static redis::Milliseconds deadline(const redis::Client& client,
                                        const Services& services) noexcept;

    ClientSource& source_;
    const Settings& settings_;
    auth::Sha256 sha256_;
    auth::RandomIds ids_;
};

/// Whether the script's verdict is `done`.
bool is_done(const Reply& reply) noexcept;
/// Whether the script wrote anything, an event at least.
bool is_change(const Reply& reply) noexcept;

}  // namespace mfa_reset::records
