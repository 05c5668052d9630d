// What a node of Redis Cluster says about the others: the reply to CLUSTER SLOTS, and the errors
// MOVED and ASK. What is not plainly right in it is not used.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "redis/reply.hpp"
#include "redis/slot.hpp"
#include "redis/url.hpp"

namespace mfa_reset::redis {

/// Which master has which slot.
struct ClusterMap {
    static constexpr std::uint16_t kNobody = 0xFFFF;
    /// More masters than this are not used: their slots are nobody's.
    static constexpr std::size_t kMostMasters = 256;

    std::vector<Address> masters;
    std::vector<std::uint16_t> owners = std::vector<std::uint16_t>(kSlots, kNobody);
};

/// The reply to CLUSTER SLOTS of the server at `asked`, which is meant where a host is empty or
/// NULL. A master without a usable address owns nothing. Nothing where the reply is no such map, or
/// has no slot in it. Throws std::bad_alloc.
std::optional<ClusterMap> parse_cluster_slots(const Reply& reply, const Address& asked);

/// The node that `error` (`MOVED 3999 127.0.0.1:6381`, `ASK …`) names, as the server at `asked`
/// says it. Throws std::bad_alloc.
std::optional<Address> parse_redirect(std::string_view error, const Address& asked);

}  // namespace mfa_reset::redis
