// Connection: making it, losing it, reading replies. Calls and their deadlines are in
// connection_calls.cpp.
#include "redis/connection.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <new>
#include <utility>

namespace mfa_reset::redis {

namespace {

constexpr Milliseconds kFirstBackoff{50};
constexpr Milliseconds kLastBackoff{500};
/// A connection that lasted so long was a good one: the next attempt follows at once.
constexpr Milliseconds kSteady{1000};

std::string command(std::initializer_list<std::string_view> arguments) {
    std::string wire;
    append_command(wire, {arguments.begin(), arguments.size()});
    return wire;
}

}  // namespace

Connection::Connection(const Settings& settings, Transport& transport, ConnectionOwner& owner)
    : settings_(settings),
      transport_(transport),
      owner_(owner),
      ring_(settings.max_pending),
      reader_(settings.reply_limits) {
    const Endpoint& endpoint = settings.endpoint;
    if (!endpoint.password.empty()) {
        greeting_.push_back({"AUTH",
                             endpoint.user.empty()
                                 ? command({"AUTH", endpoint.password})
                                 : command({"AUTH", endpoint.user, endpoint.password}),
                             false});
    }
    if (endpoint.database != 0) {
        const std::string database = std::to_string(endpoint.database);
        greeting_.push_back({"SELECT", command({"SELECT", database}), true});
    }
    greeting_.push_back({"CLIENT SETNAME", command({"CLIENT", "SETNAME", "mfa-reset"}), true});
}

void Connection::start() noexcept { attempt(); }

void Connection::attempt() noexcept {
    state_ = State::connecting;
    transport_.set_timer(Timer::link, settings_.connect_timeout);
    transport_.connect();
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
    for (const Step& step : greeting_) {
        out_ += step.wire;
    }
    appended_ += out_.size();
    transport_.flush_later();
}

void Connection::received(std::string_view bytes) noexcept {
    last_heard_ = transport_.now();
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
    Call* call = expected(first_expected_).call;
    ++first_expected_;
    --expected_count_;
    if (call != nullptr) {
        release(*call);
        call->complete(reply);
    }
}

void Connection::accept_greeting(const Reply& reply) {
    const Step& step = greeting_[greeted_];
    if (!reply.is_status("OK")) {
        const std::string_view said = step.quote ? reply.text : reply.error_class();
        std::string why{step.name};
        why += reply.is(Reply::Type::error) ? " was refused: " : " was answered wrongly: ";
        why += said;
        drop(why);
        return;
    }
    if (++greeted_ < greeting_.size()) {
        return;
    }
    state_ = State::ready;
    ready_since_ = transport_.now();
    transport_.clear_timer(Timer::link);
    owner_.connection_ready();
    if (!unsent_.empty()) {
        transport_.flush_later();
    }
}

void Connection::drop(std::string_view why) noexcept {
    transport_.disconnect();
    lost(why);
}

void Connection::lost(std::string_view why) noexcept {
    const bool was_ready = state_ == State::ready;
    state_ = State::waiting;
    watching_silence_ = false;
    end_expected();
    retry_later(was_ready);
    owner_.connection_lost(was_ready, why);

    // What was not sent did certainly not run: another connection may take it.
    CallList unsent = std::exchange(unsent_, {});
    while (Call* call = unsent.front()) {
        unsent.remove(*call);
        release(*call);
        if (const auto refusal = owner_.submit(*call); !refusal.empty()) {
            call->fail(Outcome::Kind::unavailable, refusal);
        }
    }
}

void Connection::retry_later(bool was_ready) noexcept {
    if (was_ready && transport_.now() - ready_since_ >= kSteady) {
        failures_ = 0;
        transport_.set_timer(Timer::link, Milliseconds{0});
        return;
    }
    const auto delay = std::min(kFirstBackoff * (1U << std::min(failures_, 10U)), kLastBackoff);
    ++failures_;
    transport_.set_timer(Timer::link, delay * owner_.jitter() / 100);
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
        case State::ready: check_silence(); break;
    }
}

}  // namespace mfa_reset::redis
