#include "redis/topology/replicated.hpp"

namespace mfa_reset::redis {

namespace {

constexpr std::string_view kLost = "a connection to Redis was lost while replicas were waited for";

}  // namespace

bool Replicated::await_suspend(std::coroutine_handle<> waiting) noexcept {
    Replication* replication = client_.replication(options().key);
    if (replication == nullptr) {
        why_ = kLost;
        return false;
    }
    waiting_ = waiting;
    replication->join(*this);
    return true;
}

void Replicated::complete(const Reply& /*reply*/) noexcept { scheduler_.resume_later(waiting_); }

void Replicated::fail(Outcome::Kind /*kind*/, std::string_view why) noexcept {
    why_ = why;
    scheduler_.resume_later(waiting_);
}

}  // namespace mfa_reset::redis
