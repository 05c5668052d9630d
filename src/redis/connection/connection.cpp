// Connection: making it, losing it, reading replies. Commands and their deadlines are in
// connection_commands.cpp.
#include "redis/connection/connection.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace mfa_reset::redis {

namespace {

constexpr Milliseconds kFirstBackoff{50};
constexpr Milliseconds kLastBackoff{500};
/// After a connection that lasted at least this long, the next attempt follows at once.
constexpr Milliseconds kSteady{1000};
/// Time for one turn of the event loop, which reads what has come to a socket.
constexpr Milliseconds kRound{10};

/// Of all connections of the process.
std::uint64_t last_id = 0;

}  // namespace

Connection::Connection(const Settings& settings, const Greeting& greeting, Network& network,
                       ConnectionOwner& owner, Observer& observer)
    : settings_(settings),
      greeting_(greeting),
      network_(network),
      owner_(owner),
      observer_(observer),
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
    limit_connecting();
    transport_->connect(*address);
}

void Connection::limit_connecting() noexcept {
    connect_until_ = network_.now() + settings_.connect_timeout;
    extended_ = false;
    transport_->set_timer(Timer::link, settings_.connect_timeout);
}

/// If the time is over although Redis has done its part, something has blocked the worker: the next
/// step gets the full time again. There are few such steps.
void Connection::stepped() noexcept {
    const bool connects = state_ == State::connecting || state_ == State::greeting;
    if (connects && network_.now() >= connect_until_) {
        limit_connecting();
    }
}

/// A late timer shows that something has blocked the worker: once, what has come is read first.
void Connection::end_connecting(std::string_view why) noexcept {
    if (network_.now() > connect_until_ && !std::exchange(extended_, true)) {
        transport_->set_timer(Timer::link, kRound);
    } else {
        drop(why);
    }
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
    // By the timer, because the caller may be in the middle of a reply. If a reply is overdue, do
    // not wait for any. An abandoned command is not overdue.
    const bool waits =
        expected_count_ != 0 && expected(first_expected_).at + settings_.timeout > network_.now();
    transport_->set_timer(Timer::link, waits ? settings_.timeout : Milliseconds{0});
}

void Connection::opened() noexcept {
    stepped();
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
    const Milliseconds now = network_.now();
    if (!reader_.feed(bytes)) {
        drop("no memory");
        return;
    }
    while (state_ == State::greeting || state_ == State::ready) {
        switch (reader_.next()) {
            case ReplyReader::Next::more: return;
            case ReplyReader::Next::error: drop(reader_.error()); return;
            case ReplyReader::Next::reply:
                last_heard_ = now;
                accept(reader_.reply());
                break;
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
    pinging_ = false;
    if (leaving_ && expected_count_ == 0) {
        transport_->set_timer(Timer::link, Milliseconds{0});
    }
    if (!unsent_.empty()) {
        transport_->flush_later();  // the capacity may have been used up
    }
    if (command == nullptr) {
        end_watch();
        return;
    }
    release(*command);
    command->connection_id_ = id_;
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
        observer_.report({.kind = News::Kind::unnamed, .text = judgement.remark});
    }
    if (!judgement.eviction_policy.empty()) {
        observer_.report({.kind = News::Kind::evicts, .text = judgement.eviction_policy});
    }
    if (++greeted_ < greeting_.size()) {
        return;
    }
    state_ = State::ready;
    id_ = ++last_id;
    ready_since_ = network_.now();
    transport_->clear_timer(Timer::link);
    ping_if_idle();
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

    // Unsent commands did certainly not run: another connection may take them.
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

void Connection::hear() noexcept {
    if (state_ == State::greeting || state_ == State::ready) {
        transport_->receive();
    }
}

void Connection::timer(Timer timer) noexcept {
    const State before = state_;
    hear();
    if (timer == Timer::deadline) {
        expire();
        return;
    }
    if (state_ != before) {
        return;  // the timer was for a state that is over
    }
    switch (state_) {
        case State::waiting: attempt(); break;
        case State::connecting: end_connecting("connecting timed out"); break;
        case State::greeting: end_connecting("the greeting timed out"); break;
        case State::ready: leaving_ ? drop("left") : look(); break;
    }
}

}  // namespace mfa_reset::redis
