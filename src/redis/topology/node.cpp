#include "redis/topology/node.hpp"

#include <algorithm>
#include <utility>

#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

Node::Node(const Settings& settings, const Options& options, std::optional<Address> address,
           Network& network, NodeOwner& owner, Observer& observer)
    : greeting_(options.greeting), address_(std::move(address)), owner_(owner) {
    for (std::size_t i = 0; i < options.connections; ++i) {
        connections_.emplace_back(settings, greeting_, network, *this, observer);
    }
    if (settings.wait.replicas != 0 && options.greeting.keeps_records) {
        replication_ = std::make_unique<Replication>(settings, greeting_, network, *this, observer);
    }
}

void Node::start() noexcept {
    for (Connection& connection : connections_) {
        connection.start();
    }
    if (replication_) {
        replication_->start();
    }
}

void Node::stop() noexcept {
    for (Connection& connection : connections_) {
        connection.stop();
    }
    if (replication_) {
        replication_->stop();
    }
}

void Node::move_to(std::optional<Address> address) noexcept {
    address_ = std::move(address);
    state_ = State::connecting;
    for (Connection& connection : connections_) {
        if (connection.state() != Connection::State::ready) {
            connection.start();
        } else {
            connection.leave();
        }
    }
    if (replication_) {  // at once: the old server's replicas say nothing about the new one
        replication_->start();
    }
}

void Node::leave(Milliseconds age) noexcept {
    for (Connection& connection : connections_) {
        if (connection.serves() && connection.ready_for() >= age) {
            connection.leave();
        }
    }
    if (replication_) {
        replication_->leave(age);
    }
    if (state_ == State::up && !any_serves()) {
        state_ = State::connecting;
    }
}

std::size_t Node::pending() const noexcept {
    std::size_t sum = replication_ ? replication_->pending() : 0;
    for (const Connection& connection : connections_) {
        sum += connection.pending();
    }
    return sum;
}

bool Node::has_connection(std::uint64_t id) const noexcept {
    return std::ranges::find(connections_, id, &Connection::id) != connections_.end();
}

bool Node::is_leaving(std::uint64_t id) const noexcept {
    return std::ranges::any_of(connections_, [id](const Connection& connection) {
        return connection.id() == id && !connection.serves();
    });
}

bool Node::any_serves() const noexcept {
    return std::ranges::any_of(connections_, &Connection::serves);
}

void Node::connection_ready() noexcept {
    reported_ = false;
    const State before = std::exchange(state_, State::up);
    if (before == State::down) {
        owner_.node_up(*this);
    }
    if (before != State::up) {
        owner_.node_ready(*this);
    }
}

void Node::connection_lost(bool was_ready, const Loss& loss) noexcept {
    if (was_ready || (any_serves() && !std::exchange(reported_, true))) {
        owner_.node_lost(*this, loss);
    }
    if (any_serves() || state_ == State::down) {
        return;
    }
    if (was_ready) {
        state_ = State::connecting;
        return;
    }
    state_ = State::down;
    owner_.node_down(*this, loss.why);
    for (Connection& connection : connections_) {
        connection.fail_unsent("Redis is down");
    }
    if (replication_) {
        replication_->fail_unsent("Redis is down");
    }
}

void Node::refused(Command& command, const Reply& error) noexcept {
    if (owner_.try_again(*this, command, error)) {
        return;
    }
    Reply shown = error;
    shown.text = without_arguments(error.text, command.words());
    command.complete(shown);
}

std::string_view Node::submit(Command& command) noexcept {
    if (state_ == State::down) {
        return "Redis is down";
    }
    if (command.options().via_replication && replication_) {
        replication_->send(command);
        return {};
    }
    choose().submit(command);
    return {};
}

/// Prefers a connection that serves; then one that will send in this turn anyway, so that the
/// turn's commands leave in one write; then the shortest queue.
Connection& Node::choose() noexcept {
    const auto better = [](const Connection& a, const Connection& b) {
        if (a.serves() != b.serves()) {
            return a.serves();
        }
        if (a.will_send() != b.will_send()) {
            return a.will_send();
        }
        return a.queue() < b.queue();
    };
    return *std::ranges::min_element(connections_, better);
}

unsigned Node::jitter() noexcept {
    return std::uniform_int_distribution<unsigned>{80, 120}(random_);
}

}  // namespace mfa_reset::redis
