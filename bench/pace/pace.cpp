// Asks at a steady rate, whether or not answers come: wrk cannot. A request that has to wait for a
// connection is measured from when it was due, so that a server that stalls is not spared the
// requests that would have come meanwhile.
//
//     pace PORT RATE SECONDS CONNECTIONS <request
//
// SECONDS are those that are measured; as many requests as take a fifth of that go before. Prints
// one line: answered, p50, p99 and p99.9 in microseconds. Fails where an answer is not 200, or is
// not there a second after the last was due.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Nanoseconds = std::chrono::nanoseconds;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

[[noreturn]] void fail_errno(const char* what) {
    fail(std::string(what) + ": " + std::strerror(errno));
}

/// The length of the first answer in `bytes`; nothing (0) where it is not there as a whole.
std::size_t answer_length(std::string_view bytes) {
    constexpr std::string_view kEnd = "\r\n\r\n";
    constexpr std::string_view kLength = "Content-Length: ";
    constexpr std::string_view kGood = "HTTP/1.1 200 ";
    const std::size_t head = bytes.find(kEnd);
    if (head == std::string_view::npos) {
        return 0;
    }
    if (!bytes.starts_with(kGood)) {
        fail("an answer that is not 200: " + std::string(bytes.substr(0, bytes.find('\r'))));
    }
    const std::size_t at = bytes.find(kLength);
    if (at == std::string_view::npos || at > head) {
        fail("an answer without a length");
    }
    const std::size_t total =
        head + kEnd.size() + std::strtoul(&bytes[at + kLength.size()], nullptr, 10);
    return total <= bytes.size() ? total : 0;
}

/// One kept connection, with at most one request in flight.
class Connection {
public:
    explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        if (socket_ < 0 ||
            ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
            ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
            fail_errno("connect");
        }
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { ::close(socket_); }

    int socket() const noexcept { return socket_; }
    Time due() const noexcept { return due_; }

    /// A request is far smaller than what a socket takes at once.
    void send(std::string_view request, Time due) {
        due_ = due;
        if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size())) {
            fail_errno("send");
        }
    }

    /// Whether the answer is there now.
    bool receive() {
        std::array<char, 4096> buffer;
        const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size < 0 && errno == EAGAIN) {
            return false;
        }
        if (size <= 0) {
            fail("the connection was closed");
        }
        received_.append(buffer.data(), static_cast<std::size_t>(size));
        const std::size_t length = answer_length(received_);
        received_.erase(0, length);
        return length > 0;
    }

private:
    int socket_;
    Time due_;
    std::string received_;
};

struct Options {
    std::uint16_t port;
    double rate;
    double seconds;
    std::size_t connections;
};

class Loader {
public:
    Loader(const Options& options, std::string request)
        : request_(std::move(request)),
          interval_(static_cast<std::int64_t>(1e9 / options.rate)),
          count_(static_cast<std::size_t>(1.2 * options.rate * options.seconds)),
          skipped_(count_ / 6),
          poll_(::epoll_create1(0)) {
        latencies_.reserve(count_);
        for (std::size_t i = 0; i < options.connections; ++i) {
            auto& connection = connections_.emplace_back(options.port);
            epoll_event event{EPOLLIN, {.ptr = &connection}};
            if (::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket(), &event) != 0) {
                fail_errno("epoll_ctl");
            }
            free_.push_back(&connection);
        }
    }
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;
    ~Loader() { ::close(poll_); }

    /// Microseconds of each request that is measured, in ascending order.
    std::vector<double> run() {
        start_ = Clock::now() + std::chrono::milliseconds(20);
        const Time end = due(count_) + std::chrono::seconds(1);
        while (answered_ < count_) {
            const Time now = Clock::now();
            if (now > end) {
                fail("answers are missing");
            }
            send_due(now);
            wait(now, end);
        }
        std::sort(latencies_.begin(), latencies_.end());
        return std::move(latencies_);
    }

private:
    Time due(std::size_t number) const noexcept { return start_ + interval_ * number; }

    void send_due(Time now) {
        for (; next_ < count_ && due(next_) <= now; ++next_) {
            waiting_.push_back(next_);
        }
        while (!waiting_.empty() && !free_.empty()) {
            free_.back()->send(request_, due(waiting_.front()));
            free_.pop_back();
            waiting_.pop_front();
        }
    }

    void wait(Time now, Time end) {
        const Nanoseconds left =
            std::max((next_ < count_ ? due(next_) : end) - now, Nanoseconds::zero());
        const timespec timeout{static_cast<time_t>(left.count() / 1'000'000'000),
                               static_cast<long>(left.count() % 1'000'000'000)};
        std::array<epoll_event, 64> events;
        const int ready = ::epoll_pwait2(poll_, events.data(), events.size(), &timeout, nullptr);
        if (ready < 0 && errno != EINTR) {
            fail_errno("epoll_pwait2");
        }
        for (int i = 0; i < ready; ++i) {
            auto* const connection =
                static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (connection->receive()) {
                finish(*connection);
            }
        }
    }

    void finish(Connection& connection) {
        ++answered_;
        if (connection.due() >= due(skipped_)) {
            const std::chrono::duration<double, std::micro> latency =
                Clock::now() - connection.due();
            latencies_.push_back(latency.count());
        }
        free_.push_back(&connection);
    }

    std::string request_;
    Nanoseconds interval_;
    std::size_t count_;
    std::size_t skipped_;
    int poll_;
    Time start_;
    std::deque<Connection> connections_;
    std::vector<Connection*> free_;
    std::deque<std::size_t> waiting_;  ///< numbers of requests that are due and have no connection
    std::vector<double> latencies_;
    std::size_t next_ = 0;
    std::size_t answered_ = 0;
};

double percentile(const std::vector<double>& sorted, double part) {
    const auto rank = static_cast<std::size_t>(part * static_cast<double>(sorted.size()));
    return sorted.at(std::min(rank, sorted.size() - 1));
}

int run(const std::vector<std::string>& words) {
    if (words.size() != 4) {
        fail("usage: pace PORT RATE SECONDS CONNECTIONS <request");
    }
    const Options options{static_cast<std::uint16_t>(std::stoul(words[0])), std::stod(words[1]),
                          std::stod(words[2]), std::stoul(words[3])};
    std::string request(std::istreambuf_iterator<char>(std::cin), {});
    // Otherwise the kernel may wake us 50 microseconds late, to save power.
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    const auto sorted = Loader(options, std::move(request)).run();
    std::printf("%zu %.1f %.1f %.1f\n", sorted.size(), percentile(sorted, 0.5),
                percentile(sorted, 0.99), percentile(sorted, 0.999));
    return 0;
}

}  // namespace

int main(int count, char** words) {
    try {
        return run({words + 1, words + count});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pace: %s\n", error.what());
        return 1;
    }
}
