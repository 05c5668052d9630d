// Cluster: where a command goes, and what becomes of one that was refused.
#include <exception>
#include <utility>

#include "redis/protocol/errors.hpp"
#include "redis/topology/cluster.hpp"

namespace mfa_reset::redis {

namespace {

constexpr std::string_view kNotServed = "the cluster did not serve the key's slot in time";
constexpr std::string_view kDown = "Redis is down";

}  // namespace

std::string_view Cluster::submit(Command& command) noexcept {
    command.routing() = {};
    return place(command);
}

Replication* Cluster::replication(std::string_view key) noexcept {
    ClusterNodes::Member* owner = nodes_.owner(key_slot(key));
    return owner == nullptr ? nullptr : owner->node.replication();
}

std::string_view Cluster::place(Command& command) noexcept {
    const std::string_view key = command.options().key;
    ClusterNodes::Member* owner = key.empty() ? nullptr : nodes_.owner(key_slot(key));
    Node* node = owner != nullptr ? &owner->node : nodes_.any_up();
    if (node == nullptr) {
        if (state() == Node::State::down) {
            return kDown;
        }
        put_off(command);
        return {};
    }
    command.routing().asking = false;
    const std::string_view refusal = node->submit(command);
    if (!refusal.empty()) {
        want_map(node);
    }
    return refusal;
}

void Cluster::put_off(Command& command) noexcept {
    if (parked_.empty()) {
        next_retry_ = network_.now() + kTick;
    }
    command.routing().in_a_row = 0;
    parked_.park(command);
    arm();
}

/// Ends the commands whose deadline has passed; tries the others again when their tick has come.
void Cluster::retry() noexcept {
    const Milliseconds now = network_.now();
    const bool all = now >= next_retry_;
    if (!all && now < parked_.first_deadline()) {
        return;
    }
    next_retry_ = now + kTick;
    ParkedCommands waiting;  // some may be put off once more
    while (Command* command = parked_.take()) {
        waiting.park(*command);
    }
    while (Command* command = waiting.take()) {
        if (command->options().deadline <= now) {
            command->fail(Outcome::Kind::unavailable, kNotServed);
        } else if (const auto refusal = place(*command); !refusal.empty()) {
            command->fail(Outcome::Kind::unavailable, refusal);
        }
    }
}

bool Cluster::try_again(Node& node, Command& command, const Reply& error) noexcept {
    const ErrorClass& error_class = redis::error_class(error);
    if (question_ && &command == &*question_) {
        observer_.command_refused(error);
        return false;
    }
    if (error_class.remedy == Remedy::redirect) {
        return redirect(node, command, error);
    }
    if (error_class.remedy == Remedy::wait || error_class.remedy == Remedy::other_master ||
        error_class.name == "LOADING") {
        if (error_class.name != "TRYAGAIN") {
            observer_.command_refused(error);
            want_map(&node);
        }
        put_off(command);
        return true;
    }
    observer_.command_refused(error);
    if (error_class.remedy == Remedy::reconnect) {
        node.leave(kReconnectInterval);
    }
    return false;
}

/// A redirection is newer than the map; MOVED has the map asked for again. Nodes that name each
/// other for a while get a pause between.
bool Cluster::redirect(Node& node, Command& command, const Reply& error) noexcept {
    Routing& routing = command.routing();
    if (++routing.redirects > kMostRedirects) {
        return false;
    }
    const bool moved = error.error_class() == "MOVED";
    if (moved) {
        want_map(nullptr);
    }
    // The connection for probes must be to the server that has the slot by the map of every node.
    const bool unsettled = !moved && command.options().via_replication;
    if (++routing.in_a_row > kMostInARow || unsettled) {
        put_off(command);
        return true;
    }
    try {
        auto address = parse_redirect(error.text, *node.address());
        if (address && address->host == kUnnamed) {
            address = nodes_.unnamed(address->port);
            if (!address) {
                want_map(nullptr);
                put_off(command);
                return true;
            }
        }
        return address && send_to(*address, moved, command);
    } catch (const std::exception&) {  // no memory, or no randomness for a node
        return false;
    }
}

/// Sends `command` to the node that MOVED or, if not `moved`, ASK has named. False: the node cannot
/// be added.
bool Cluster::send_to(const Address& address, bool moved, Command& command) noexcept {
    const std::uint16_t number = nodes_.name(address);
    ClusterNodes::Member* named = nodes_.member(number);
    if (named == nullptr) {
        return false;
    }
    if (moved && !command.options().key.empty()) {
        nodes_.give(key_slot(command.options().key), number);
    }
    command.routing().asking = !moved;
    if (const auto refusal = named->node.submit(command); !refusal.empty()) {
        want_map(&named->node);
        command.fail(Outcome::Kind::unavailable, refusal);
    }
    return true;
}

}  // namespace mfa_reset::redis
