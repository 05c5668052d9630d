// One Redis as one worker talks to it: a few connections, shared by all requests of the worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <span>
#include <string_view>

#include "redis/call.hpp"
#include "redis/connection.hpp"
#include "redis/settings.hpp"
#include "redis/transport.hpp"

namespace mfa_reset::redis {

/// Who wants to know how Redis is.
class Observer {
public:
    /// An established connection ended; whether Redis is still there the next attempt will tell.
    virtual void redis_lost(std::string_view why) noexcept = 0;
    /// Redis went away, or came back: once per change.
    virtual void redis_down(std::string_view why) noexcept = 0;
    virtual void redis_up() noexcept = 0;

protected:
    ~Observer() = default;
};

class Client final : public ConnectionOwner {
public:
    enum class State : std::uint8_t {
        connecting,  ///< none is ready, and no attempt has failed since: calls wait
        up,
        down,  ///< the last attempt failed: calls are refused at once
    };

    /// One connection for each transport. `settings`, the transports and `observer` outlive the
    /// client.
    Client(const Settings& settings, std::span<Transport* const> transports, Observer& observer);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() = default;

    /// Makes the first attempts.
    void start() noexcept;

    State state() const noexcept { return state_; }
    /// Commands waiting for their turn or their reply.
    std::size_t pending() const noexcept;
    const Settings& settings() const noexcept { return settings_; }
    Connection& connection(std::size_t index) noexcept { return connections_[index]; }
    /// The transports' clock.
    Milliseconds now() const noexcept { return clock_.now(); }

    // ConnectionOwner
    void connection_ready() noexcept override;
    void connection_lost(bool was_ready, std::string_view why) noexcept override;
    std::string_view submit(Call& call) noexcept override;
    unsigned jitter() noexcept override;

private:
    bool any_ready() const noexcept;
    Connection& choose() noexcept;

    const Settings& settings_;
    Observer& observer_;
    Transport& clock_;
    std::deque<Connection> connections_;  // a deque never moves its elements
    State state_ = State::connecting;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace mfa_reset::redis
