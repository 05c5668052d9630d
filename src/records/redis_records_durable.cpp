// Writes that succeed only after replicas have them: mfa_reset_redis_wait.
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "format/text.hpp"
#include "records/redis_records.hpp"
#include "records/store_timer.hpp"
#include "redis/topology/call.hpp"
#include "redis/topology/replicated.hpp"

namespace mfa_reset::records {

namespace {

std::string_view waiting_key(std::string_view record, Memory& memory) {
    return format::concat(memory, record, ":wait");
}

}  // namespace

/// While that connection is being made, as after a reload, the request waits for it.
Task<std::uint64_t> RedisRecords::find_wait_connection(std::string_view key,
                                                       std::string_view waiting,
                                                       Services& services) {
    redis::Client& client = source_.client();
    redis::Replication* replication = client.replication(key);
    if (replication != nullptr && replication->connection_id() != 0) {
        co_return replication->connection_id();
    }
    const std::array<std::string_view, 5> words{"SET", waiting, "1", "EX", "60"};
    redis::Call call(client, words,
                     {.deadline = deadline(client, services), .key = key, .via_replication = true},
                     services.scheduler(), services.memory());
    const redis::Outcome& outcome = co_await call;
    co_return outcome.reply.is_status("OK") ? outcome.connection_id : 0;
}

Task<Answer> RedisRecords::send_durably(ScriptWords words, Services& services) {
    const std::string_view key = words.first_key();
    // Do everything that can fail before the script runs.
    const std::string_view waiting = waiting_key(key, services.memory());
    auto finding = find_wait_connection(key, waiting, services);
    redis::ConnectionIds connections;
    connections.replication = co_await finding;
    if (connections.replication == 0) {
        co_return Answer{
            Failure{Failure::Kind::unavailable, "there is no connection to wait for replicas on"}};
    }
    auto sending = send(std::move(words), services, &connections.command);
    Answer answer = co_await sending;
    if (answer.failure || !is_change(answer.reply)) {
        co_return answer;
    }
    const StoreTimer timer(services.trace());
    redis::Replicated replicated(source_.client(), waiting, connections, services.deadline(),
                                 services.scheduler());
    const std::string_view why = co_await replicated;
    if (!why.empty()) {
        co_return Answer{Failure{Failure::Kind::uncertain, why}};
    }
    source_.client().worked(is_done(answer.reply));
    co_return answer;
}

}  // namespace mfa_reset::records
