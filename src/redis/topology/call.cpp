#include "redis/topology/call.hpp"

#include <new>

#include "redis/topology/client.hpp"

namespace mfa_reset::redis {

bool Call::await_suspend(std::coroutine_handle<> waiting) noexcept {
    if (const auto refusal = client_.submit(*this); !refusal.empty()) {
        outcome_.why = refusal;
        return false;
    }
    waiting_ = waiting;
    return true;
}

void Call::complete(const Reply& reply) noexcept {
    try {
        outcome_.reply = copy(reply, memory_);
        outcome_.kind = Outcome::Kind::reply;
        outcome_.connection_id = connection_id();
        scheduler_.resume_later(waiting_);
    } catch (const std::bad_alloc&) {
        fail(options().writes ? Outcome::Kind::uncertain : Outcome::Kind::unavailable,
             "no memory for the reply");
    }
}

void Call::fail(Outcome::Kind kind, std::string_view why) noexcept {
    outcome_.kind = kind;
    outcome_.why = why;
    scheduler_.resume_later(waiting_);
}

}  // namespace mfa_reset::redis
