// Connection: commands from submission to their end, and the deadlines that make sure of it.
#include <algorithm>
#include <array>
#include <new>

#include "redis/connection/connection.hpp"

namespace mfa_reset::redis {

namespace {

/// Bytes handed to the socket at once. They cannot be taken back, so further commands stay unsent
/// until these are written.
constexpr std::size_t kBatch = 64UL * 1024;

constexpr std::string_view kNotReached = "Redis could not be reached in time";
constexpr std::string_view kNotSent = "the time was over before it was sent";

}  // namespace

void Connection::take(Command& command) noexcept {
    command.holder_ = this;
    if (!command.options_.background && awaited_++ == 0) {
        transport_->set_awaited(true);
    }
}

void Connection::release(Command& command) noexcept {
    command.holder_ = nullptr;
    if (!command.options_.background && --awaited_ == 0) {
        transport_->set_awaited(false);
    }
}

void Connection::submit(Command& command) noexcept {
    take(command);
    command.sent_ = false;
    unsent_.push_back(command);
    arm_deadline(command.options_.deadline);
    if (state_ == State::ready) {
        transport_->flush_later();
    }
}

void Connection::withdraw(Command& command) noexcept {
    release(command);
    if (command.sent_) {
        expected(command.place_).command = nullptr;
    } else {
        unsent_.remove(command);
    }
}

void Connection::fail_unsent(std::string_view why) noexcept {
    while (Command* command = unsent_.front()) {
        withdraw(*command);
        command->fail(Outcome::Kind::unavailable, why);
    }
}

std::string_view Connection::output() noexcept {
    if (out_written_ == out_.size()) {
        out_.clear();
        out_written_ = 0;
        if (serves() && !pinging_) {
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
    const Milliseconds now = network_.now();
    while (Command* command = unsent_.front()) {
        const std::size_t replies = command->routing_.asking ? 2 : 1;
        if (out_.size() >= kBatch || expected_count_ + replies > ring_.size()) {
            return;
        }
        if (command->options_.deadline <= now) {  // its timer is due, and may run after this
            withdraw(*command);
            command->fail(Outcome::Kind::unavailable,
                          command->options_.deadline <= ready_since_ ? kNotReached : kNotSent);
            continue;
        }
        if (command->routing_.asking) {
            constexpr std::array<std::string_view, 1> kAsking{"ASKING"};
            append(kAsking, nullptr, now);
        }
        append(command->words_, command, now);
        unsent_.remove(*command);
        command->sent_ = true;
        if (command->options_.sent != nullptr) {
            *command->options_.sent = true;
        }
        command->place_ = first_expected_ + expected_count_ - 1;
    }
}

/// Appends to the bytes to be sent and to the expected replies.
void Connection::append(std::span<const std::string_view> words, Command* command,
                        Milliseconds now) {
    const std::size_t before = out_.size();
    append_command(out_, words);
    appended_ += out_.size() - before;
    expected(first_expected_ + expected_count_++) = {command, appended_, now};
}

void Connection::sent(std::size_t bytes) noexcept {
    out_written_ += bytes;
    sent_ += bytes;
    stepped();
    if (pinging_) {  // a stall of the worker before the PING was sent is not Redis's
        expected(first_expected_).at = network_.now();
    }
}

void Connection::end_expected() noexcept {
    for (; expected_count_ != 0; --expected_count_) {
        const Expected entry = expected(first_expected_++);
        if (entry.command != nullptr) {
            // Redis runs no command without its last byte.
            const bool may_have_run = entry.command->options_.writes && entry.end <= sent_;
            release(*entry.command);
            entry.command->fail(
                may_have_run ? Outcome::Kind::uncertain : Outcome::Kind::unavailable,
                "the connection to Redis was lost");
        }
    }
    pinging_ = false;
    out_.clear();
    out_written_ = 0;
    sent_ = appended_;
}

void Connection::arm_deadline(Milliseconds deadline) noexcept {
    // Set for the earliest deadline and kept when that command ends: one timer per
    // Settings::timeout instead of two tree operations per request.
    if (deadline < armed_deadline_) {
        armed_deadline_ = deadline;
        transport_->set_timer(Timer::deadline,
                              std::max(deadline - network_.now(), Milliseconds{0}));
    }
}

void Connection::expire() noexcept {
    const Milliseconds now = network_.now();
    armed_deadline_ = Milliseconds::max();
    expire_unsent(now);
    expire_expected(now);
    if (expected_count_ != 0 && expected(first_expected_).command == nullptr) {
        watch_silence();
    }
}

void Connection::expire_unsent(Milliseconds now) noexcept {
    Command* next = nullptr;
    for (Command* command = unsent_.front(); command != nullptr; command = next) {
        next = CommandList::after(*command);
        if (command->options_.deadline > now) {
            arm_deadline(command->options_.deadline);
            continue;
        }
        withdraw(*command);
        command->fail(Outcome::Kind::unavailable, kNotReached);
    }
}

void Connection::expire_expected(Milliseconds now) noexcept {
    for (std::size_t i = 0; i < expected_count_; ++i) {
        Command* command = expected(first_expected_ + i).command;
        if (command == nullptr) {
            continue;
        }
        if (command->options_.deadline > now) {
            arm_deadline(command->options_.deadline);
            continue;
        }
        withdraw(*command);
        command->fail(
            command->options_.writes ? Outcome::Kind::uncertain : Outcome::Kind::unavailable,
            "Redis did not answer in time");
    }
}

Milliseconds Connection::silent_until() noexcept {
    return std::max(last_heard_, expected(first_expected_).at) + longest_silence();
}

void Connection::watch_silence() noexcept {
    if (serves() && !watching_silence_) {
        watching_silence_ = true;
        transport_->set_timer(Timer::link,
                              std::max(silent_until() - network_.now(), Milliseconds{0}));
    }
}

void Connection::check_silence() noexcept {
    watching_silence_ = false;
    if (expected_count_ == 0 || expected(first_expected_).command != nullptr) {
        return;  // no reply is overdue; expire() watches again
    }
    if (silent_until() <= network_.now()) {
        drop(pinging_ ? "Redis did not answer a heartbeat" : "Redis has gone silent");
    } else {
        watch_silence();
    }
}

}  // namespace mfa_reset::redis
