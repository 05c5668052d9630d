#include "redis_loop.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <utility>

namespace mfa_reset::test {

using namespace std::chrono_literals;
using redis::Milliseconds;
using redis::Timer;

namespace {

Milliseconds time_now() noexcept {
    return std::chrono::duration_cast<Milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

LoopTransport::~LoopTransport() {
    disconnect();
    std::erase(all_, this);
}

void LoopTransport::connect(const redis::Address& to) noexcept {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(to.unix_path, address.sun_path);
    connecting_ = true;
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        close(socket_);
        socket_ = -1;
    }
}

void LoopTransport::disconnect() noexcept {
    if (socket_ >= 0) {
        close(socket_);
    }
    socket_ = -1;
    connecting_ = flush_ = blocked_ = false;
}

void LoopTransport::finish_connecting() noexcept {
    if (!std::exchange(connecting_, false)) {
        return;
    }
    if (socket_ < 0) {
        lose("connect() failed");
    } else {
        connection_.opened();
    }
}

void LoopTransport::set_timer(Timer timer, Milliseconds delay) noexcept {
    due_.at(static_cast<std::size_t>(timer)) = time_now() + delay;
}

void LoopTransport::clear_timer(Timer timer) noexcept {
    due_.at(static_cast<std::size_t>(timer)).reset();
}

std::optional<Milliseconds> LoopTransport::next_timer() const noexcept {
    std::optional<Milliseconds> next;
    for (const auto& due : due_) {
        if (due && (!next || *due < *next)) {
            next = due;
        }
    }
    return next;
}

void LoopTransport::run_timers() noexcept {
    for (const Timer timer : {Timer::link, Timer::deadline}) {
        auto& due = due_.at(static_cast<std::size_t>(timer));
        if (due && *due <= time_now()) {
            due.reset();
            connection_.timer(timer);
        }
    }
}

void LoopTransport::receive() noexcept {
    if (socket_ >= 0 && !connecting_) {
        read();
    }
}

void LoopTransport::read() noexcept {
    std::array<char, 4096> buffer{};
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
    if (size > 0) {
        connection_.received({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0 || errno != EAGAIN) {
        lose("recv() failed");
    }
}

void LoopTransport::write() noexcept {
    flush_ = blocked_ = false;
    while (socket_ >= 0 && !connecting_) {
        const std::string_view out = connection_.output();
        if (out.empty()) {
            return;
        }
        const ssize_t size = send(socket_, out.data(), out.size(), MSG_NOSIGNAL);
        if (size < 0 && errno == EAGAIN) {
            blocked_ = true;
            return;
        }
        if (size < 0) {
            lose("send() failed");
            return;
        }
        connection_.sent(static_cast<std::size_t>(size));
    }
}

void LoopTransport::lose(const char* why) noexcept {
    disconnect();
    connection_.lost(why);
}

void LoopAlarm::set(Milliseconds delay) noexcept { due_ = time_now() + delay; }

void LoopAlarm::run() noexcept {
    if (due_ && *due_ <= time_now()) {
        due_.reset();
        owner_.alarm();
    }
}

RedisLoop::RedisLoop(const redis::Settings& settings) {
    client_.emplace(settings, *this, *this);
    client_->start();
}

Milliseconds RedisLoop::now() const noexcept { return time_now(); }

void RedisLoop::report(const redis::News& news) noexcept {
    if (!news.node.empty()) {
        return;
    }
    if (news.kind == redis::News::Kind::down) {
        events_.push_back("down: " + std::string{news.text});
    } else if (news.kind == redis::News::Kind::up) {
        events_.emplace_back("up");
    }
}

bool RedisLoop::run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        turn();
    }
    return true;
}

/// As nginx does: first the sockets, then the timers, then what was posted.
void RedisLoop::turn() {
    wait();
    for (LoopTransport* transport : transports_) {
        transport->finish_connecting();
        if (transport->socket() >= 0) {
            transport->read();
        }
    }
    for (LoopTransport* transport : transports_) {
        transport->run_timers();
    }
    for (LoopAlarm* alarm : alarms_) {
        alarm->run();
    }
    for (const auto waiting : std::exchange(posted_, {})) {
        waiting.resume();
    }
    for (LoopTransport* transport : transports_) {
        transport->write();
    }
}

void RedisLoop::wait() {
    std::vector<pollfd> sockets;
    Milliseconds delay = posted_.empty() ? 20ms : 0ms;
    for (LoopTransport* transport : transports_) {
        const short wanted = transport->wants_to_write() ? POLLIN | POLLOUT : POLLIN;
        sockets.push_back({transport->socket(), wanted, 0});
        if (const auto next = transport->next_timer()) {
            delay = std::clamp(*next - now(), 0ms, delay);
        }
        if (transport->must_flush()) {
            delay = 0ms;
        }
    }
    poll(sockets.data(), sockets.size(), static_cast<int>(delay.count()));
}

}  // namespace mfa_reset::test
