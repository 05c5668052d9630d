// A connection to Redis on nginx's own sockets, timers and posted events.
#pragma once

#include <optional>

#include "nginx/ngx.hpp"
#include "nginx/redis/addresses.hpp"
#include "nginx/redis/keepalive.hpp"
#include "nginx/redis/lookup.hpp"
#include "nginx/redis/tls.hpp"
#include "redis/connection/connection.hpp"
#include "redis/connection/transport.hpp"

namespace mfa_reset::nginx {

/// How to connect to one Redis.
struct LinkOptions {
    RedisAddresses addresses;
    Resolving resolving;
    std::optional<TlsSettings> tls;    // nullopt: plain
    ngx_ssl_t* tls_context = nullptr;  // by `tls`
    Keepalive keepalive;
};

class RedisLink final : public redis::Transport, private RedisLookup::Owner {
public:
    RedisLink(LinkOptions& options, redis::Connection& connection, ngx_log_t* log) noexcept;
    RedisLink(const RedisLink&) = delete;
    RedisLink& operator=(const RedisLink&) = delete;
    ~RedisLink() override;

    // redis::Transport
    void connect(const redis::Address& address) noexcept override;
    void disconnect() noexcept override;
    void receive() noexcept override;
    void flush_later() noexcept override;
    void set_timer(redis::Timer timer, redis::Milliseconds delay) noexcept override;
    void clear_timer(redis::Timer timer) noexcept override;
    void set_awaited(bool awaited) noexcept override {
        deadline_timer_.cancelable = awaited ? 0 : 1;
    }

private:
    static void on_read(ngx_event_t* event) noexcept;
    static void on_write(ngx_event_t* event) noexcept;
    static void on_handshake(ngx_connection_t* socket) noexcept;
    static void on_flush(ngx_event_t* event) noexcept;
    static void on_link_timer(ngx_event_t* event) noexcept;
    static void on_deadline_timer(ngx_event_t* event) noexcept;

    // RedisLookup::Owner
    void found(const ngx_addr_t& address) noexcept override {
        connection_.stepped();
        open(address);
    }
    void not_found(std::string_view why) noexcept override { connection_.lost(why); }

    void open(const ngx_addr_t& address) noexcept;
    void fail_later(const char* what, ngx_err_t error) noexcept;
    ngx_event_t& event(redis::Timer timer) noexcept;
    bool finish_connecting() noexcept;
    void finish_handshake() noexcept;
    bool ready() noexcept;
    void read() noexcept;
    void write() noexcept;
    void lose(std::string_view what, ngx_err_t error) noexcept;
    void lose_socket(const char* call) noexcept;
    void lose_write() noexcept;

    redis::Connection& connection_;
    const Keepalive& keepalive_;
    redis::Address address_;
    RedisLookup lookup_;
    ngx_log_t* log_;
    ngx_log_t quiet_log_;  // while connecting: the client reports once that Redis is down
    std::optional<TlsSession> tls_;
    ngx_connection_t* socket_ = nullptr;
    bool connected_ = false;
    bool tcp_ = false;
    const char* failed_ = nullptr;  // why there is no socket, to be reported from the event loop
    ngx_err_t error_ = 0;
    ngx_event_t link_timer_{};
    ngx_event_t deadline_timer_{};
    ngx_event_t flush_event_{};
};

}  // namespace mfa_reset::nginx
