// See one_server.hpp.
#include "redis/topology/one_server.hpp"

#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

namespace {

/// A connection is not made anew more often than this because of what the server says.
constexpr Milliseconds kLeast{1000};

}  // namespace

OneServer::OneServer(const Settings& settings, Network& network, Observer& observer)
    : observer_(observer),
      node_(settings, {record_greeting(settings), settings.connections},
            settings.url.addresses.front(), network, *this) {}

void OneServer::node_lost(Node& /*node*/, const Loss& loss) noexcept { observer_.redis_lost(loss); }

void OneServer::node_down(Node& /*node*/, std::string_view why) noexcept {
    observer_.redis_down(why);
}

void OneServer::node_up(Node& /*node*/) noexcept { observer_.redis_up(); }

void OneServer::node_evicts(Node& /*node*/, std::string_view policy) noexcept {
    observer_.redis_evicts(policy);
}

void OneServer::node_unnamed(Node& /*node*/, std::string_view why) noexcept {
    observer_.redis_unnamed(why);
}

/// Nothing is tried again: there is nobody else to ask. But behind a name there may be another
/// server by now, and a new password wants to be said.
bool OneServer::try_again(Node& node, Command& /*command*/, const Reply& error) noexcept {
    observer_.redis_refused(error);
    switch (error_class(error).remedy) {
        case Remedy::reconnect:
        case Remedy::other_master: node.leave(kLeast); break;
        case Remedy::redirect:
        case Remedy::wait:
        case Remedy::none: break;
    }
    return false;
}

}  // namespace mfa_reset::redis
