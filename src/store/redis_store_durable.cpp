// Changes that are answered for only once replicas have them: mfa_reset_redis_wait.
#include <array>
#include <cstdint>
#include <string_view>

#include "format/text.hpp"
#include "redis/replication.hpp"
#include "store/call_parts.hpp"
#include "store/redis_store.hpp"

namespace mfa_reset::store {

namespace {

/// Whether a script has written: an event at least.
bool is_change(const redis::Reply& reply) noexcept {
    const std::string_view text = reply.string_or_empty();
    const std::string_view verdict = text.substr(0, text.find('\0'));
    return verdict == "done" || verdict == "nothing";
}

std::string_view waiting_key(std::string_view record, Memory& memory) {
    return format::concat(memory, record, ":wait");
}

}  // namespace

Task<redis::Outcome> RedisStore::change(ScriptCall script_call, Services& services) {
    return client_.settings().wait.replicas == 0 ? run(script_call, services)
                                                 : change_durably(script_call, services);
}

/// While that connection is being made, as after a reload, the request waits for it.
Task<std::uint64_t> RedisStore::replication_passage(std::string_view key, std::string_view waiting,
                                                    Services& services) {
    redis::Replication* replication = client_.replication(key);
    if (replication != nullptr && replication->passage() != 0) {
        co_return replication->passage();
    }
    const std::array<std::string_view, 5> words{"SET", waiting, "1", "EX", "60"};
    redis::Call call(client_, words,
                     {.deadline = deadline(client_, services), .key = key, .vouching = true},
                     services.scheduler(), services.memory());
    const redis::Outcome& outcome = co_await call;
    co_return outcome.reply.is_status("OK") ? outcome.passage : 0;
}

Task<redis::Outcome> RedisStore::change_durably(ScriptCall script_call, Services& services) {
    const std::string_view key = script_call.words[kFirstKey];
    // Whatever may fail here comes before the change.
    const std::string_view waiting = waiting_key(key, services.memory());
    auto finding = replication_passage(key, waiting, services);
    redis::Passages passages;
    passages.replication = co_await finding;
    if (passages.replication == 0) {
        redis::Outcome none;
        none.why = "there is no connection to wait for replicas on";
        co_return none;
    }
    auto running = run(script_call, services);
    redis::Outcome outcome = co_await running;
    if (!is_change(outcome.reply)) {
        co_return outcome;
    }
    passages.command = outcome.passage;
    const StoreTimer timer(services.trace());
    redis::Replicated replicated(client_, waiting, passages, services.deadline(),
                                 services.scheduler());
    outcome.why = co_await replicated;
    if (!outcome.why.empty()) {
        outcome.kind = redis::Outcome::Kind::uncertain;
    }
    co_return outcome;
}

}  // namespace mfa_reset::store
