// Cluster: its map, and how its nodes are. Commands are in cluster_commands.cpp.
#include "redis/topology/cluster.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace mfa_reset::redis {

namespace {

/// While a node is down or unused, the map is asked for at this interval.
constexpr Milliseconds kRound{500};

/// The longest wait for the map from one node: another one may have it.
constexpr Milliseconds kPatience{500};

constexpr std::array<std::string_view, 2> kClusterSlots{"CLUSTER", "SLOTS"};

/// In the worst case each slot is a range of its own, with replicas and names: about 24 elements
/// and 400 bytes each.
constexpr ReplyLimits kMapLimits{.bytes = 8UL * 1024 * 1024, .elements = 512UL * 1024};

Settings with_map_limits(Settings settings) {
    settings.reply_limits = kMapLimits;
    return settings;
}

}  // namespace

Cluster::Question::Question(Cluster& cluster, Node& asked, Milliseconds deadline) noexcept
    : Command(kClusterSlots, {.deadline = deadline, .background = true}),
      cluster_(cluster),
      asked_(asked) {}

void Cluster::Question::complete(const Reply& reply) noexcept {
    try {
        map_ = parse_cluster_slots(reply, *asked_.address());
    } catch (const std::bad_alloc&) {
        map_.reset();
    }
    ended_ = true;
    cluster_.at_once_ = true;
    cluster_.arm();
}

void Cluster::Question::fail(Outcome::Kind /*kind*/, std::string_view /*why*/) noexcept {
    ended_ = true;
    cluster_.at_once_ = true;
    cluster_.arm();
}

Cluster::Cluster(const Settings& settings, Network& network, Observer& observer)
    : settings_(with_map_limits(settings)),
      network_(network),
      observer_(observer),
      alarm_(network.alarm(*this)),
      nodes_(settings_, network, *this, observer),
      next_question_(network.now()),
      next_retry_(network.now()),
      next_round_(network.now()) {}

void Cluster::start() noexcept {
    connect_to_seeds();
    ask_for_map();
    arm();
}

void Cluster::stop() noexcept {
    nodes_.stop();
    alarm_->clear();
}

/// The question for the map does not count: it takes no capacity from requests.
std::size_t Cluster::pending() const noexcept {
    const std::size_t own = question_ && !question_->ended() ? 1 : 0;
    return nodes_.pending() + parked_.size() - own;
}

void Cluster::connect_to_seeds() noexcept {
    for (const Address& address : settings_.url.addresses) {
        (void)nodes_.name(address);
    }
}

void Cluster::alarm() noexcept {
    armed_ = Milliseconds::max();
    at_once_ = false;
    if (question_ && question_->ended()) {
        take_answer();
    }
    retry();
    const Milliseconds now = network_.now();
    if (now >= next_round_) {
        next_round_ = now + kRound;
        nodes_.close_unused();
        map_wanted_ = map_wanted_ || !nodes_.at_rest();
    }
    if (map_wanted_) {
        ask_for_map();
    }
    arm();
}

void Cluster::want_map(const Node* suspect) noexcept {
    map_wanted_ = true;
    if (suspect != nullptr) {
        suspect_ = suspect;
    }
    arm();
}

/// Asks a node that is up. If no node is up, connects to the configured ones again.
void Cluster::ask_for_map() noexcept {
    const Milliseconds now = network_.now();
    if (question_ || now < next_question_) {
        return;
    }
    next_question_ = now + kMapAge;
    Node* node = nodes_.any_up(suspect_);
    no_node_was_up_ = node == nullptr;
    if (no_node_was_up_) {
        connect_to_seeds();
        return;
    }
    map_wanted_ = false;
    question_.emplace(*this, *node, now + std::min(settings_.timeout, kPatience));
    (void)node->submit(*question_);  // a node that is up takes every command
}

void Cluster::take_answer() noexcept {
    if (question_->map()) {
        report_unreachable(question_->map()->unreachable);
    }
    if (question_->map() && !question_->map()->masters.empty()) {
        nodes_.give(*question_->map());
        suspect_ = nullptr;
        next_retry_ = network_.now();
    } else {
        map_wanted_ = true;
        suspect_ = &question_->asked();
    }
    question_.reset();
}

/// Reports each node once: the map may have it again and again.
void Cluster::report_unreachable(const std::vector<std::string>& nodes) noexcept {
    try {
        for (const std::string& node : nodes) {
            if (std::ranges::find(reported_, node) == reported_.end() &&
                reported_.size() < ClusterMap::kMostMasters) {
                reported_.push_back(node);
                observer_.report({.kind = News::Kind::unreachable, .text = node});
            }
        }
    } catch (const std::bad_alloc&) {  // then the log has a line less
    }
}

/// Sets the alarm for the earliest thing to do.
void Cluster::arm() noexcept {
    const Milliseconds now = network_.now();
    Milliseconds due = at_once_ ? now : Milliseconds::max();
    if (!parked_.empty()) {
        due = std::min({due, next_retry_, parked_.first_deadline()});
    }
    if (map_wanted_ && !question_) {
        due = std::min(due, next_question_);
    }
    if (!nodes_.at_rest()) {
        due = std::min(due, next_round_);
    }
    alarm_->set_awaited(!parked_.empty());
    if (due < armed_) {
        armed_ = due;
        alarm_->set(std::max(due - now, Milliseconds{0}));
    }
}

void Cluster::node_lost(Node& node, const Loss& loss) noexcept {
    observer_.report({.kind = News::Kind::lost,
                      .text = loss.why,
                      .node = nodes_.member(node).name,
                      .idle = loss.idle});
    want_map(&node);
}

void Cluster::node_down(Node& node, std::string_view why) noexcept {
    observer_.report({.kind = News::Kind::down, .text = why, .node = nodes_.member(node).name});
    if (state() == Node::State::down && !std::exchange(down_, true)) {
        observer_.report({.kind = News::Kind::down, .text = why});
    }
    want_map(&node);
}

void Cluster::node_up(Node& node) noexcept {
    observer_.report({.kind = News::Kind::up, .node = nodes_.member(node).name});
}

/// Commands that waited for any node are tried at once.
void Cluster::node_ready(Node& /*node*/) noexcept {
    if (std::exchange(down_, false)) {
        observer_.report({.kind = News::Kind::up});
    }
    if (std::exchange(no_node_was_up_, false)) {
        next_question_ = network_.now();
    }
    next_retry_ = network_.now();
    arm();
}

}  // namespace mfa_reset::redis
