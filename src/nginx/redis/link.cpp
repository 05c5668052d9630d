#include "nginx/redis/link.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "nginx/clock.hpp"

namespace mfa_reset::nginx {

namespace {

/// One for the whole worker: its bytes are used before the next read.
std::array<u_char, 16UL * 1024> read_buffer;

void prepare(ngx_event_t& event, void* data, ngx_event_handler_pt handler,
             ngx_log_t* log) noexcept {
    event.data = data;
    event.handler = handler;
    event.log = log;
}

}  // namespace

RedisLink::RedisLink(LinkOptions& options, redis::Connection& connection, ngx_log_t* log) noexcept
    : connection_(connection),
      keepalive_(options.keepalive),
      lookup_(options.addresses, options.resolving, *this, log),
      log_(log),
      quiet_log_(*log) {
    quiet_log_.log_level = std::min<ngx_uint_t>(quiet_log_.log_level, NGX_LOG_ALERT);
    prepare(link_timer_, this, on_link_timer, log);
    prepare(deadline_timer_, this, on_deadline_timer, log);
    prepare(flush_event_, this, on_flush, log);
    link_timer_.cancelable = 1;
    deadline_timer_.cancelable = 1;  // until a command waits
    if (options.tls) {
        tls_.emplace(options.tls_context, *options.tls, &quiet_log_);
    }
}

RedisLink::~RedisLink() {
    disconnect();
    clear_timer(redis::Timer::link);
    clear_timer(redis::Timer::deadline);
}

void RedisLink::connect(const redis::Address& address) noexcept {
    const bool aimed = guarded(false, [&] {
        address_ = address;
        if (tls_) {
            tls_->aim(address_.host);
        }
        return true;
    });
    if (!aimed) {
        fail_later("no memory", 0);
        return;
    }
    if (const auto known = lookup_.start(address_)) {
        open(*known);
    }
}

void RedisLink::open(const ngx_addr_t& address) noexcept {
    ngx_str_t name = address.name;
    ngx_peer_connection_t peer{};
    peer.sockaddr = address.sockaddr;
    peer.socklen = address.socklen;
    peer.name = &name;
    peer.get = ngx_event_get_peer;
    peer.log = &quiet_log_;
    peer.log_error = NGX_ERROR_INFO;

    const ngx_int_t rc = ngx_event_connect_peer(&peer);
    if (rc == NGX_ERROR || rc == NGX_DECLINED || rc == NGX_BUSY) {
        fail_later("connect()", ngx_socket_errno);
        return;
    }
    socket_ = peer.connection;
    connected_ = false;
    tcp_ = address.sockaddr->sa_family != AF_UNIX;
    socket_->data = this;
    socket_->log = log_;
    socket_->read->log = log_;
    socket_->write->log = log_;
    socket_->read->handler = on_read;
    socket_->write->handler = on_write;
    if (rc == NGX_OK) {
        ngx_post_event(socket_->write, &ngx_posted_events);
    }
}

/// Reports the failure from the event loop, as for a socket.
void RedisLink::fail_later(const char* what, ngx_err_t error) noexcept {
    failed_ = what;
    error_ = error;
    ngx_post_event(&flush_event_, &ngx_posted_events);
}

void RedisLink::disconnect() noexcept {
    lookup_.cancel();
    if (flush_event_.posted) {
        ngx_delete_posted_event(&flush_event_);
    }
    if (socket_ != nullptr) {
        TlsSession::end(socket_);
        ngx_close_connection(socket_);
        socket_ = nullptr;
    }
}

/// nginx's recv() reads only if the event loop has seen something.
void RedisLink::receive() noexcept {
    if (socket_ != nullptr && connected_) {
        socket_->read->ready = 1;
        socket_->read->available = -1;
        read();
    }
}

void RedisLink::flush_later() noexcept {
    if (!flush_event_.posted) {
        ngx_post_event(&flush_event_, &ngx_posted_events);
    }
}

ngx_event_t& RedisLink::event(redis::Timer timer) noexcept {
    return timer == redis::Timer::link ? link_timer_ : deadline_timer_;
}

void RedisLink::set_timer(redis::Timer timer, redis::Milliseconds delay) noexcept {
    nginx::set_timer(event(timer), delay);
}

void RedisLink::clear_timer(redis::Timer timer) noexcept {
    if (event(timer).timer_set) {
        ngx_del_timer(&event(timer));
    }
}

void RedisLink::on_read(ngx_event_t* event) noexcept {
    auto* socket = static_cast<ngx_connection_t*>(event->data);
    auto& link = *static_cast<RedisLink*>(socket->data);
    if (link.finish_connecting()) {
        link.read();
    }
}

void RedisLink::on_write(ngx_event_t* event) noexcept {
    auto* socket = static_cast<ngx_connection_t*>(event->data);
    auto& link = *static_cast<RedisLink*>(socket->data);
    if (link.finish_connecting()) {
        link.write();
    }
}

void RedisLink::on_flush(ngx_event_t* event) noexcept {
    auto& link = *static_cast<RedisLink*>(event->data);
    if (link.socket_ == nullptr) {
        link.lose(link.failed_, link.error_);
    } else {
        link.write();
    }
}

void RedisLink::on_link_timer(ngx_event_t* event) noexcept {
    static_cast<RedisLink*>(event->data)->connection_.timer(redis::Timer::link);
}

void RedisLink::on_deadline_timer(ngx_event_t* event) noexcept {
    static_cast<RedisLink*>(event->data)->connection_.timer(redis::Timer::deadline);
}

/// True if the socket is connected. SO_ERROR has the result of a non-blocking connect().
bool RedisLink::finish_connecting() noexcept {
    if (connected_) {
        return true;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(socket_->fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1) {
        error = ngx_socket_errno;
    }
    if (error != 0) {
        lose("connect()", error);
        return false;
    }
    if (!socket_->write->ready) {
        return false;
    }
    if (tcp_) {
        (void)ngx_tcp_nodelay(socket_);  // logs a failure, which costs only speed
        keep_alive(socket_, keepalive_);
    }
    if (!tls_) {
        return ready();
    }
    connection_.stepped();
    if (tls_->start(socket_, on_handshake) != NGX_AGAIN) {
        finish_handshake();
    }
    return false;  // the event was for the handshake
}

void RedisLink::on_handshake(ngx_connection_t* socket) noexcept {
    static_cast<RedisLink*>(socket->data)->finish_handshake();
}

void RedisLink::finish_handshake() noexcept {
    if (const auto refusal = tls_->refusal(socket_); !refusal.empty()) {
        lose(refusal, 0);
        return;
    }
    // The handshake had replaced them.
    socket_->read->handler = on_read;
    socket_->write->handler = on_write;
    if (ready()) {
        // Data may have come with the end of the handshake, without a further event.
        ngx_post_event(socket_->read, &ngx_posted_events);
    }
}

bool RedisLink::ready() noexcept {
    connected_ = true;
    connection_.opened();
    return socket_ != nullptr;
}

void RedisLink::read() noexcept {
    ngx_connection_t* socket = socket_;
    do {
        const ssize_t size = socket->recv(socket, read_buffer.data(), read_buffer.size());
        if (size == NGX_AGAIN) {
            break;
        }
        if (size == NGX_ERROR) {
            lose_socket("recv()");
            return;
        }
        if (size == 0) {
            disconnect();
            connection_.closed("Redis closed the connection");
            return;
        }
        connection_.received(
            {reinterpret_cast<const char*>(read_buffer.data()), static_cast<std::size_t>(size)});
        if (socket_ != socket) {
            return;  // a reply has ended the connection
        }
    } while (socket->read->ready);

    if (ngx_handle_read_event(socket->read, 0) != NGX_OK) {
        lose("the event for reading could not be set", 0);
    }
}

void RedisLink::write() noexcept {
    if (!connected_) {
        return;
    }
    while (socket_->write->ready) {
        const std::string_view bytes = connection_.output();
        if (bytes.empty()) {
            break;
        }
        ngx_str_t out = str(bytes);
        const ssize_t size = socket_->send(socket_, out.data, out.len);
        if (size == NGX_ERROR) {
            lose_write();
            return;
        }
        if (size == NGX_AGAIN) {
            break;
        }
        connection_.sent(static_cast<std::size_t>(size));
    }
    if (socket_ != nullptr && ngx_handle_write_event(socket_->write, 0) != NGX_OK) {
        lose("the event for writing could not be set", 0);
    }
}

/// A call on the socket failed. With TLS the reason is in nginx's words, not in errno.
void RedisLink::lose_socket(const char* call) noexcept {
    const ngx_err_t error = ngx_socket_errno;
    const std::string_view failure = tls_ ? tls_->failure({}) : std::string_view{};
    failure.empty() ? lose(call, error) : lose(failure, 0);
}

/// With TLS 1.3 a server that refuses our certificate says so after the handshake and closes: its
/// alert, which must be read first, is a better reason than the failed write.
void RedisLink::lose_write() noexcept {
    const ngx_connection_t* socket = socket_;
    if (tls_) {
        read();
    }
    if (socket_ == socket) {
        lose_socket("send()");
    }
}

void RedisLink::lose(std::string_view what, ngx_err_t error) noexcept {
    std::array<u_char, NGX_MAX_ERROR_STR> text{};
    const ngx_str_t reason = str(what);
    u_char* end = ngx_slprintf(text.data(), text.data() + text.size(), "%V", &reason);
    if (error != 0) {
        end = ngx_slprintf(end, text.data() + text.size(), " failed");
        end = ngx_log_errno(end, text.data() + text.size(), error);
    }
    disconnect();
    connection_.lost(
        {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(end - text.data())});
}

}  // namespace mfa_reset::nginx
