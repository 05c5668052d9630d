#include "redis/topology/replication.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <utility>

#include "redis/protocol/errors.hpp"
#include "redis/protocol/slot.hpp"

namespace mfa_reset::redis {

namespace {

constexpr std::string_view kLost = "a connection to Redis was lost while replicas were waited for";
constexpr std::string_view kTooFew = "too few replicas have it in time";
constexpr std::string_view kRefused = "Redis refused what replicas are waited for with";

/// Whether the error concerns only the slot of the key.
bool is_of_slot(const Reply& reply) noexcept {
    const Remedy remedy = reply.is(Reply::Type::error) ? error_class(reply).remedy : Remedy::none;
    return remedy == Remedy::redirect || remedy == Remedy::wait;
}

}  // namespace

/// The SET, whose key has a TTL of a minute, and the WAIT.
struct Replication::Probe {
    Probe(Replication& owner, std::string_view at, CommandOptions options)
        : key(at),
          replicas(std::to_string(owner.settings_.wait.replicas)),
          timeout(std::to_string(owner.settings_.wait.timeout.count())),
          write(owner, write_words, options),
          wait(owner, wait_words, options) {}

    std::string key;
    std::string replicas;
    std::string timeout;
    std::array<std::string_view, 5> write_words{"SET", key, "1", "EX", "60"};
    std::array<std::string_view, 3> wait_words{"WAIT", replicas, timeout};
    ProbeCommand write;
    ProbeCommand wait;
};

Replication::Replication(const Settings& settings, const Greeting& greeting, Network& network,
                         ReplicationOwner& owner, Observer& observer)
    : settings_(settings),
      network_(network),
      owner_(owner),
      alarm_(network.alarm(*this)),
      connection_(settings, greeting, network, *this, observer) {}

Replication::~Replication() = default;

void Replication::stop() noexcept {
    connection_.stop();
    alarm_->clear();
}

void Replication::leave(Milliseconds age) noexcept {
    if (connection_.ready_for() >= age) {
        connection_.leave();
    }
}

std::uint64_t Replication::connection_id() const noexcept {
    const bool is_usable = connection_.serves() && connection_.id() != demoted_;
    return is_usable ? connection_.id() : 0;
}

const Address* Replication::address() const noexcept { return owner_.address(); }

unsigned Replication::jitter() noexcept { return owner_.jitter(); }

void Replication::connection_lost(bool was_ready, const Loss& loss) noexcept {
    const bool only_this = owner_.is_up();  // else the node reports its own failure
    if (was_ready || (only_this && !std::exchange(reported_, true))) {
        owner_.replication_lost(loss);
    }
}

/// The name may belong to another server by now, and commands go there: a probe to this server says
/// nothing about them.
void Replication::refused(Command& command, const Reply& error) noexcept {
    const Remedy remedy = error_class(error).remedy;
    if (remedy == Remedy::other_master || remedy == Remedy::reconnect) {
        demoted_ = connection_.id();
        leave(kReconnectInterval);
    }
    if (command.options().via_replication) {
        owner_.refused(command, error);
    } else {
        command.complete(error);
    }
}

/// A command that was unsent when the connection was lost. A probe is valid only on the connection
/// it was queued on, so it fails. A command that asks for the connection's id waits for the next
/// one.
std::string_view Replication::submit(Command& command) noexcept {
    return command.options().via_replication ? owner_.submit(command) : kLost;
}

void Replication::join(ReplicaWait& waiting) noexcept {
    // A probe that is not sent yet is valid for this command, too. FIFO: if commands already wait
    // for the next probe, queue behind them.
    const bool behind = !next_.empty() || (sending_ && probe_->write.is_sent());
    take(behind ? next_ : under_way_, waiting);
    arm(waiting.options().deadline);
    if (!sending_ && !behind) {
        begin();
    }
}

void Replication::take(CommandList& list, ReplicaWait& waiting) noexcept {
    if (waiters() == 0) {
        alarm_->set_awaited(true);
    }
    waiting.wait_with(*this, list);
}

void Replication::withdraw(Command& command) noexcept {
    command.leave_list();
    if (waiters() != 0) {
        return;
    }
    alarm_->set_awaited(false);
    if (sending_) {  // the probe is cancelled: a worker that ends does not wait for it
        sending_ = false;
        probe_.reset();
    }
}

/// Sends a probe for those that came first. Those whose connections are gone end before.
void Replication::begin() noexcept {
    Command* next = nullptr;
    for (Command* command = under_way_.front(); command != nullptr; command = next) {
        next = CommandList::after(*command);
        if (const auto why = lost_connection(static_cast<const ReplicaWait&>(*command));
            !why.empty()) {
            end(*command, why);
        }
    }
    if (under_way_.empty()) {
        return;
    }
    try {
        send_probe(under_way_.front()->options().key);
    } catch (const std::bad_alloc&) {
        end_under_way("no memory");
    }
}

void Replication::send_probe(std::string_view key) {
    const Milliseconds deadline = network_.now() + settings_.wait.timeout + settings_.timeout;
    probe_ =
        std::make_unique<Probe>(*this, key, CommandOptions{.writes = true, .deadline = deadline});
    sending_ = true;
    connection_.submit(probe_->write);
    connection_.submit(probe_->wait);
}

void Replication::answered(const ProbeCommand& command, const Reply& reply) noexcept {
    if (&command == &probe_->write) {
        if (reply.is_status("OK")) {
            demoted_ = 0;
        } else if (is_of_slot(reply)) {
            refuse_slot();
        } else {
            settle(kRefused);
        }
        return;
    }
    const bool enough = reply.is(Reply::Type::integer) &&
                        reply.integer >= static_cast<long long>(settings_.wait.replicas);
    settle(enough ? std::string_view{} : kTooFew);
}

/// The probe is over. The next one is sent from the event loop: this one is still on the call
/// stack.
void Replication::settle(std::string_view why) noexcept {
    if (!sending_) {
        return;
    }
    sending_ = false;
    end_under_way(why);
}

void Replication::end_under_way(std::string_view why) noexcept {
    while (Command* command = under_way_.front()) {
        end(*command,
            why.empty() ? lost_connection(static_cast<const ReplicaWait&>(*command)) : why);
    }
    if (!next_.empty()) {
        arm(network_.now());
    }
}

/// The slot of the probe's key is being moved, or not served. Those with a key of this slot end;
/// for the others a probe with another key is sent. Each such probe ends at least one of them.
void Replication::refuse_slot() noexcept {
    if (!sending_) {
        return;
    }
    sending_ = false;
    const std::uint16_t slot = key_slot(probe_->key);
    Command* next = nullptr;
    for (Command* command = under_way_.front(); command != nullptr; command = next) {
        next = CommandList::after(*command);
        if (key_slot(command->options().key) == slot) {
            end(*command, kRefused);
        }
    }
    if (waiters() != 0) {
        arm(network_.now());
    }
}

void Replication::end(Command& command, std::string_view why) noexcept {
    withdraw(command);
    if (why.empty()) {
        command.complete({});
    } else {
        command.fail(Outcome::Kind::uncertain, why);
    }
}

std::string_view Replication::lost_connection(const ReplicaWait& waiting) const noexcept {
    const ConnectionIds& connections = waiting.connections();
    // A connection that is leaving still receives the replies of its last probe.
    const bool whole =
        connections.replication == connection_.id() && owner_.has_connection(connections.command);
    return whole ? std::string_view{} : kLost;
}

void Replication::arm(Milliseconds at) noexcept {
    if (at < armed_) {
        armed_ = at;
        alarm_->set(std::max(at - network_.now(), Milliseconds{0}));
    }
}

void Replication::alarm() noexcept {
    armed_ = Milliseconds::max();
    connection_.hear();
    expire(under_way_);
    expire(next_);
    if (!sending_) {
        while (Command* command = next_.front()) {
            command->leave_list();
            static_cast<ReplicaWait*>(command)->wait_with(*this, under_way_);
        }
        begin();
    }
}

void Replication::expire(CommandList& list) noexcept {
    const Milliseconds now = network_.now();
    Command* next = nullptr;
    for (Command* command = list.front(); command != nullptr; command = next) {
        next = CommandList::after(*command);
        if (command->options().deadline > now) {
            arm(command->options().deadline);
        } else {
            end(*command, kTooFew);
        }
    }
}

}  // namespace mfa_reset::redis
