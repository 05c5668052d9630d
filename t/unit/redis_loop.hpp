// An event loop over poll() for one client: its sockets, timers, and the coroutines that are to go
// on.
#pragma once

#include <array>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redis/topology/client.hpp"

namespace mfa_reset::test {

/// A connection's socket in the loop.
class LoopTransport final : public redis::Transport {
public:
    LoopTransport(redis::Connection& connection, std::vector<LoopTransport*>& all)
        : connection_(connection), all_(all) {
        all_.push_back(this);
    }
    LoopTransport(const LoopTransport&) = delete;
    LoopTransport& operator=(const LoopTransport&) = delete;
    ~LoopTransport() override;

    void connect(const redis::Address& address) noexcept override;
    void disconnect() noexcept override;
    void receive() noexcept override;
    void flush_later() noexcept override { flush_ = true; }
    void set_timer(redis::Timer timer, redis::Milliseconds delay) noexcept override;
    void clear_timer(redis::Timer timer) noexcept override;
    void set_awaited(bool /*awaited*/) noexcept override {}

    // For the loop.
    int socket() const noexcept { return socket_; }
    bool wants_to_write() const noexcept { return blocked_; }
    std::optional<redis::Milliseconds> next_timer() const noexcept;
    void finish_connecting() noexcept;  ///< tells what connect() came to
    void read() noexcept;
    void run_timers() noexcept;
    void write() noexcept;
    bool must_flush() const noexcept { return flush_; }

private:
    void lose(const char* why) noexcept;

    redis::Connection& connection_;
    std::vector<LoopTransport*>& all_;
    int socket_ = -1;
    bool connecting_ = false;
    bool flush_ = false;
    bool blocked_ = false;
    std::array<std::optional<redis::Milliseconds>, 2> due_;
};

/// A timer in the loop.
class LoopAlarm final : public redis::Alarm {
public:
    LoopAlarm(redis::AlarmOwner& owner, std::vector<LoopAlarm*>& all) : owner_(owner), all_(all) {
        all_.push_back(this);
    }
    LoopAlarm(const LoopAlarm&) = delete;
    LoopAlarm& operator=(const LoopAlarm&) = delete;
    ~LoopAlarm() override { std::erase(all_, this); }

    void set(redis::Milliseconds delay) noexcept override;
    void clear() noexcept override { due_.reset(); }
    void set_awaited(bool /*awaited*/) noexcept override {}

    // For the loop.
    void run() noexcept;

private:
    redis::AlarmOwner& owner_;
    std::vector<LoopAlarm*>& all_;
    std::optional<redis::Milliseconds> due_;
};

class RedisLoop final : public redis::Network, public redis::Observer {
public:
    /// `settings` outlives the loop; its server listens on a unix socket.
    explicit RedisLoop(const redis::Settings& settings);
    RedisLoop(const RedisLoop&) = delete;
    RedisLoop& operator=(const RedisLoop&) = delete;
    ~RedisLoop() = default;

    redis::Client& client() { return *client_; }
    const std::vector<std::string>& events() const { return events_; }

    /// Resumes `waiting` at the end of this turn.
    void post(std::coroutine_handle<> waiting) { posted_.push_back(waiting); }
    /// Goes round until `done`; false where that takes longer than ten seconds.
    bool run_until(const std::function<bool()>& done);

    std::unique_ptr<redis::Transport> transport(redis::Connection& connection) override {
        return std::make_unique<LoopTransport>(connection, transports_);
    }
    std::unique_ptr<redis::Alarm> alarm(redis::AlarmOwner& owner) override {
        return std::make_unique<LoopAlarm>(owner, alarms_);
    }
    redis::Milliseconds now() const noexcept override;

    void report(const redis::News& news) noexcept override;
    void command_refused(const redis::Reply& /*error*/) noexcept override {}

private:
    void turn();
    void wait();

    std::vector<LoopTransport*> transports_;  // their connections own them
    std::vector<LoopAlarm*> alarms_;          // their owners own them
    std::optional<redis::Client> client_;
    std::vector<std::coroutine_handle<>> posted_;
    std::vector<std::string> events_;
};

}  // namespace mfa_reset::test
