// Redis Cluster: each command goes to the master that has its key's slot.
//
// Any node has the map of slots (CLUSTER SLOTS), and a node that does not have a slot names the
// right one (MOVED; ASK while a slot is being moved). The client asks for the map at the start, and
// again when something shows that it has changed: one question at a time, at most one in kMapAge.
//
// A command waits, within its own deadline, while its slot has no owner or is being moved. If its
// node is known to be down, it fails at once. It is sent again only after an error that proves that
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
    /// The shortest time between two questions for the map.
    static constexpr Milliseconds kMapAge{100};
    /// How long a command that was put off waits before it is tried again.
    static constexpr Milliseconds kTick{25};
    /// How many redirections one command follows: in all, and without a pause between them.
    static constexpr unsigned kMostRedirects = 64;
    static constexpr unsigned kMostInARow = 4;

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
    bool try_again(Node& node, Command& command, const Reply& error) noexcept override;

private:
    /// CLUSTER SLOTS.
    class Question final : public Command {
    public:
        Question(Cluster& cluster, Node& asked, Milliseconds deadline) noexcept;

        bool ended() const noexcept { return ended_; }
        const Node& asked() const noexcept { return asked_; }
        /// nullopt: no usable answer.
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
    bool send_to(const Address& address, bool moved, Command& command) noexcept;

    const Settings settings_;  // a copy: the map is a larger reply than others
    Network& network_;
    Observer& observer_;
    const std::unique_ptr<Alarm> alarm_;
    ClusterNodes nodes_;
    ParkedCommands parked_;
    std::optional<Question> question_;  // destroyed before the nodes

    std::vector<std::string> reported_;  // unreachable nodes
    bool map_wanted_ = true;
    bool no_node_was_up_ = false;    // when the map was wanted
    const Node* suspect_ = nullptr;  // asked last for the map. Compared by address only; may dangle
    Milliseconds next_question_;
    Milliseconds next_retry_;
    Milliseconds next_round_;
    bool at_once_ = false;  // run alarm() once this turn of the event loop is over
    bool down_ = false;     // as reported
    Milliseconds armed_ = Milliseconds::max();  // when the alarm rings
};

}  // namespace mfa_reset::redis
