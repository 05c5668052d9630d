// What the client reports about Redis, mostly for the log. A fact that no layer between changes
// goes to the Observer directly from where it is found.
#pragma once

#include <cstdint>
#include <string_view>

#include "redis/protocol/reply.hpp"

namespace mfa_reset::redis {

/// How an attempt to connect, or an established connection, ended.
struct Loss {
    std::string_view why;
    /// The server closed it while no reply was due, as its `timeout` does: nothing was lost.
    bool idle = false;
};

/// One thing to say about Redis.
struct News {
    enum class Kind : std::uint8_t {
        moved,  ///< `text` is the address of the master from now on; reported for the first, too
        lost,   ///< an established connection ended, for the reason in `text`
        down,   ///< for the reason in `text`: once per change
        up,     ///< again: once per change
        unreachable,  ///< `text`, as a cluster announces a node with slots, is no usable address
        evicts,       ///< `text` is the server's maxmemory-policy; each new connection reports it
        unnamed,      ///< the name of a connection was refused, for the reason in `text`; likewise
    };
    Kind kind;
    std::string_view text = {};
    /// The address of one server of several; empty: Redis as a whole.
    std::string_view node = {};
    bool idle = false;  ///< Loss::idle
};

class Observer {
public:
    virtual void report(const News& news) noexcept = 0;
    /// A command was refused with this error, whatever is done about it. Its text may repeat what
    /// was sent.
    virtual void command_refused(const Reply& error) noexcept = 0;
    /// A command was answered as expected; `wrote`: it has changed something.
    virtual void command_worked(bool /*wrote*/) noexcept {}

protected:
    ~Observer() = default;
};

}  // namespace mfa_reset::redis
