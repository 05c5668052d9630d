// The nodes of a cluster that one worker has connections to, by number, and the owner of each slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redis/topology/cluster_map.hpp"
#include "redis/topology/node.hpp"

namespace mfa_reset::redis {

class ClusterNodes {
public:
    static constexpr std::uint16_t kNoOwner = ClusterMap::kNoOwner;
    /// The capacity: all masters that a map may have, and as many that were named since.
    static constexpr std::size_t kMost = 2 * ClusterMap::kMostMasters;

    struct Member {
        Member(const Settings& settings, const Node::Options& options, const Address& address,
               Network& network, NodeOwner& owner, Observer& observer);

        Node node;
        std::string name;       ///< for the log: `127.0.0.1:6379`
        bool has_slots = true;  ///< by the last map, or by a redirection since
        Milliseconds named{};   ///< when the map or the redirection came
        bool unnamed = false;   ///< the last map announced it as kUnnamed
    };

    ClusterNodes(const Settings& settings, Network& network, NodeOwner& owner,
                 Observer& observer) noexcept
        : settings_(settings), network_(network), owner_(owner), observer_(observer) {}
    ClusterNodes(const ClusterNodes&) = delete;
    ClusterNodes& operator=(const ClusterNodes&) = delete;
    ~ClusterNodes() = default;

    /// The number of the node at `address`; a new one starts to connect. kNoOwner: the capacity is
    /// used up, or no memory.
    std::uint16_t name(const Address& address) noexcept;
    /// nullptr for kNoOwner.
    Member* member(std::uint16_t number) const noexcept {
        return number == kNoOwner ? nullptr : members_[number].get();
    }
    Member& member(const Node& node) const noexcept;
    /// Calls `function` with each Member.
    template <class Function>
    void each(Function function) const {
        for (const auto& member : members_) {
            if (member) {
                function(*member);
            }
        }
    }

    /// The address of the one node with this port that the last map announced as kUnnamed. nullopt:
    /// there is no such node, or several.
    std::optional<Address> unnamed(std::uint16_t port) const;

    Member* owner(std::uint16_t slot) const noexcept { return member(owners_[slot]); }
    void give(std::uint16_t slot, std::uint16_t number) noexcept { owners_[slot] = number; }
    /// Takes all owners from `map`. New masters start to connect.
    void give(const ClusterMap& map) noexcept;

    /// A node that is up, in turn: preferably one with slots, `avoided` only if it is the only one.
    /// nullptr: no node is up.
    Node* any_up(const Node* avoided = nullptr) noexcept;
    /// `up` if any node is up, else `connecting` if any is connecting, else `down`.
    Node::State state() const noexcept;
    /// Whether every node is up and has slots.
    bool at_rest() const noexcept;
    std::size_t pending() const noexcept;

    void stop() const noexcept;
    /// Closes nodes that have had no slots for a while and have no pending commands. Not from
    /// inside a callback of NodeOwner or a Command.
    void close_unused() noexcept;

private:
    std::uint16_t add(const Address& address);

    const Settings& settings_;
    Network& network_;
    NodeOwner& owner_;
    Observer& observer_;
    std::vector<std::unique_ptr<Member>> members_;
    std::vector<std::uint16_t> owners_ = std::vector<std::uint16_t>(kSlots, kNoOwner);
    std::size_t turn_ = 0;
};

}  // namespace mfa_reset::redis
