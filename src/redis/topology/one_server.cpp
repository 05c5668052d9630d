#include "redis/topology/one_server.hpp"

#include "redis/protocol/errors.hpp"

namespace mfa_reset::redis {

OneServer::OneServer(const Settings& settings, Network& network, Observer& observer)
    : observer_(observer),
      node_(settings, {record_greeting(settings), settings.connections},
            settings.url.addresses.front(), network, *this, observer) {}

void OneServer::node_lost(Node& /*node*/, const Loss& loss) noexcept {
    observer_.report({.kind = News::Kind::lost, .text = loss.why, .idle = loss.idle});
}

void OneServer::node_down(Node& /*node*/, std::string_view why) noexcept {
    observer_.report({.kind = News::Kind::down, .text = why});
}

void OneServer::node_up(Node& /*node*/) noexcept { observer_.report({.kind = News::Kind::up}); }

/// Does not try again: there is no other server. It only replaces the connections, because the name
/// may belong to another server by now, or the password may have changed.
bool OneServer::try_again(Node& node, Command& /*command*/, const Reply& error) noexcept {
    observer_.command_refused(error);
    switch (error_class(error).remedy) {
        case Remedy::reconnect:
        case Remedy::other_master: node.leave(kReconnectInterval); break;
        case Remedy::redirect:
        case Remedy::wait:
        case Remedy::none: break;
    }
    return false;
}

}  // namespace mfa_reset::redis
