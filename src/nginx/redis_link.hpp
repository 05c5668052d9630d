// A connection to Redis on nginx's own sockets, timers and posted events.
#pragma once

#include "nginx/ngx.hpp"
#include "redis/connection.hpp"
#include "redis/transport.hpp"

namespace mfa_reset::nginx {

/// Where a Redis listens: what its name stood for when the configuration was loaded.
struct RedisAddresses {
    ngx_addr_t* addresses = nullptr;
    ngx_uint_t count = 0;
};

class RedisLink final : public redis::Transport {
public:
    /// `addresses` and `log` outlive the link.
    RedisLink(const RedisAddresses& addresses, ngx_log_t* log) noexcept;
    RedisLink(const RedisLink&) = delete;
    RedisLink& operator=(const RedisLink&) = delete;
    ~RedisLink();

    /// Tells the link whose bytes it moves; before anything else.
    void attach(redis::Connection& connection) noexcept { connection_ = &connection; }

    /// The worker ends: closes the socket and stops the timers.
    void stop() noexcept;

    // redis::Transport
    void connect() noexcept override;
    void disconnect() noexcept override;
    void flush_later() noexcept override;
    void set_timer(redis::Timer timer, redis::Milliseconds delay) noexcept override;
    void clear_timer(redis::Timer timer) noexcept override;
    void set_awaited(bool awaited) noexcept override {
        deadline_timer_.cancelable = awaited ? 0 : 1;
    }
    redis::Milliseconds now() const noexcept override {
        return redis::Milliseconds{static_cast<redis::Milliseconds::rep>(ngx_current_msec)};
    }

private:
    static void on_read(ngx_event_t* event) noexcept;
    static void on_write(ngx_event_t* event) noexcept;
    static void on_flush(ngx_event_t* event) noexcept;
    static void on_link_timer(ngx_event_t* event) noexcept;
    static void on_deadline_timer(ngx_event_t* event) noexcept;

    ngx_event_t& event(redis::Timer timer) noexcept;
    bool finish_connecting() noexcept;
    void read() noexcept;
    void write() noexcept;
    void lose(const char* what, ngx_err_t error) noexcept;

    RedisAddresses addresses_;
    ngx_uint_t next_address_ = 0;
    ngx_log_t* log_;
    ngx_log_t quiet_log_;  // for connecting: Redis being down is told once, by the client
    redis::Connection* connection_ = nullptr;
    ngx_connection_t* socket_ = nullptr;
    bool connected_ = false;
    bool tcp_ = false;
    ngx_err_t connect_error_ = 0;
    ngx_event_t link_timer_{};
    ngx_event_t deadline_timer_{};
    ngx_event_t flush_event_{};
};

}  // namespace mfa_reset::nginx
