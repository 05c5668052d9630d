// See call.hpp.
#include "redis/call.hpp"

#include <new>

#include "redis/client.hpp"

namespace mfa_reset::redis {

Call::~Call() {
    if (connection_ != nullptr) {
        connection_->withdraw(*this);
    }
}

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
        scheduler_.resume_later(waiting_);
    } catch (const std::bad_alloc&) {
        fail(options_.writes ? Outcome::Kind::uncertain : Outcome::Kind::unavailable,
             "no memory for the reply");
    }
}

void Call::fail(Outcome::Kind kind, std::string_view why) noexcept {
    outcome_.kind = kind;
    outcome_.why = why;
    scheduler_.resume_later(waiting_);
}

void CallList::push_back(Call& call) noexcept {
    call.previous_ = last_;
    call.next_ = nullptr;
    (last_ == nullptr ? first_ : last_->next_) = &call;
    last_ = &call;
    ++size_;
}

void CallList::remove(Call& call) noexcept {
    (call.previous_ == nullptr ? first_ : call.previous_->next_) = call.next_;
    (call.next_ == nullptr ? last_ : call.next_->previous_) = call.previous_;
    call.previous_ = nullptr;
    call.next_ = nullptr;
    --size_;
}

}  // namespace mfa_reset::redis
