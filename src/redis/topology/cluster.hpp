// Redis Cluster: each command goes to the master that has its key's slot.
//
// Which that is, any node tells (CLUSTER SLOTS), and a node that is asked in vain names the right
// one (MOVED; ASK while a slot is on its way). The map is asked for at the start, and again when
// something shows that it has changed; one question at a time, and not more often than kMapAge.
//
// A command waits, within its own deadline, while its slot is nobody's or on its way; where its
// node is known to be down it fails at once. It is sent again only after an error that proves that
// it did not run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redis/topology/cluster_nodes.hpp"
#include "redis/topology/parked_commands.hpp"
#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

class Cluster final : public Topology, private AlarmOwner {
public:
    /// No two questions for the map are less apart.
    static constexpr Milliseconds kMapAge{100};
    /// When a command that was put off is tried again.
    static constexpr Milliseconds kTick{25};
    /// MOVED and ASK that one command follows, and without a pause.
    static constexpr unsigned kMostRedirects = 64;
    static constexpr unsigned kMostInARow = 4;

    /// All outlive it. Throws std::bad_alloc.
    Cluster(const Settings& settings, Network& network, Observer& observer);
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;
    ~Cluster() override = default;

    const ClusterNodes& nodes() const noexcept { return nodes_; }

    // Topology
    void start() noexcept override;
    void stop() noexcept override;
    std::string_view submit(Command& command) noexcept override;
    Replication* replication(std::string_view key) noexcept override;
    Node::State state() const noexcept override { return nodes_.state(); }
    std::size_t pending() const noexcept override;

    // NodeOwner
    void node_lost(Node& node, const Loss& loss) noexcept override;
    void node_down(Node& node, std::string_view why) noexcept override;
    void node_up(Node& node) noexcept override;
    void node_ready(Node& node) noexcept override;
    void node_evicts(Node& node, std::string_view policy) noexcept override;
    void node_unnamed(Node& node, std::string_view why) noexcept override;
    bool try_again(Node& node, Command& command, const Reply& error) noexcept override;

private:
    /// CLUSTER SLOTS.
    class Question final : public Command {
    public:
        Question(Cluster& cluster, Node& asked, Milliseconds deadline) noexcept;

        bool ended() const noexcept { return ended_; }
        const Node& asked() const noexcept { return asked_; }
        /// Nothing where it was not answered well.
        const std::optional<ClusterMap>& map() const noexcept { return map_; }

        // Command
        void complete(const Reply& reply) noexcept override;
        void fail(Outcome::Kind kind, std::string_view why) noexcept override;

    private:
        Cluster& cluster_;
        Node& asked_;
        bool ended_ = false;
        std::optional<ClusterMap> map_;
    };

    // AlarmOwner
    void alarm() noexcept override;

    // cluster.cpp
    void connect_to_seeds() noexcept;
    void want_map(const Node* suspect) noexcept;
    void ask_for_map() noexcept;
    void take_answer() noexcept;
    void report_unreachable(const std::vector<std::string>& nodes) noexcept;
    void arm() noexcept;

    // cluster_commands.cpp
    std::string_view place(Command& command) noexcept;
    void put_off(Command& command) noexcept;
    void retry() noexcept;
    bool redirect(Node& node, Command& command, const Reply& error) noexcept;

    const Settings settings_;  // of ours: replies may be larger
    Network& network_;
    Observer& observer_;
    const std::unique_ptr<Alarm> alarm_;
    ClusterNodes nodes_;
    ParkedCommands parked_;
    std::optional<Question> question_;  // goes before the nodes

    std::vector<std::string> reported_;  // nodes without a usable address
    bool map_wanted_ = true;
    bool asked_nobody_ = false;      // it was wanted, and no node was up
    const Node* suspect_ = nullptr;  // knows least; may be gone
    Milliseconds next_question_;
    Milliseconds next_retry_;
    Milliseconds next_round_;
    bool at_once_ = false;                      // something is to be done once this turn is over
    bool down_ = false;                         // and the observer knows
    Milliseconds armed_ = Milliseconds::max();  // when the alarm rings
};

}  // namespace mfa_reset::redis
