// What the client needs of the world: sockets, timers, the time. nginx's are in src/nginx; unit
// tests have their own.
#pragma once

#include <cstdint>
#include <memory>

#include "redis/connection/settings.hpp"

namespace mfa_reset::redis {

class Client;
class Connection;

/// `link` runs while the connection is made, waits to be made again, or has gone silent; it never
/// keeps a worker alive that shall end. `deadline` does, for as long as somebody waits.
enum class Timer : std::uint8_t { link, deadline };

/// One connection's socket and timers.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    /// Closes the socket and stops the timers.
    virtual ~Transport() = default;

    /// Starts to connect to `address`, which it copies or is done with when this returns: looks its
    /// name up, makes the socket, and does the TLS handshake where the server speaks TLS. Answers
    /// by Connection::opened or Connection::lost, later, not from inside. The connection's `link`
    /// timer is the end of all of it.
    virtual void connect(const Address& address) noexcept = 0;

    /// Closes the socket, if there is one, and forgets what is being looked up. Nothing of it is
    /// reported afterwards.
    virtual void disconnect() noexcept = 0;

    /// Gives what has come to Connection::received now, without waiting for the event loop to
    /// notice it. The connection may end by it.
    virtual void receive() noexcept = 0;

    /// Asks for Connection::output to be taken and written once this turn of the event loop is
    /// over.
    virtual void flush_later() noexcept = 0;

    /// Calls Connection::timer after `delay`, in place of what was set before.
    virtual void set_timer(Timer timer, Milliseconds delay) noexcept = 0;
    virtual void clear_timer(Timer timer) noexcept = 0;

    /// Whether a command waits on this connection. The deadline timer is left running when its
    /// command ends, and must not keep a worker alive then.
    virtual void set_awaited(bool awaited) noexcept = 0;
};

/// Whom an Alarm wakes.
class AlarmOwner {
public:
    virtual void alarm() noexcept = 0;

protected:
    ~AlarmOwner() = default;
};

/// A timer that is no connection's.
class Alarm {
public:
    Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    /// Clears it.
    virtual ~Alarm() = default;

    /// Calls AlarmOwner::alarm after `delay`, in place of what was set before.
    virtual void set(Milliseconds delay) noexcept = 0;
    virtual void clear() noexcept = 0;
    /// Whether a command waits for it: a worker that shall end waits, too. Not at first.
    virtual void set_awaited(bool awaited) noexcept = 0;
};

/// All that one client has of the world.
class Network {
public:
    /// The transport of `connection`, which outlives it. Throws std::bad_alloc.
    virtual std::unique_ptr<Transport> transport(Connection& connection) = 0;

    /// A timer for `owner`, which outlives it. Throws std::bad_alloc.
    virtual std::unique_ptr<Alarm> alarm(AlarmOwner& owner) = 0;

    /// Milliseconds since some moment; never goes back. The time as it is, however long this turn
    /// of the event loop has taken.
    virtual Milliseconds now() const noexcept = 0;

protected:
    ~Network() = default;
};

}  // namespace mfa_reset::redis
