// See client.hpp.
#include "redis/client.hpp"

#include <algorithm>

namespace mfa_reset::redis {

Client::Client(const Settings& settings, std::span<Transport* const> transports, Observer& observer)
    : settings_(settings), observer_(observer), clock_(*transports.front()) {
    for (Transport* transport : transports) {
        connections_.emplace_back(settings, *transport, *this);
    }
}

void Client::start() noexcept {
    for (Connection& connection : connections_) {
        connection.start();
    }
}

std::size_t Client::pending() const noexcept {
    std::size_t sum = 0;
    for (const Connection& connection : connections_) {
        sum += connection.pending();
    }
    return sum;
}

bool Client::any_ready() const noexcept {
    return std::ranges::any_of(connections_, [](const Connection& connection) {
        return connection.state() == Connection::State::ready;
    });
}

void Client::connection_ready() noexcept {
    if (state_ == State::down) {
        observer_.redis_up();
    }
    state_ = State::up;
}

void Client::connection_lost(bool was_ready, std::string_view why) noexcept {
    if (was_ready) {
        observer_.redis_lost(why);
    }
    if (any_ready() || state_ == State::down) {
        return;
    }
    if (was_ready) {
        state_ = State::connecting;
        return;
    }
    state_ = State::down;
    observer_.redis_down(why);
    for (Connection& connection : connections_) {
        connection.fail_unsent("Redis is down");
    }
}

std::string_view Client::submit(Call& call) noexcept {
    if (state_ == State::down) {
        return "Redis is down";
    }
    if (pending() >= settings_.max_pending) {
        return "too many commands wait for Redis";
    }
    choose().submit(call);
    return {};
}

/// A connection that is ready before one that is not; one that will send in this turn anyway, so
/// that the turn's commands leave in one write; then the one with the shortest queue.
Connection& Client::choose() noexcept {
    const auto better = [](const Connection& a, const Connection& b) {
        const bool a_ready = a.state() == Connection::State::ready;
        const bool b_ready = b.state() == Connection::State::ready;
        if (a_ready != b_ready) {
            return a_ready;
        }
        if (a.will_send() != b.will_send()) {
            return a.will_send();
        }
        return a.pending() < b.pending();
    };
    return *std::ranges::min_element(connections_, better);
}

unsigned Client::jitter() noexcept {
    return std::uniform_int_distribution<unsigned>{80, 120}(random_);
}

}  // namespace mfa_reset::redis
