// See sentinel.hpp.
#include "redis/topology/sentinel.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

namespace {

/// How often the sentinels are asked: while all is well, which bounds how late a decision is
/// noticed that leaves the old master answering or frozen, and while it is not.
constexpr Milliseconds kCalm{250};
constexpr Milliseconds kAlert{100};
/// What a server says of itself makes us look again, and its connections anew, once in this time.
constexpr Milliseconds kLeast{1000};

/// As for Redis itself, but a sentinel is asked one thing at a time, and answers in a few words.
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
              *this),
      choice_(settings.url.addresses.size()) {
    const Node::Options options{{.credentials = settings.sentinel}, 1};
    for (const Address& address : settings.url.addresses) {
        sentinels_.emplace_back(asking_settings_, options, address, network_, *this);
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
    return lost_track() && nobody_knows() ? Node::State::down : master_.state();
}

bool SentinelTopology::all_are_heard() const noexcept {
    return std::ranges::all_of(sentinels_, [](const Sentinel& s) { return s.last.has_value(); });
}

/// All have been asked, or could not be, and none named anything.
bool SentinelTopology::nobody_knows() const noexcept {
    return std::ranges::all_of(sentinels_, [](const Sentinel& sentinel) {
        return sentinel.node.state() != Node::State::connecting && sentinel.last &&
               !sentinel.last->master;
    });
}

/// What was said until now is old: where the master is, the next answers tell.
void SentinelTopology::forget_master() noexcept {
    for (Sentinel& sentinel : sentinels_) {
        if (sentinel.node.state() != Node::State::down) {
            sentinel.last.reset();
        }
    }
    master_.move_to(std::nullopt);
}

std::string SentinelTopology::why_nobody_knows() const {
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
        return why_nobody_knows();
    }
    const std::string why = master_.address()->text() + ": " + why_;
    return nobody_knows() ? why + "; " + why_nobody_knows() : why;
}

// -- what nodes and queries tell: only noted here ------------------------------------------------

void SentinelTopology::node_lost(Node& node, const Loss& loss) noexcept {
    if (is_master(node)) {
        observer_.redis_lost(loss);
        look();
        return;
    }
    try {
        observer_.redis_node_lost(node.address()->text(), loss);
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
    observer_.redis_node_down(node.address()->text(), why);
}

void SentinelTopology::node_up(Node& node) noexcept {
    if (is_master(node)) {
        return;
    }
    try {
        observer_.redis_node_up(node.address()->text());
    } catch (const std::bad_alloc&) {  // then the log has a line less
    }
}

/// The master works, or a sentinel can be asked.
void SentinelTopology::node_ready(Node& /*node*/) noexcept { look(); }

void SentinelTopology::node_evicts(Node& node, std::string_view policy) noexcept {
    if (is_master(node)) {
        observer_.redis_evicts(policy);
    }
}

void SentinelTopology::node_unnamed(Node& /*node*/, std::string_view why) noexcept {
    observer_.redis_unnamed(why);
}

/// A server that has become a replica did not do what it was told: the command waits for the new
/// master, until its deadline.
bool SentinelTopology::try_again(Node& node, Command& command, const Reply& error) noexcept {
    if (!is_master(node)) {
        node.leave(kLeast);  // it wants a new password, perhaps
        return false;
    }
    observer_.redis_refused(error);
    const Remedy remedy = error_class(error).remedy;
    if (remedy == Remedy::reconnect) {
        node.leave(kLeast);
    }
    if (remedy != Remedy::other_master) {
        return false;
    }
    // The sentinels have named another one since the command was sent: nothing is learned by it.
    const bool known = node.is_leaving(command.passage());
    if (!known && !doubted_ && !lost_track()) {
        if (network_.now() - moved_at_ < kLeast) {
            return false;  // its greeting has just said that it is a master: no use in going round
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

// -- what is done, from the event loop -----------------------------------------------------------

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
    const bool anew = std::exchange(doubted_, false);
    if (anew) {
        forget_master();
    }
    if (now >= next_question_) {
        ask(now, anew);
    }
    follow(now);
    report();
}

/// Hears what sentinels have answered.
void SentinelTopology::listen() {
    for (std::size_t i = 0; i < sentinels_.size(); ++i) {
        auto& [node, query, last] = sentinels_[i];
        if (!query || !query->answer()) {
            continue;
        }
        if (node.state() != Node::State::down) {  // else it is known better why
            last = std::move(query->answer());
            choice_.hear(i, last->master);
        }
        query.reset();
    }
}

/// How the server does that is the master now.
void SentinelTopology::take_stock(Milliseconds now) {
    if (lost_track()) {
        return;
    }
    const Address& address = *master_.address();
    if (doubted_ || master_.state() == Node::State::down) {
        choice_.failed(address, now);
    } else if (works() && choice_.worked(address)) {
        observer_.redis_moved(address);
    }
}

/// Asks whoever has answered the question before; where it is `anew`, the others, too, as what they
/// are about to say may be old.
void SentinelTopology::ask(Milliseconds now, bool anew) noexcept {
    next_question_ = now + (works() && !told_down_ ? kCalm : kAlert);
    SentinelListener& listener = *this;
    for (Sentinel& sentinel : sentinels_) {
        if (sentinel.query && !anew) {
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
    // Where there is no master at all, whoever has yet to answer may know better. That ends when
    // one command would.
    const bool sure = choice_.has_majority(*best) && !choice_.has_failed(*best, now);
    if (lost_track() && !sure && !all_are_heard()) {
        return;
    }
    moved_at_ = now;
    master_.move_to(*best);
}

void SentinelTopology::report() {
    if (state() == Node::State::down && !told_down_) {
        observer_.redis_down(why_down());
        told_down_ = true;
    } else if (works() && told_down_) {
        told_down_ = false;
        observer_.redis_up();
    }
}

}  // namespace mfa_reset::redis
