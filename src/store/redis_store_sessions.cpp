// What another system said of a session, kept for a moment under the token's hash.
#include <array>

#include "store/call_parts.hpp"
#include "store/redis_store.hpp"

namespace mfa_reset::store {

namespace {

constexpr std::string_view kRemembered = "amsession:";

}  // namespace

Task<std::string_view> RedisStore::recall_session(std::string_view token, Services& services) {
    std::array<std::string_view, 2> words{"GET", token_key(kRemembered, token, services.memory())};
    auto running = ask(client_, words, false, services);
    const redis::Outcome outcome = co_await running;
    co_return outcome.kind == redis::Outcome::Kind::reply ? outcome.reply.string_or_empty()
                                                          : std::string_view{};
}

Task<bool> RedisStore::remember_session(std::string_view token, std::string_view text,
                                        std::chrono::milliseconds lifetime, Services& services) {
    const Decimal milliseconds(lifetime.count());
    std::array<std::string_view, 5> words{"SET", token_key(kRemembered, token, services.memory()),
                                          text, "PX", milliseconds.text()};
    auto running = ask(client_, words, true, services);
    const redis::Outcome outcome = co_await running;
    const bool kept = outcome.kind == redis::Outcome::Kind::reply && outcome.reply.is_status("OK");
    co_return kept;
}

}  // namespace mfa_reset::store
