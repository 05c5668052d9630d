// Connection: calls from submission to their end, and the deadlines that make sure of it.
#include <algorithm>
#include <new>

#include "redis/connection.hpp"

namespace mfa_reset::redis {

namespace {

/// Bytes handed to the socket at once. What has been handed over cannot be taken back, so the rest
/// stays with its calls until these are written.
constexpr std::size_t kBatch = 64UL * 1024;

constexpr std::string_view kNotReached = "Redis could not be reached in time";

}  // namespace

void Connection::take(Call& call) noexcept {
    call.connection_ = this;
    if (awaited_++ == 0) {
        transport_.set_awaited(true);
    }
}

void Connection::release(Call& call) noexcept {
    call.connection_ = nullptr;
    if (--awaited_ == 0) {
        transport_.set_awaited(false);
    }
}

void Connection::submit(Call& call) noexcept {
    take(call);
    call.sent_ = false;
    unsent_.push_back(call);
    arm_deadline(call.options_.deadline);
    if (state_ == State::ready) {
        transport_.flush_later();
    }
}

void Connection::withdraw(Call& call) noexcept {
    release(call);
    if (call.sent_) {
        expected(call.place_).call = nullptr;
    } else {
        unsent_.remove(call);
    }
}

void Connection::fail_unsent(std::string_view why) noexcept {
    while (Call* call = unsent_.front()) {
        withdraw(*call);
        call->fail(Outcome::Kind::unavailable, why);
    }
}

std::string_view Connection::output() noexcept {
    if (out_written_ == out_.size()) {
        out_.clear();
        out_written_ = 0;
        if (state_ == State::ready) {
            try {
                gather();
            } catch (const std::bad_alloc&) {
                drop("no memory");
                return {};
            }
        }
    }
    return std::string_view{out_}.substr(out_written_);
}

void Connection::gather() {
    const Milliseconds now = transport_.now();
    while (Call* call = unsent_.front()) {
        if (out_.size() >= kBatch || expected_count_ == ring_.size()) {
            return;
        }
        if (call->options_.deadline <= now) {  // its timer is due, and may run after this
            withdraw(*call);
            call->fail(Outcome::Kind::unavailable, kNotReached);
            continue;
        }
        const std::size_t before = out_.size();
        append_command(out_, call->command_);
        appended_ += out_.size() - before;
        unsent_.remove(*call);
        call->sent_ = true;
        call->place_ = first_expected_ + expected_count_++;
        expected(call->place_) = {call, appended_, now};
    }
}

void Connection::sent(std::size_t bytes) noexcept {
    out_written_ += bytes;
    sent_ += bytes;
}

void Connection::end_expected() noexcept {
    for (; expected_count_ != 0; --expected_count_) {
        const Expected entry = expected(first_expected_++);
        if (entry.call != nullptr) {
            // Redis runs no command whose last byte it has not got.
            const bool may_have_run = entry.call->options_.writes && entry.end <= sent_;
            release(*entry.call);
            entry.call->fail(may_have_run ? Outcome::Kind::uncertain : Outcome::Kind::unavailable,
                             "the connection to Redis was lost");
        }
    }
    out_.clear();
    out_written_ = 0;
    sent_ = appended_;
}

void Connection::arm_deadline(Milliseconds deadline) noexcept {
    // Set for the earliest one and left alone when that call ends: one timer a quarter of a second,
    // not two tree operations a request.
    if (deadline < armed_deadline_) {
        armed_deadline_ = deadline;
        transport_.set_timer(Timer::deadline,
                             std::max(deadline - transport_.now(), Milliseconds{0}));
    }
}

void Connection::expire() noexcept {
    const Milliseconds now = transport_.now();
    armed_deadline_ = Milliseconds::max();
    expire_unsent(now);
    expire_expected(now);
    if (expected_count_ != 0 && expected(first_expected_).call == nullptr) {
        watch_silence();
    }
}

void Connection::expire_unsent(Milliseconds now) noexcept {
    Call* next = nullptr;
    for (Call* call = unsent_.front(); call != nullptr; call = next) {
        next = CallList::after(*call);
        if (call->options_.deadline > now) {
            arm_deadline(call->options_.deadline);
            continue;
        }
        withdraw(*call);
        call->fail(Outcome::Kind::unavailable, kNotReached);
    }
}

void Connection::expire_expected(Milliseconds now) noexcept {
    for (std::size_t i = 0; i < expected_count_; ++i) {
        Call* call = expected(first_expected_ + i).call;
        if (call == nullptr) {
            continue;
        }
        if (call->options_.deadline > now) {
            arm_deadline(call->options_.deadline);
            continue;
        }
        withdraw(*call);
        call->fail(call->options_.writes ? Outcome::Kind::uncertain : Outcome::Kind::unavailable,
                   "Redis did not answer in time");
    }
}

/// A connection is silent when its oldest reply is overdue by as long as connecting may take.
Milliseconds Connection::silent_until() noexcept {
    return std::max(last_heard_, expected(first_expected_).at) + settings_.connect_timeout;
}

void Connection::watch_silence() noexcept {
    if (state_ == State::ready && !watching_silence_) {
        watching_silence_ = true;
        transport_.set_timer(Timer::link,
                             std::max(silent_until() - transport_.now(), Milliseconds{0}));
    }
}

void Connection::check_silence() noexcept {
    watching_silence_ = false;
    if (expected_count_ == 0 || expected(first_expected_).call != nullptr) {
        return;  // nothing is overdue; expire() watches again
    }
    if (silent_until() <= transport_.now()) {
        drop("Redis has gone silent");
    } else {
        watch_silence();
    }
}

}  // namespace mfa_reset::redis
