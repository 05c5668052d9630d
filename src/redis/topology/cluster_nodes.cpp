#include "redis/topology/cluster_nodes.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "redis/topology/topology.hpp"

namespace mfa_reset::redis {

namespace {

/// How long a node without slots is kept: the maps of other nodes may be older, and name it again.
constexpr Milliseconds kKept{5000};

}  // namespace

ClusterNodes::Member::Member(const Settings& settings, const Node::Options& options,
                             const Address& address, Network& network, NodeOwner& owner,
                             Observer& observer)
    : node(settings, options, address, network, owner, observer), name(address.text()) {}

std::uint16_t ClusterNodes::name(const Address& address) noexcept {
    const auto found = std::ranges::find_if(members_, [&address](const auto& member) {
        return member && *member->node.address() == address;
    });
    auto number = static_cast<std::uint16_t>(found - members_.begin());
    if (found == members_.end()) {
        try {
            number = add(address);
        } catch (const std::exception&) {  // no memory, or no randomness for a node
            return kNoOwner;
        }
    }
    if (Member* named = member(number); named != nullptr) {
        named->has_slots = true;
        named->named = network_.now();
    }
    return number;
}

std::uint16_t ClusterNodes::add(const Address& address) {
    auto made = std::make_unique<Member>(
        settings_, Node::Options{record_greeting(settings_), settings_.connections}, address,
        network_, owner_, observer_);
    auto place = std::find(members_.begin(), members_.end(), nullptr);
    if (place == members_.end()) {
        if (members_.size() == kMost) {
            return kNoOwner;
        }
        place = members_.insert(place, nullptr);
    }
    *place = std::move(made);
    (*place)->node.start();
    return static_cast<std::uint16_t>(place - members_.begin());
}

ClusterNodes::Member& ClusterNodes::member(const Node& node) const noexcept {
    return **std::ranges::find_if(
        members_, [&node](const auto& member) { return member && &member->node == &node; });
}

std::optional<Address> ClusterNodes::unnamed(std::uint16_t port) const {
    const Address* found = nullptr;
    bool several = false;
    each([&](const Member& member) {
        if (member.unnamed && member.node.address()->port == port) {
            several = several || found != nullptr;
            found = member.node.address();
        }
    });
    return found != nullptr && !several ? std::optional{*found} : std::nullopt;
}

void ClusterNodes::give(const ClusterMap& map) noexcept {
    each([](Member& member) { member.has_slots = member.unnamed = false; });
    std::array<std::uint16_t, ClusterMap::kMostMasters> numbers{};
    for (std::size_t i = 0; i < map.masters.size(); ++i) {
        numbers.at(i) = name(map.masters[i]);
    }
    for (const std::uint16_t number : map.unnamed) {
        if (Member* member = this->member(numbers.at(number)); member != nullptr) {
            member->unnamed = true;
        }
    }
    std::ranges::transform(map.owners, owners_.begin(), [&numbers](std::uint16_t owner) {
        return owner == kNoOwner ? kNoOwner : numbers.at(owner);
    });
}

Node* ClusterNodes::any_up(const Node* avoided) noexcept {
    Node* found = nullptr;
    int best = 0;
    const std::size_t from = turn_++;
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const auto& member = members_[(from + i) % members_.size()];
        if (!member || member->node.state() != Node::State::up) {
            continue;
        }
        const int worth = &member->node == avoided ? 1 : member->has_slots ? 3 : 2;
        if (worth > best) {
            best = worth;
            found = &member->node;
        }
    }
    return found;
}

Node::State ClusterNodes::state() const noexcept {
    auto state = Node::State::down;
    for (const auto& member : members_) {
        if (member && member->node.state() == Node::State::up) {
            return Node::State::up;
        }
        if (member && member->node.state() == Node::State::connecting) {
            state = Node::State::connecting;
        }
    }
    return state;
}

bool ClusterNodes::at_rest() const noexcept {
    return std::ranges::all_of(members_, [](const auto& member) {
        return !member || (member->has_slots && member->node.state() == Node::State::up);
    });
}

std::size_t ClusterNodes::pending() const noexcept {
    std::size_t sum = 0;
    each([&sum](const Member& member) { sum += member.node.pending(); });
    return sum;
}

void ClusterNodes::stop() const noexcept {
    each([](Member& member) { member.node.stop(); });
}

void ClusterNodes::close_unused() noexcept {
    for (auto& member : members_) {
        if (member && !member->has_slots && member->node.pending() == 0 &&
            network_.now() - member->named >= kKept) {
            member.reset();  // no slot has its number: the map that took its slots gave them to
                             // others
        }
    }
}

}  // namespace mfa_reset::redis
