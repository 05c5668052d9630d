// See replication.hpp.
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

/// The connection is not made anew more often than this because of what the server says.
constexpr Milliseconds kLeast{1000};

/// Whether an error is one of the key's slot, and says nothing of others.
bool is_of_slot(const Reply& reply) noexcept {
    const Remedy remedy = reply.is(Reply::Type::error) ? error_class(reply).remedy : Remedy::none;
    return remedy == Remedy::redirect || remedy == Remedy::wait;
}

}  // namespace

/// What is written and waited for. The small key's TTL is a minute.
struct Replication::Pair {
    Pair(Replication& owner, std::string_view at, CommandOptions options)
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
    Half write;
    Half wait;
};

Replication::Replication(const Settings& settings, const Greeting& greeting, Network& network,
                         ReplicationOwner& owner)
    : settings_(settings),
      network_(network),
      owner_(owner),
      alarm_(network.alarm(*this)),
      connection_(settings, greeting, network, *this) {}

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

std::uint64_t Replication::passage() const noexcept {
    const bool vouches = connection_.serves() && connection_.passage() != unfit_;
    return vouches ? connection_.passage() : 0;
}

const Address* Replication::address() const noexcept { return owner_.address(); }

unsigned Replication::jitter() noexcept { return owner_.jitter(); }

void Replication::connection_lost(bool was_ready, const Loss& loss) noexcept {
    const bool alone = owner_.is_up();  // else the others tell more
    if (was_ready || (alone && !std::exchange(told_, true))) {
        owner_.replication_lost(loss);
    }
}

/// Behind a name there may be another server by now, to which the commands go already: nothing that
/// this one says vouches for them.
void Replication::refused(Command& command, const Reply& error) noexcept {
    const Remedy remedy = error_class(error).remedy;
    if (remedy == Remedy::other_master || remedy == Remedy::reconnect) {
        unfit_ = connection_.passage();
        leave(kLeast);
    }
    if (command.options().vouching) {
        owner_.refused(command, error);
    } else {
        command.complete(error);
    }
}

/// Of what was not sent when the connection was lost: half a pair vouches by that one only; who
/// wants to know the passage waits for the next one.
std::string_view Replication::submit(Command& command) noexcept {
    return command.options().vouching ? owner_.submit(command) : kLost;
}

void Replication::join(ReplicaWait& waiting) noexcept {
    // The pair that is not sent yet comes after this reply, too. Nobody overtakes those who have
    // waited for the one before to end: the alarm is about to ring for them.
    const bool behind = !next_.empty() || (sending_ && pair_->write.is_sent());
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
    if (sending_) {  // nobody wants to know any more, and a worker that ends need not wait for it
        sending_ = false;
        pair_.reset();
    }
}

/// Sends a pair for those that came first, as far as they can still be vouched for.
void Replication::begin() noexcept {
    Command* next = nullptr;
    for (Command* command = under_way_.front(); command != nullptr; command = next) {
        next = CommandList::after(*command);
        if (const auto why = broken_passage(static_cast<const ReplicaWait&>(*command));
            !why.empty()) {
            end(*command, why);
        }
    }
    if (under_way_.empty()) {
        return;
    }
    try {
        send_pair(under_way_.front()->options().key);
    } catch (const std::bad_alloc&) {
        end_under_way("no memory");
    }
}

void Replication::send_pair(std::string_view key) {
    const Milliseconds deadline = network_.now() + settings_.wait.timeout + settings_.timeout;
    pair_ =
        std::make_unique<Pair>(*this, key, CommandOptions{.writes = true, .deadline = deadline});
    sending_ = true;
    connection_.submit(pair_->write);
    connection_.submit(pair_->wait);
}

void Replication::answered(const Half& half, const Reply& reply) noexcept {
    if (&half == &pair_->write) {
        if (reply.is_status("OK")) {
            unfit_ = 0;
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

/// The pair is over. The next one is sent from the event loop: this one may be in use further up.
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
            why.empty() ? broken_passage(static_cast<const ReplicaWait&>(*command)) : why);
    }
    if (!next_.empty()) {
        arm(network_.now());
    }
}

/// The slot of the pair's key is on its way to another server, or not served. A key of another slot
/// vouches for all the others; each such pair ends one of them at least, so that there is an end.
void Replication::refuse_slot() noexcept {
    if (!sending_) {
        return;
    }
    sending_ = false;
    const std::uint16_t slot = key_slot(pair_->key);
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

std::string_view Replication::broken_passage(const ReplicaWait& waiting) const noexcept {
    const Passages& passages = waiting.passages();
    // One that is leaving hears its last pair out.
    const bool whole =
        passages.replication == connection_.passage() && owner_.has_passage(passages.command);
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
