// Connection: making it, losing it, reading replies. Commands and their deadlines are in
// connection_commands.cpp.
#include "redis/connection.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace mfa_reset::redis {

namespace {

constexpr Milliseconds kFirstBackoff{50};
constexpr Milliseconds kLastBackoff{500};
/// A connection that lasted so long was a good one: the next attempt follows at once.
constexpr Milliseconds kSteady{1000};

/// Of all connections of the process.
std::uint64_t last_passage = 0;

}  // namespace

Connection::Connection(const Settings& settings, const Greeting& greeting, Network& network,
                       ConnectionOwner& owner)
    : settings_(settings),
      greeting_(greeting),
      network_(network),
      owner_(owner),
      transport_(network.transport(*this)),
      ring_(settings.max_pending + 1),
      reader_(settings.reply_limits) {}

void Connection::start() noexcept {
    transport_->disconnect();
    state_ = State::waiting;
    leaving_ = false;
    watching_silence_ = false;
    failures_ = 0;
    end_expected();
    attempt();
}

void Connection::stop() noexcept {
    transport_->disconnect();
    transport_->clear_timer(Timer::link);
    transport_->clear_timer(Timer::deadline);
}

void Connection::attempt() noexcept {
    const Address* address = owner_.address();
    if (address == nullptr) {
        transport_->clear_timer(Timer::link);
        return;
    }
    state_ = State::connecting;
    transport_->set_timer(Timer::link, settings_.connect_timeout);
    transport_->connect(*address);
}

Milliseconds Connection::ready_for() const noexcept {
    return state_ == State::ready ? network_.now() - ready_since_ : Milliseconds{0};
}

void Connection::leave() noexcept {
    if (!serves()) {
        return;
    }
    leaving_ = true;
    watching_silence_ = false;
    // Not from inside: whoever asks may be in the midst of a reply. Where one is overdue already
    // none is waited for; that nobody waits for it any more does not make it so.
    const bool waits =
        expected_count_ != 0 && expected(first_expected_).at + settings_.timeout > network_.now();
    transport_->set_timer(Timer::link, waits ? settings_.timeout : Milliseconds{0});
}

void Connection::opened() noexcept {
    try {
        greet();
    } catch (const std::bad_alloc&) {
        drop("no memory");
    }
}

void Connection::greet() {
    state_ = State::greeting;
    greeted_ = 0;
    reader_.reset();
    out_.clear();
    out_written_ = 0;
    out_ += greeting_.wire();
    appended_ += out_.size();
    transport_->flush_later();
}

void Connection::received(std::string_view bytes) noexcept {
    last_heard_ = network_.now();
    if (!reader_.feed(bytes)) {
        drop("no memory");
        return;
    }
    while (state_ == State::greeting || state_ == State::ready) {
        switch (reader_.next()) {
            case ReplyReader::Next::more: return;
            case ReplyReader::Next::error: drop(reader_.error()); return;
            case ReplyReader::Next::reply: accept(reader_.reply()); break;
        }
    }
}

void Connection::accept(const Reply& reply) noexcept {
    if (state_ == State::greeting) {
        try {
            accept_greeting(reply);
        } catch (const std::bad_alloc&) {
            drop("no memory");
        }
        return;
    }
    if (expected_count_ == 0) {
        drop("a reply came that nobody asked for");
        return;
    }
    Command* command = expected(first_expected_).command;
    ++first_expected_;
    --expected_count_;
    probing_ = false;
    if (leaving_ && expected_count_ == 0) {
        transport_->set_timer(Timer::link, Milliseconds{0});
    }
    if (!unsent_.empty()) {
        transport_->flush_later();  // there may not have been room
    }
    if (command == nullptr) {
        return;
    }
    release(*command);
    command->passage_ = passage_;
    if (reply.is(Reply::Type::error)) {
        owner_.refused(*command, reply);
    } else {
        command->complete(reply);
    }
}

void Connection::accept_greeting(const Reply& reply) {
    const Greeting::Judgement judgement = greeting_.judge(greeted_, reply);
    if (!judgement.refusal.empty()) {
        drop(judgement.refusal);
        return;
    }
    if (!judgement.remark.empty()) {
        owner_.unnamed(judgement.remark);
    }
    if (!judgement.eviction_policy.empty()) {
        owner_.eviction_policy(judgement.eviction_policy);
    }
    if (++greeted_ < greeting_.size()) {
        return;
    }
    state_ = State::ready;
    passage_ = ++last_passage;
    ready_since_ = network_.now();
    transport_->clear_timer(Timer::link);
    probe_if_idle();
    owner_.connection_ready();
    if (!unsent_.empty()) {
        transport_->flush_later();
    }
}

void Connection::drop(std::string_view why) noexcept {
    transport_->disconnect();
    lost(why);
}

void Connection::lost(std::string_view why) noexcept { end({.why = why}); }

void Connection::closed(std::string_view why) noexcept {
    end({.why = why, .idle = state_ == State::ready && pending() == 0});
}

void Connection::end(const Loss& loss) noexcept {
    const bool was_ready = state_ == State::ready;
    const bool left = std::exchange(leaving_, false);
    state_ = State::waiting;
    watching_silence_ = false;
    end_expected();
    retry_later(was_ready, left);
    if (!left) {
        owner_.connection_lost(was_ready, loss);
    }

    // What was not sent did certainly not run: another connection may take it.
    CommandList unsent = std::exchange(unsent_, {});
    while (Command* command = unsent.front()) {
        unsent.remove(*command);
        release(*command);
        if (const auto refusal = owner_.submit(*command); !refusal.empty()) {
            command->fail(Outcome::Kind::unavailable, refusal);
        }
    }
}

void Connection::retry_later(bool was_ready, bool left) noexcept {
    if (left || (was_ready && network_.now() - ready_since_ >= kSteady)) {
        failures_ = 0;
        transport_->set_timer(Timer::link, Milliseconds{0});
        return;
    }
    const auto delay = std::min(kFirstBackoff * (1U << std::min(failures_, 10U)), kLastBackoff);
    ++failures_;
    transport_->set_timer(Timer::link, delay * owner_.jitter() / 100);
}

void Connection::timer(Timer timer) noexcept {
    if (timer == Timer::deadline) {
        expire();
        return;
    }
    switch (state_) {
        case State::waiting: attempt(); break;
        case State::connecting: drop("connecting timed out"); break;
        case State::greeting: drop("the greeting timed out"); break;
        case State::ready: leaving_ ? drop("left") : look(); break;
    }
}

}  // namespace mfa_reset::redis
