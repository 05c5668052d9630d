// One server for all commands.
#pragma once

#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

class OneServer final : public Topology {
public:
    OneServer(const Settings& settings, Network& network, Observer& observer);

    Node& node() noexcept { return node_; }

    // Topology
    void start() noexcept override { node_.start(); }
    void stop() noexcept override { node_.stop(); }
    std::string_view submit(Command& command) noexcept override { return node_.submit(command); }
    Replication* replication(std::string_view /*key*/) noexcept override {
        return node_.replication();
    }
    Node::State state() const noexcept override { return node_.state(); }
    std::size_t pending() const noexcept override { return node_.pending(); }

    // NodeOwner
    void node_lost(Node& node, const Loss& loss) noexcept override;
    void node_down(Node& node, std::string_view why) noexcept override;
    void node_up(Node& node) noexcept override;
    bool try_again(Node& node, Command& command, const Reply& error) noexcept override;

private:
    Observer& observer_;
    Node node_;
};

}  // namespace mfa_reset::redis
