#include "redis/topology/sentinel.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

namespace {

/// The interval of questions to the sentinels: while the master works, and while it does not. The
/// first bounds how late a failover is noticed if the old master still answers, or is frozen.
constexpr Milliseconds kCalm{250};
constexpr Milliseconds kAlert{100};

/// As for Redis itself, but a sentinel is asked one thing at a time, and its answer is small.
Settings for_asking(const Settings& settings) {
    Settings asking = settings;
    asking.max_pending = 16;
    asking.reply_limits = {.bytes = 4096, .elements = 16};
    return asking;
}

}  // namespace

SentinelTopology::SentinelTopology(const Settings& settings, Network& network, Observer& observer)
    : asking_settings_(for_asking(settings)),
      network_(network),
      observer_(observer),
      alarm_(network.alarm(*this)),
      question_{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", settings.url.master},
      master_(settings, {record_greeting(settings), settings.connections}, std::nullopt, network,
              *this, observer),
      choice_(settings.url.addresses.size()) {
    const Node::Options options{{.credentials = settings.sentinel}, 1};
    for (const Address& address : settings.url.addresses) {
        sentinels_.emplace_back(asking_settings_, options, address, network_, *this, observer_);
    }
}

void SentinelTopology::start() noexcept {
    master_.start();
    for (Sentinel& sentinel : sentinels_) {
        sentinel.node.start();
    }
    look();
}

void SentinelTopology::stop() noexcept {
    alarm_->clear();
    master_.stop();
    for (Sentinel& sentinel : sentinels_) {
        sentinel.query.reset();
        sentinel.node.stop();
    }
}

Node::State SentinelTopology::state() const noexcept {
    return lost_track() && master_unknown() ? Node::State::down : master_.state();
}

bool SentinelTopology::all_are_heard() const noexcept {
    return std::ranges::all_of(sentinels_, [](const Sentinel& s) { return s.last.has_value(); });
}

/// Every sentinel has answered without naming a master, or could not be asked.
bool SentinelTopology::master_unknown() const noexcept {
    return std::ranges::all_of(sentinels_, [](const Sentinel& sentinel) {
        return sentinel.node.state() != Node::State::connecting && sentinel.last &&
               !sentinel.last->master;
    });
}

/// The answers until now are out of date: the next ones say where the master is.
void SentinelTopology::forget_master() noexcept {
    for (Sentinel& sentinel : sentinels_) {
        if (sentinel.node.state() != Node::State::down) {
            sentinel.last.reset();
        }
    }
    master_.move_to(std::nullopt);
}

std::string SentinelTopology::why_master_unknown() const {
    std::string why;
    for (const Sentinel& sentinel : sentinels_) {
        if (!sentinel.last || sentinel.last->why.empty()) {
            return "no sentinel knows the master";
        }
        why = "no sentinel answers: " + sentinel.node.address()->text() + ": " + sentinel.last->why;
    }
    return why;
}

std::string SentinelTopology::why_down() const {
    if (lost_track()) {
        return why_master_unknown();
    }
    const std::string why = master_.address()->text() + ": " + why_;
    return master_unknown() ? why + "; " + why_master_unknown() : why;
}

// -- callbacks of nodes and queries: they only take note ------------------------------------------

void SentinelTopology::node_lost(Node& node, const Loss& loss) noexcept {
    if (is_master(node)) {
        observer_.report({.kind = News::Kind::lost, .text = loss.why, .idle = loss.idle});
        look();
        return;
    }
    try {
        const std::string address = node.address()->text();
        observer_.report(
            {.kind = News::Kind::lost, .text = loss.why, .node = address, .idle = loss.idle});
    } catch (const std::bad_alloc&) {  // then the log has a line less
    }
}

void SentinelTopology::node_down(Node& node, std::string_view why) noexcept {
    try {
        if (is_master(node)) {
            why_ = why;
            choice_.failed(*master_.address(), network_.now());
        } else {
            sentinel_down(node, why);
        }
    } catch (const std::bad_alloc&) {  // then it costs an attempt more, or the log has a line less
    }
    look();
}

void SentinelTopology::sentinel_down(const Node& node, std::string_view why) {
    for (std::size_t i = 0; i < sentinels_.size(); ++i) {
        if (&sentinels_[i].node == &node) {
            choice_.hear(i, std::nullopt);
            sentinels_[i].last = SentinelAnswer{.master = {}, .why = std::string{why}};
        }
    }
    const std::string address = node.address()->text();
    observer_.report({.kind = News::Kind::down, .text = why, .node = address});
}

void SentinelTopology::node_up(Node& node) noexcept {
    if (is_master(node)) {
        return;
    }
    try {
        const std::string address = node.address()->text();
        observer_.report({.kind = News::Kind::up, .node = address});
    } catch (const std::bad_alloc&) {  // then the log has a line less
    }
}

/// The master or a sentinel has become ready.
void SentinelTopology::node_ready(Node& /*node*/) noexcept { look(); }

/// A server that has become a replica did not run the command: it waits for the new master, until
/// its deadline.
bool SentinelTopology::try_again(Node& node, Command& command, const Reply& error) noexcept {
    if (!is_master(node)) {
        node.leave(kReconnectInterval);  // its password may have changed
        return false;
    }
    observer_.command_refused(error);
    const Remedy remedy = error_class(error).remedy;
    if (remedy == Remedy::reconnect) {
        node.leave(kReconnectInterval);
    }
    if (remedy != Remedy::other_master) {
        return false;
    }
    // If the sentinels have named another master since the command was sent, this is no news.
    const bool known = node.is_leaving(command.connection_id());
    if (!known && !doubted_ && !lost_track()) {
        if (network_.now() - moved_at_ < kReconnectInterval) {
            return false;  // its greeting has just said that it is a master: asking again would not
                           // help
        }
        doubted_ = true;
        node.leave(Milliseconds{0});
        look();
    }
    return node.submit(command).empty();
}

void SentinelTopology::look() noexcept {
    next_question_ = network_.now();
    wake();
}

void SentinelTopology::schedule(Milliseconds at) noexcept {
    if (at < due_) {
        due_ = at;
        alarm_->set(std::max(at - network_.now(), Milliseconds{0}));
    }
}

// -- what the alarm does, from the event loop -----------------------------------------------------

void SentinelTopology::alarm() noexcept {
    due_ = Milliseconds::max();
    try {
        turn();
    } catch (const std::bad_alloc&) {
        next_question_ = network_.now() + kAlert;
    }
    schedule(next_question_);
}

void SentinelTopology::turn() {
    const Milliseconds now = network_.now();
    listen();
    take_stock(now);
    const bool repeat = std::exchange(doubted_, false);
    if (repeat) {
        forget_master();
    }
    if (now >= next_question_) {
        ask(now, repeat);
    }
    follow(now);
    report();
}

/// Takes the answers of the sentinels.
void SentinelTopology::listen() {
    for (std::size_t i = 0; i < sentinels_.size(); ++i) {
        auto& [node, query, last] = sentinels_[i];
        if (!query || !query->answer()) {
            continue;
        }
        if (node.state() != Node::State::down) {  // else sentinel_down() has noted why
            last = std::move(query->answer());
            choice_.hear(i, last->master);
        }
        query.reset();
    }
}

/// Notes whether the present master works.
void SentinelTopology::take_stock(Milliseconds now) {
    if (lost_track()) {
        return;
    }
    const Address& address = *master_.address();
    if (doubted_ || master_.state() == Node::State::down) {
        choice_.failed(address, now);
    } else if (works() && choice_.worked(address)) {
        const std::string text = address.text();
        observer_.report({.kind = News::Kind::moved, .text = text});
    }
}

/// Asks the sentinels that have answered the last question. With `repeat` it asks all of them
/// again: an answer that is about to come may be out of date.
void SentinelTopology::ask(Milliseconds now, bool repeat) noexcept {
    next_question_ = now + (works() && !reported_down_ ? kCalm : kAlert);
    SentinelListener& listener = *this;
    for (Sentinel& sentinel : sentinels_) {
        if (sentinel.query && !repeat) {
            continue;
        }
        sentinel.query.emplace(question_, now + asking_settings_.timeout, listener);
        if (!sentinel.node.submit(*sentinel.query).empty()) {
            sentinel.query.reset();
        }
    }
}

void SentinelTopology::follow(Milliseconds now) {
    const Address* best = choice_.best(master_.address(), works(), now);
    if (best == nullptr || (!lost_track() && *best == *master_.address())) {
        return;
    }
    // Without a master, wait until every sentinel has answered, unless the majority is clear. That
    // ends by the timeout of a command.
    const bool sure = choice_.has_majority(*best) && !choice_.has_failed(*best, now);
    if (lost_track() && !sure && !all_are_heard()) {
        return;
    }
    moved_at_ = now;
    master_.move_to(*best);
}

void SentinelTopology::report() {
    if (state() == Node::State::down && !reported_down_) {
        const std::string why = why_down();
        observer_.report({.kind = News::Kind::down, .text = why});
        reported_down_ = true;
    } else if (works() && reported_down_) {
        reported_down_ = false;
        observer_.report({.kind = News::Kind::up});
    }
}

}  // namespace mfa_reset::redis
