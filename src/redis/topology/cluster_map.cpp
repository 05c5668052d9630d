#include "redis/topology/cluster_map.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "redis/protocol/host.hpp"

namespace mfa_reset::redis {

namespace {

using Type = Reply::Type;

constexpr long long kMostPort = 65535;
constexpr std::size_t kMostQuoted = 64;

std::optional<Address> with_port(std::string_view host, long long port) {
    if (port < 1 || port > kMostPort) {
        return std::nullopt;
    }
    return Address{
        .host = std::string{host}, .port = static_cast<std::uint16_t>(port), .unix_path = {}};
}

std::optional<Address> make_address(std::string_view announced, long long port,
                                    const Address& asked) {
    const std::string_view host = announced.empty() ? asked.host : announced;
    return is_announced_host(host) ? with_port(host, port) : std::nullopt;
}

/// The value of `name` in the metadata of `node`: pairs in its fourth element.
std::optional<std::string_view> metadata(const Reply& node, std::string_view name) noexcept {
    if (node.elements.size() < 4) {
        return std::nullopt;
    }
    const auto pairs = node.elements[3].elements;
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs[i].string_or_empty() == name && pairs[i + 1].is(Type::string)) {
            return pairs[i + 1].text;
        }
    }
    return std::nullopt;
}

/// `[host or nil, port, id, metadata]`; the last two may be missing.
std::optional<Address> parse_node(const Reply& reply, const Address& asked) {
    if (reply.elements.size() < 2 || !reply.elements[1].is(Type::integer) ||
        !(reply.elements[0].is(Type::string) || reply.elements[0].is(Type::nil))) {
        return std::nullopt;
    }
    const long long port = reply.elements[1].integer;
    auto address = make_address(reply.elements[0].string_or_empty(), port, asked);
    if (const auto ip = metadata(reply, "ip"); !address && ip) {
        address = make_address(
            *ip, port, asked);  // empty: the node itself, which does not know its address yet
    }
    if (const auto name = metadata(reply, "hostname"); !address && name && !name->empty()) {
        address = make_address(*name, port, asked);
    }
    return address;
}

/// `?:7001 (id)`; without the parts that are missing.
std::string announced(const Reply& node) {
    std::string text;
    if (node.elements.size() >= 2) {
        text += node.elements[0].string_or_empty().substr(0, kMostQuoted);
        text += ':';
        text += std::to_string(node.elements[1].integer);
    }
    if (node.elements.size() >= 3) {
        text += " (";
        text += node.elements[2].string_or_empty().substr(0, kMostQuoted);
        text += ')';
    }
    return text;
}

/// Adds `value` unless it is there already, or the capacity is used up.
void add_once(auto& values, auto value) {
    if (values.size() < ClusterMap::kMostMasters &&
        std::ranges::find(values, value) == values.end()) {
        values.push_back(std::move(value));
    }
}

/// The number of `master`, which is added to the map if need be.
std::uint16_t number_of(Address master, ClusterMap& map) {
    const auto found = std::ranges::find_if(map.masters, [&master](const Address& known) {
        return known.port == master.port && known.host == master.host;
    });
    if (found == map.masters.end() && map.masters.size() == ClusterMap::kMostMasters) {
        return ClusterMap::kNoOwner;
    }
    const auto number = static_cast<std::uint16_t>(found - map.masters.begin());
    if (found == map.masters.end()) {
        map.masters.push_back(std::move(master));
    }
    return number;
}

/// `[first slot, last slot, master, replica, …]`. False: the range is something else.
bool add_range(const Reply& range, const Address& asked, ClusterMap& map) {
    if (range.elements.size() < 3 || !range.elements[0].is(Type::integer) ||
        !range.elements[1].is(Type::integer)) {
        return false;
    }
    const long long first = range.elements[0].integer;
    const long long last = range.elements[1].integer;
    if (first < 0 || first > last || last >= kSlots) {
        return false;
    }
    const Reply& node = range.elements[2];
    auto master = parse_node(node, asked);
    if (!master) {
        add_once(map.unreachable, announced(node));
        return true;
    }
    const std::uint16_t number = number_of(std::move(*master), map);
    std::fill(map.owners.begin() + first, map.owners.begin() + last + 1, number);
    if (node.elements[0].string_or_empty() == kUnnamed && number != ClusterMap::kNoOwner) {
        add_once(map.unnamed, number);
    }
    return true;
}

}  // namespace

std::optional<ClusterMap> parse_cluster_slots(const Reply& reply, const Address& asked) {
    if (!reply.is(Type::array)) {
        return std::nullopt;
    }
    ClusterMap map;
    for (const Reply& range : reply.elements) {
        if (!add_range(range, asked, map)) {
            return std::nullopt;
        }
    }
    const bool empty = map.masters.empty() && map.unreachable.empty();
    return empty ? std::nullopt : std::optional{std::move(map)};
}

std::optional<Address> parse_redirect(std::string_view error, const Address& asked) {
    const std::size_t space = error.rfind(' ');
    const std::size_t colon = error.rfind(':');
    if (space == std::string_view::npos || colon == std::string_view::npos || colon < space) {
        return std::nullopt;
    }
    const std::string_view digits = error.substr(colon + 1);
    unsigned port = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (result.ec != std::errc{} || result.ptr != digits.data() + digits.size()) {
        return std::nullopt;
    }
    const std::string_view host = error.substr(space + 1, colon - space - 1);
    return host == kUnnamed ? with_port(host, port) : make_address(host, port, asked);
}

}  // namespace mfa_reset::redis
