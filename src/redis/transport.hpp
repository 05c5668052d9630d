// What a connection's state machine needs of the world: a socket, two timers, the time. nginx's are
// in src/nginx; unit tests have their own.
#pragma once

#include <cstdint>

#include "redis/settings.hpp"

namespace mfa_reset::redis {

/// `link` runs while the connection is made, waits to be made again, or has gone silent; it never
/// keeps a worker alive that shall end. `deadline` does, for as long as somebody waits.
enum class Timer : std::uint8_t { link, deadline };

class Transport {
public:
    /// Starts to connect. Answers by Connection::opened or Connection::lost, later, not from
    /// inside.
    virtual void connect() noexcept = 0;

    /// Closes the socket, if there is one. Nothing of it is reported afterwards.
    virtual void disconnect() noexcept = 0;

    /// Asks for Connection::output to be taken and written once this turn of the event loop is
    /// over.
    virtual void flush_later() noexcept = 0;

    /// Calls Connection::timer after `delay`, in place of what was set before.
    virtual void set_timer(Timer timer, Milliseconds delay) noexcept = 0;
    virtual void clear_timer(Timer timer) noexcept = 0;

    /// Whether a call waits on this connection. The deadline timer is left running when its call
    /// ends, and must not keep a worker alive then.
    virtual void set_awaited(bool awaited) noexcept = 0;

    /// Milliseconds since some moment; never goes back.
    virtual Milliseconds now() const noexcept = 0;

protected:
    ~Transport() = default;
};

}  // namespace mfa_reset::redis
