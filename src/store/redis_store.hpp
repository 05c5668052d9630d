// The store on Redis: each call is one command, most of them a script that decides and acts in one
// step (*.lua).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "auth/random_id.hpp"
#include "auth/sha256.hpp"
#include "mfa_reset/api.hpp"
#include "mfa_reset/store.hpp"
#include "redis/call.hpp"
#include "redis/client.hpp"
#include "redis/script.hpp"

namespace mfa_reset::store {

struct StoreSettings {
    std::string prefix = "mfa:";     ///< mfa_reset_prefix
    std::size_t events_length = 20;  ///< mfa_reset_events_length; 0: none for each user
    /// The key of mfa_reset_events_stream, prefix included; empty: none. In a Redis Cluster it
    /// would lie in another slot than most users.
    std::string events_stream{};
    std::size_t events_stream_length = 1'000'000;  ///< about so many are kept; not 0

    bool operator==(const StoreSettings&) const = default;
};

class RedisStore final : public Store {
public:
    /// ServiceStack's sessions are at `sessions`, all the rest at `client`. All outlive the store.
    /// Throws std::bad_alloc.
    RedisStore(redis::Client& client, redis::Client& sessions, const StoreSettings& settings)
        : client_(client), sessions_(sessions), settings_(settings) {}
    RedisStore(redis::Client& client, const StoreSettings& settings)
        : RedisStore(client, client, settings) {}

    Task<ResetAnswer> reset(const ResetOrder& order, Services& services) override;
    Task<std::string_view> recall_session(std::string_view token, Services& services) override;
    Task<bool> remember_session(std::string_view token, std::string_view text,
                                std::chrono::milliseconds lifetime, Services& services) override;

    // In redis_store_challenge.cpp.
    Task<ChallengeAnswer> reset_challenge(const ChallengeOrder& order, Services& services) override;

    // Those of callers whom Redis does not judge: redis_store_callers.cpp.
    Task<ResetAnswer> reset_all(const FullResetOrder& order, Services& services) override;
    Task<StoredSession> servicestack_session(std::string_view id, Services& services) override;
    Task<CallerDevices> caller_devices(const Subject& caller, SubjectCase subject_case,
                                       Services& services) override;
    Task<CodeAnswer> check_code(const CodeOrder& order, Services& services) override;

private:
    /// `words` is a whole command: two places that run() fills, the number of keys, the keys (one
    /// at least, all of one slot), the arguments.
    struct ScriptCall {
        const redis::Script& script;
        std::span<std::string_view> words;
        bool writes;
    };

    /// Runs a script by its SHA1, and by its text where Redis does not know it: NOSCRIPT proves
    /// that nothing ran. Ends by the command's timeout and the request's deadline, whichever is
    /// first.
    Task<redis::Outcome> run(ScriptCall script_call, Services& services);

    /// The same for a reset: where the script says that it wrote, which its verdict tells, the
    /// outcome is uncertain unless as many replicas as are wanted have it. In
    /// redis_store_durable.cpp.
    Task<redis::Outcome> change(ScriptCall script_call, Services& services);
    Task<redis::Outcome> change_durably(ScriptCall script_call, Services& services);
    Task<std::uint64_t> replication_passage(std::string_view key, std::string_view waiting,
                                            Services& services);

    /// One command whose first argument is its key, sent once.
    static Task<redis::Outcome> ask(redis::Client& client, std::span<const std::string_view> words,
                                    bool writes, Services& services);

    /// Of a script that writes where it has something to write: whether it did.
    template <class Answer>
    Answer noted(const Answer& answer) const noexcept {
        using Verdict = typename Answer::Verdict;
        if (answer.verdict == Verdict::done) {
            client_.worked(true);
        }
        return answer;
    }

    /// `mfa:<kind><sha256 hex of the token>`
    std::string_view token_key(std::string_view kind, std::string_view token, Memory& memory);

    /// Reads the session of `token`, for where it lies in another slot than the user's record.
    Task<redis::Outcome> read_caller(std::string_view token, Services& services);

    /// Reads the field `subject` of a context. It lies in another Redis Cluster slot than the
    /// user's record, so that no script can do both.
    Task<redis::Outcome> read_context(std::string_view context, Services& services);

    /// When a command that is sent now must have its reply.
    static redis::Milliseconds deadline(const redis::Client& client,
                                        const Services& services) noexcept;

    redis::Client& client_;
    redis::Client& sessions_;
    const StoreSettings& settings_;
    auth::Sha256 sha256_;
    auth::RandomIds ids_;
};

}  // namespace mfa_reset::store
