// Changes that are answered for only once replicas have them: mfa_reset_redis_wait.
#include <string_view>

#include "format/text.hpp"
#include "redis/replication.hpp"
#include "store/call_parts.hpp"
#include "store/redis_store.hpp"

namespace mfa_reset::store {

namespace {

/// Whether a script has written: an event at least.
bool is_change(const redis::Reply& reply) noexcept {
    const std::string_view verdict =
        reply.elements.empty() ? std::string_view{} : reply.elements[0].string_or_empty();
    return verdict == "done" || verdict == "nothing";
}

}  // namespace

Task<redis::Outcome> RedisStore::change(ScriptCall script_call, Services& services) {
    return client_.settings().wait.replicas == 0 ? run(script_call, services)
                                                 : change_durably(script_call, services);
}

Task<redis::Outcome> RedisStore::change_durably(ScriptCall script_call, Services& services) {
    const std::string_view key = script_call.words[kFirstKey];
    redis::Replication* replication = client_.replication(key);
    redis::Passages passages;
    passages.replication = replication == nullptr ? 0 : replication->passage();
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
    redis::Replicated replicated(client_, format::concat(services.memory(), key, ":wait"), passages,
                                 services.deadline(), services.scheduler());
    outcome.why = co_await replicated;
    if (!outcome.why.empty()) {
        outcome.kind = redis::Outcome::Kind::uncertain;
    }
    co_return outcome;
}

}  // namespace mfa_reset::store
