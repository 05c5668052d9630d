// See cluster_map.hpp.
#include "redis/cluster_map.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace mfa_reset::redis {

namespace {

using Type = Reply::Type;

constexpr std::size_t kMostHost = 255;  // RFC 1035, 2.3.4
constexpr long long kMostPort = 65535;

/// A name or an address. `?`, for a node whose name nobody has told, is neither.
bool is_host(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMostHost && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '.' || c == '-' || c == '_' || c == ':';
    });
}

std::optional<Address> make_address(std::string_view host, long long port, const Address& asked) {
    if (port < 1 || port > kMostPort) {
        return std::nullopt;
    }
    Address address{.host = host.empty() ? asked.host : std::string{host},
                    .port = static_cast<std::uint16_t>(port),
                    .unix_path = {}};
    return is_host(address.host) ? std::optional{std::move(address)} : std::nullopt;
}

/// `[host or nil, port, …]`
std::optional<Address> parse_node(const Reply& reply, const Address& asked) {
    if (reply.elements.size() < 2 || !reply.elements[1].is(Type::integer) ||
        !(reply.elements[0].is(Type::string) || reply.elements[0].is(Type::nil))) {
        return std::nullopt;
    }
    return make_address(reply.elements[0].string_or_empty(), reply.elements[1].integer, asked);
}

/// The number of `master` in the map, which it is added to.
std::uint16_t number_of(Address master, ClusterMap& map) {
    const auto found = std::ranges::find_if(map.masters, [&master](const Address& known) {
        return known.port == master.port && known.host == master.host;
    });
    if (found == map.masters.end() && map.masters.size() == ClusterMap::kMostMasters) {
        return ClusterMap::kNobody;
    }
    const auto number = static_cast<std::uint16_t>(found - map.masters.begin());
    if (found == map.masters.end()) {
        map.masters.push_back(std::move(master));
    }
    return number;
}

/// `[first slot, last slot, master, replica, …]`; false where it is not that.
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
    if (auto master = parse_node(range.elements[2], asked)) {
        const std::uint16_t number = number_of(std::move(*master), map);
        std::fill(map.owners.begin() + first, map.owners.begin() + last + 1, number);
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
    return map.masters.empty() ? std::nullopt : std::optional{std::move(map)};
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
    return make_address(error.substr(space + 1, colon - space - 1), port, asked);
}

}  // namespace mfa_reset::redis
