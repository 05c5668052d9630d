// The nodes of a cluster that one worker has connections to, by number, and which slots are whose.
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
    static constexpr std::uint16_t kNobody = ClusterMap::kNobody;
    /// More than these there are never, whatever servers say: all masters that a map may have, and
    /// as many that were named meanwhile.
    static constexpr std::size_t kMost = 2 * ClusterMap::kMostMasters;

    struct Member {
        Member(const Settings& settings, const Node::Options& options, const Address& address,
               Network& network, NodeOwner& owner);

        Node node;
        std::string name;       ///< for the log: `127.0.0.1:6379`
        bool has_slots = true;  ///< by the last map; or somebody has just named it
        Milliseconds named{};   ///< when that was
        bool unnamed = false;   ///< the last map announced it as kUnnamed
    };

    /// All outlive this.
    ClusterNodes(const Settings& settings, Network& network, NodeOwner& owner) noexcept
        : settings_(settings), network_(network), owner_(owner) {}
    ClusterNodes(const ClusterNodes&) = delete;
    ClusterNodes& operator=(const ClusterNodes&) = delete;
    ~ClusterNodes() = default;

    /// The number of the node at `address`, which is there and connects from now on. kNobody where
    /// there is no room or no memory.
    std::uint16_t name(const Address& address) noexcept;
    /// nullptr for kNobody.
    Member* member(std::uint16_t number) const noexcept {
        return number == kNobody ? nullptr : members_[number].get();
    }
    Member& member(const Node& node) const noexcept;
    /// All of them, each once.
    template <class Function>
    void each(Function function) const {
        for (const auto& member : members_) {
            if (member) {
                function(*member);
            }
        }
    }

    /// The address of the node that servers call kUnnamed, with this port. nullopt: by the last map
    /// there is none, or several.
    std::optional<Address> unnamed(std::uint16_t port) const;

    Member* owner(std::uint16_t slot) const noexcept { return member(owners_[slot]); }
    void give(std::uint16_t slot, std::uint16_t number) noexcept { owners_[slot] = number; }
    /// All slots, as `map` has them. Its masters are there and connect from now on.
    void give(const ClusterMap& map) noexcept;

    /// One that is up, another one each time: with slots where there is one, and `avoided` only
    /// where there is no other. nullptr where none is up.
    Node* any_up(const Node* avoided = nullptr) noexcept;
    /// Up where one is; connecting where one does and none is up; else down.
    Node::State state() const noexcept;
    /// Whether each one that has slots is up, and there are no others.
    bool at_rest() const noexcept;
    std::size_t pending() const noexcept;

    void stop() const noexcept;
    /// Closes those that have had no slot for a while and for which nothing waits. Not from inside
    /// a callback of NodeOwner or a Command.
    void close_unused() noexcept;

private:
    std::uint16_t add(const Address& address);

    const Settings& settings_;
    Network& network_;
    NodeOwner& owner_;
    std::vector<std::unique_ptr<Member>> members_;
    std::vector<std::uint16_t> owners_ = std::vector<std::uint16_t>(kSlots, kNobody);
    std::size_t turn_ = 0;
};

}  // namespace mfa_reset::redis
