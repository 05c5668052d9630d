// The master that sentinels name: commands go to it, and follow it when it changes.
//
// All sentinels are asked at the same time, over connections that stay open, at an interval that is
// shorter while there is no master. A sentinel that has not answered has no vote, so one that never
// answers delays nothing. If they name another server, new commands wait for connections to it; its
// greeting verifies by ROLE that it is a master.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "redis/topology/sentinel_choice.hpp"
#include "redis/topology/sentinel_query.hpp"
#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

class SentinelTopology final : public Topology, private SentinelListener, private AlarmOwner {
public:
    SentinelTopology(const Settings& settings, Network& network, Observer& observer);

    Node& master() noexcept { return master_; }

    // Topology
    void start() noexcept override;
    void stop() noexcept override;
    std::string_view submit(Command& command) noexcept override { return master_.submit(command); }
    Replication* replication(std::string_view /*key*/) noexcept override {
        return master_.replication();
    }
    Node::State state() const noexcept override;
    std::size_t pending() const noexcept override { return master_.pending(); }

    // NodeOwner
    void node_lost(Node& node, const Loss& loss) noexcept override;
    void node_down(Node& node, std::string_view why) noexcept override;
    void node_up(Node& node) noexcept override;
    void node_ready(Node& node) noexcept override;
    bool try_again(Node& node, Command& command, const Reply& error) noexcept override;

private:
    struct Sentinel {
        Sentinel(const Settings& settings, const Node::Options& options, const Address& address,
                 Network& network, NodeOwner& owner, Observer& observer)
            : node(settings, options, address, network, owner, observer) {}

        Node node;
        std::optional<SentinelQuery> query;  // after the node, in which it waits
        std::optional<SentinelAnswer> last;  // since the master was lost
    };

    // AlarmOwner
    void alarm() noexcept override;

    // SentinelListener
    void query_ended() noexcept override { wake(); }

    bool is_master(const Node& node) const noexcept { return &node == &master_; }
    bool works() const noexcept { return master_.state() == Node::State::up; }
    /// The master's address is not known, or has proved wrong.
    bool lost_track() const noexcept { return master_.address() == nullptr; }
    bool all_are_heard() const noexcept;
    bool master_unknown() const noexcept;
    std::string why_master_unknown() const;
    std::string why_down() const;

    void forget_master() noexcept;
    void sentinel_down(const Node& node, std::string_view why);
    void look() noexcept;
    void wake() noexcept { schedule(network_.now()); }
    void schedule(Milliseconds at) noexcept;
    void turn();
    void listen();
    void take_stock(Milliseconds now);
    void ask(Milliseconds now, bool repeat) noexcept;
    void follow(Milliseconds now);
    void report();

    const Settings asking_settings_;
    Network& network_;
    Observer& observer_;
    // Never set_awaited(): commands have deadlines of their own.
    const std::unique_ptr<Alarm> alarm_;
    const std::array<std::string_view, 3> question_;
    Node master_;
    std::deque<Sentinel> sentinels_;  // a deque never moves its elements
    SentinelChoice choice_;

    Milliseconds due_ = Milliseconds::max();  // when the alarm rings
    Milliseconds next_question_{0};
    Milliseconds moved_at_{0};  // when the master's address was last set
    bool doubted_ = false;      // the master said that it is a replica
    bool reported_down_ = false;
    std::string why_;  // of the master's last failure
};

}  // namespace mfa_reset::redis
