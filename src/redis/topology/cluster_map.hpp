// What a node of Redis Cluster says about the others: the reply to CLUSTER SLOTS, and the errors
// MOVED and ASK. What is not plainly right in it is not used.
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

/// The host of a node that shall be called by its hostname, and has none
/// (cluster-preferred-endpoint-type, Redis 7.0).
inline constexpr std::string_view kUnnamed = "?";

/// Which master has which slot.
struct ClusterMap {
    static constexpr std::uint16_t kNobody = 0xFFFF;
    /// More masters than this are not used: their slots are nobody's.
    static constexpr std::size_t kMostMasters = 256;

    std::vector<Address> masters;
    std::vector<std::uint16_t> owners = std::vector<std::uint16_t>(kSlots, kNobody);
    /// Which of `masters` were announced as kUnnamed, by their numbers.
    std::vector<std::uint16_t> unnamed;
    /// Masters without a usable address, which own nothing: as they were announced, for the log.
    /// At most kMostMasters.
    std::vector<std::string> unreachable;
};

/// The reply to CLUSTER SLOTS of the server at `asked`. If a host is empty or NULL, that server's
/// is meant; if it is no host, such as kUnnamed, the node's `ip` or `hostname` is used (its fourth
/// element, Redis 7.0). Returns nullopt if the reply is no such map, or has no master in it. Throws
/// std::bad_alloc.
std::optional<ClusterMap> parse_cluster_slots(const Reply& reply, const Address& asked);

/// The node that `error` (`MOVED 3999 127.0.0.1:6381`, `ASK …`) names, as the server at `asked`
/// says it; its host may be kUnnamed. Throws std::bad_alloc.
std::optional<Address> parse_redirect(std::string_view error, const Address& asked);

}  // namespace mfa_reset::redis
