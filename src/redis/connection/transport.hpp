// The sockets, the timers and the clock of the client: nginx's in src/nginx, fakes in unit tests.
#pragma once

#include <cstdint>
#include <memory>

#include "redis/connection/settings.hpp"

namespace mfa_reset::redis {

class Client;
class Connection;

/// `link` runs while the connection is being made, waits for its next attempt, is silent or idle; a
/// worker that ends does not wait for it. For `deadline` it waits while a command waits.
enum class Timer : std::uint8_t { link, deadline };

/// One connection's socket and timers.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    /// Closes the socket and stops the timers.
    virtual ~Transport() = default;

    /// Starts to connect to `address`, which need not outlive this call: looks the name up, makes
    /// the socket, and does the TLS handshake if the URL says TLS. Calls Connection::opened or
    /// Connection::lost later, not from inside. The connection's `link` timer limits all of it.
    virtual void connect(const Address& address) noexcept = 0;

    /// Closes the socket, if there is one, and cancels the lookup. Reports neither.
    virtual void disconnect() noexcept = 0;

    /// Passes what has come to Connection::received now, before the event loop has noticed it. May
    /// end the connection.
    virtual void receive() noexcept = 0;

    /// Has Connection::output written at the end of this turn of the event loop.
    virtual void flush_later() noexcept = 0;

    /// Calls Connection::timer after `delay`. Replaces the earlier setting.
    virtual void set_timer(Timer timer, Milliseconds delay) noexcept = 0;
    virtual void clear_timer(Timer timer) noexcept = 0;

    /// Whether a command waits on this connection. The deadline timer runs on when its command has
    /// ended, and a worker that ends must not wait for it then.
    virtual void set_awaited(bool awaited) noexcept = 0;
};

/// What an Alarm calls.
class AlarmOwner {
public:
    virtual void alarm() noexcept = 0;

protected:
    ~AlarmOwner() = default;
};

/// A timer that belongs to no connection.
class Alarm {
public:
    Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    /// Clears it.
    virtual ~Alarm() = default;

    /// Calls AlarmOwner::alarm after `delay`. Replaces the earlier setting.
    virtual void set(Milliseconds delay) noexcept = 0;
    virtual void clear() noexcept = 0;
    /// Whether a command waits for it: then a worker that ends waits, too. False at first.
    virtual void set_awaited(bool awaited) noexcept = 0;
};

/// What one client gets from outside.
class Network {
public:
    /// The transport of `connection`, which outlives it.
    virtual std::unique_ptr<Transport> transport(Connection& connection) = 0;

    /// A timer for `owner`, which outlives it.
    virtual std::unique_ptr<Alarm> alarm(AlarmOwner& owner) = 0;

    /// A monotonic clock, read now, not at the beginning of this turn of the event loop.
    virtual Milliseconds now() const noexcept = 0;

protected:
    ~Network() = default;
};

}  // namespace mfa_reset::redis
