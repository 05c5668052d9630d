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

#include "redis/client.hpp"

namespace mfa_reset::test {

/// A connection's socket in the loop.
class LoopTransport final : public redis::Transport {
public:
    explicit LoopTransport(std::string path) : path_(std::move(path)) {}
    LoopTransport(const LoopTransport&) = delete;
    LoopTransport& operator=(const LoopTransport&) = delete;
    ~LoopTransport();

    void connect() noexcept override;
    void disconnect() noexcept override;
    void flush_later() noexcept override { flush_ = true; }
    void set_timer(redis::Timer timer, redis::Milliseconds delay) noexcept override;
    void clear_timer(redis::Timer timer) noexcept override;
    void set_awaited(bool /*awaited*/) noexcept override {}
    redis::Milliseconds now() const noexcept override;

    // For the loop.
    int socket() const noexcept { return socket_; }
    bool wants_to_write() const noexcept { return blocked_; }
    std::optional<redis::Milliseconds> next_timer() const noexcept;
    void attach(redis::Connection& connection) noexcept { connection_ = &connection; }
    void finish_connecting() noexcept;  ///< tells what connect() came to
    void read() noexcept;
    void run_timers() noexcept;
    void write() noexcept;
    bool must_flush() const noexcept { return flush_; }

private:
    void lose(const char* why) noexcept;

    std::string path_;
    redis::Connection* connection_ = nullptr;
    int socket_ = -1;
    bool connecting_ = false;
    bool flush_ = false;
    bool blocked_ = false;
    std::array<std::optional<redis::Milliseconds>, 2> due_;
};

class RedisLoop final : public redis::Observer {
public:
    /// `settings` outlives the loop; its endpoint is a unix socket.
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

    void redis_lost(std::string_view /*why*/) noexcept override {}
    void redis_down(std::string_view why) noexcept override;
    void redis_up() noexcept override { events_.emplace_back("up"); }

private:
    void turn();
    void wait();

    std::vector<std::unique_ptr<LoopTransport>> transports_;
    std::optional<redis::Client> client_;
    std::vector<std::coroutine_handle<>> posted_;
    std::vector<std::string> events_;
};

}  // namespace mfa_reset::test
