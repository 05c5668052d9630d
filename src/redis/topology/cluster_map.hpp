// What a node of Redis Cluster says about the others: the reply to CLUSTER SLOTS, and the errors
// MOVED and ASK. Anything invalid in them is ignored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/protocol/reply.hpp"
#include "redis/protocol/slot.hpp"
#include "redis/protocol/url.hpp"

namespace mfa_reset::redis {

/// The host that a node announces if cluster-preferred-endpoint-type is `hostname` and the node has
/// none (Redis 7.0).
inline constexpr std::string_view kUnnamed = "?";

/// Which master has which slot.
struct ClusterMap {
    static constexpr std::uint16_t kNoOwner = 0xFFFF;
    /// Masters beyond this number are not used: their slots have no owner.
    static constexpr std::size_t kMostMasters = 256;

    std::vector<Address> masters;
    std::vector<std::uint16_t> owners = std::vector<std::uint16_t>(kSlots, kNoOwner);
    /// The numbers of those `masters` that were announced as kUnnamed.
    std::vector<std::uint16_t> unnamed;
    /// Masters without a usable address, as announced, for the log. They own no slot. At most
    /// kMostMasters.
    std::vector<std::string> unreachable;
};

/// Reads the reply to CLUSTER SLOTS of the server at `asked`. If a host is empty or NULL, it is
/// that server's own; if it is no host (kUnnamed is none), the node's `ip` or `hostname` is used
/// (its fourth element, Redis 7.0). Returns nullopt if the reply is no map, or has no master in it.
std::optional<ClusterMap> parse_cluster_slots(const Reply& reply, const Address& asked);

/// The node that `error` (`MOVED 3999 127.0.0.1:6381`, `ASK …`) of the server at `asked` names. Its
/// host may be kUnnamed.
std::optional<Address> parse_redirect(std::string_view error, const Address& asked);

}  // namespace mfa_reset::redis
