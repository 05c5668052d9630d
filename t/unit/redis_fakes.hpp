// Redis's client without sockets: a transport whose bytes and time are in the test's hand, requests
// that make one call each, and a client with all of it around.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mfa_reset/scheduler.hpp"
#include "mfa_reset/task.hpp"
#include "pool_like_memory.hpp"
#include "redis/topology/call.hpp"
#include "redis/topology/client.hpp"
#include "redis_replies.hpp"
#include "redis_settings.hpp"

namespace mfa_reset::test {

using redis::Milliseconds;
using redis::Outcome;
using redis::Timer;

class FakeTransport final : public redis::Transport {
public:
    FakeTransport(redis::Connection& whose, const Milliseconds& now)
        : connection(whose), now_(now) {}
    FakeTransport(const FakeTransport&) = delete;
    FakeTransport& operator=(const FakeTransport&) = delete;
    ~FakeTransport() override = default;

    void connect(const redis::Address& to) noexcept override {
        EXPECT_FALSE(has_socket) << "connects twice";
        has_socket = true;
        address = to;
        ++connects;
    }
    void disconnect() noexcept override {
        has_socket = false;
        flush = false;
    }
    void receive() noexcept override {
        const std::string bytes = std::exchange(unread, {});
        if (!bytes.empty()) {
            connection.received(bytes);
        }
    }
    void flush_later() noexcept override { flush = true; }
    void set_timer(Timer timer, Milliseconds delay) noexcept override {
        EXPECT_GE(delay, Milliseconds{0});
        due(timer) = now_ + delay;
    }
    void clear_timer(Timer timer) noexcept override { due(timer).reset(); }
    void set_awaited(bool waits) noexcept override { awaited = waits; }

    std::optional<Milliseconds>& due(Timer timer) {
        return due_.at(static_cast<std::size_t>(timer));
    }
    /// How long until `timer`; nothing where it is not set.
    std::optional<Milliseconds> until(Timer timer) {
        return due(timer) ? std::optional{*due(timer) - now_} : std::nullopt;
    }

    redis::Connection& connection;
    redis::Address address;
    std::string unread;  ///< has come to the socket, and the event loop has not seen it yet
    bool has_socket = false;
    bool flush = false;
    bool awaited = false;
    int connects = 0;

private:
    const Milliseconds& now_;
    std::array<std::optional<Milliseconds>, 2> due_;
};

class FakeAlarm final : public redis::Alarm {
public:
    FakeAlarm(redis::AlarmOwner& owner, const Milliseconds& now, std::vector<FakeAlarm*>& all)
        : owner_(owner), now_(now), all_(all) {
        all_.push_back(this);
    }
    FakeAlarm(const FakeAlarm&) = delete;
    FakeAlarm& operator=(const FakeAlarm&) = delete;
    ~FakeAlarm() override { std::erase(all_, this); }

    void set(Milliseconds delay) noexcept override { due = now_ + delay; }
    void clear() noexcept override { due.reset(); }
    void set_awaited(bool waits) noexcept override { awaited = waits; }
    void ring() {
        due.reset();
        owner_.alarm();
    }

    std::optional<Milliseconds> due;
    bool awaited = false;

private:
    redis::AlarmOwner& owner_;
    const Milliseconds& now_;
    std::vector<FakeAlarm*>& all_;
};

/// The one of `all` that is due first, by `end`; nullptr: none is.
inline FakeAlarm* next_alarm(const std::vector<FakeAlarm*>& all, Milliseconds end) {
    FakeAlarm* next = nullptr;
    for (FakeAlarm* alarm : all) {
        if (alarm->due && *alarm->due <= end && (next == nullptr || *alarm->due < *next->due)) {
            next = alarm;
        }
    }
    return next;
}

/// One request, which makes one call. It is resumed when the test says so, and by nobody else.
class Asking final : public Scheduler {
public:
    Asking(redis::Client& client, Words words, redis::CommandOptions options)
        : words_(std::move(words)), task_(ask(*this, client, options)) {
        task_.frame().resume();
        collect();
    }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking() = default;

    PoolLikeMemory& pool() { return memory_; }
    Memory& memory() { return memory_; }

    void resume_later(std::coroutine_handle<> waiting) noexcept override {
        EXPECT_FALSE(waiting_) << "posted twice";
        waiting_ = waiting;
    }
    bool posted() const { return static_cast<bool>(waiting_); }
    bool ended() const { return outcome_.has_value(); }

    /// The event loop comes round.
    Asking& turn() {
        if (waiting_) {
            std::exchange(waiting_, nullptr).resume();
            collect();
        }
        return *this;
    }
    /// The client leaves: the request's coroutine is destroyed where it is.
    void leave() {
        waiting_ = nullptr;
        task_ = {};
    }

    const Outcome& outcome() const { return outcome_.value(); }
    /// After turn(): the reply as text, or `unavailable: …`, `uncertain: …`; `waits` while it does.
    std::string result() const {
        if (!outcome_) {
            return posted() ? "posted" : "waits";
        }
        switch (outcome_->kind) {
            case Outcome::Kind::reply: return describe(outcome_->reply);
            case Outcome::Kind::unavailable: return "unavailable: " + std::string{outcome_->why};
            case Outcome::Kind::uncertain: break;
        }
        return "uncertain: " + std::string{outcome_->why};
    }

private:
    static Task<Outcome> ask(Asking& self, redis::Client& client, redis::CommandOptions options) {
        const std::vector<std::string_view> words(self.words_.begin(), self.words_.end());
        redis::Call call(client, words, options, self, self.memory_);
        co_return co_await call;
    }
    void collect() {
        if (task_.frame().done()) {
            outcome_ = task_.frame().promise().take();
        }
    }

    PoolLikeMemory memory_;
    Words words_;
    std::coroutine_handle<> waiting_;
    std::optional<Outcome> outcome_;
    Task<Outcome> task_;  // the last, so that it goes first
};

/// A client, its transports, its clock. The test plays Redis.
class World final : public redis::Network, public redis::Observer {
public:
    explicit World(redis::Settings with = one_server()) : settings(std::move(with)) {
        client.emplace(settings, *this, *this);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World() = default;

    static redis::Settings one_server() {
        redis::Settings settings = redis_settings();
        settings.url.addresses.push_back({.host = "h", .unix_path = {}});
        return settings;
    }
    static redis::Settings one_connection() {
        redis::Settings settings = one_server();
        settings.connections = 1;
        return settings;
    }

    std::unique_ptr<redis::Transport> transport(redis::Connection& connection) override {
        auto made = std::make_unique<FakeTransport>(connection, clock);
        transports.push_back(made.get());
        return made;
    }
    std::unique_ptr<redis::Alarm> alarm(redis::AlarmOwner& owner) override {
        return std::make_unique<FakeAlarm>(owner, clock, alarms);
    }
    Milliseconds now() const noexcept override { return clock; }

    void report(const redis::News& news) noexcept override {
        const std::string text{news.text};
        const std::string node{news.node};
        switch (news.kind) {
            case redis::News::Kind::moved: masters.push_back(text); break;
            case redis::News::Kind::lost:
                if (node.empty()) {
                    lost.push_back(text + (news.idle ? ", idle" : ""));
                }
                break;
            case redis::News::Kind::down:
                events.push_back(node.empty() ? "down: " + text
                                              : "node down: " + node + ": " + text);
                break;
            case redis::News::Kind::up:
                events.push_back(node.empty() ? "up" : "node up: " + node);
                break;
            case redis::News::Kind::unreachable: break;
            case redis::News::Kind::evicts: policies.push_back(text); break;
            case redis::News::Kind::unnamed: unnamed.push_back(text); break;
        }
    }
    void command_refused(const redis::Reply& error) noexcept override {
        refusals.emplace_back(error.text);
    }

    FakeTransport& transport(std::size_t i = 0) { return *transports.at(i); }
    redis::Connection& connection(std::size_t i = 0) { return transport(i).connection; }

    /// Starts the client and brings every connection up.
    World& ready() {
        client->start();
        for (std::size_t i = 0; i < transports.size(); ++i) {
            greet(i);
        }
        return *this;
    }
    /// From connecting to ready.
    void greet(std::size_t i = 0) {
        connection(i).opened();
        for (std::size_t count = commands(flush(i)).size(); count > 0; --count) {
            connection(i).received("+OK\r\n");
        }
        ASSERT_EQ(connection(i).state(), redis::Connection::State::ready);
    }
    /// The end of the turn: what is there to be written goes out, all of it.
    std::string flush(std::size_t i = 0) {
        transport(i).flush = false;
        std::string written;
        for (auto out = connection(i).output(); !out.empty(); out = connection(i).output()) {
            written += out;
            connection(i).sent(out.size());
        }
        return written;
    }
    /// The socket ends, as nginx would tell.
    void close(std::size_t i = 0, std::string_view why = "closed") {
        transport(i).disconnect();
        connection(i).lost(why);
    }
    void advance(Milliseconds delay);
    /// Something blocks the worker: time passes, and then timers and alarms run that were due.
    void stall(Milliseconds delay) {
        clock += delay;
        advance(Milliseconds{0});
    }
    /// Alarms that are due ring.
    void ring() {
        while (FakeAlarm* alarm = next_alarm(alarms, clock)) {
            alarm->ring();
        }
    }

    std::unique_ptr<Asking> ask(Words words, bool writes = false,
                                Milliseconds timeout = Milliseconds{250}) {
        return std::make_unique<Asking>(
            *client, std::move(words),
            redis::CommandOptions{.writes = writes, .deadline = clock + timeout});
    }

    redis::Settings settings;
    Milliseconds clock{1'000'000};
    std::vector<std::string> events;
    std::vector<std::string> lost;  ///< why established connections ended
    std::vector<std::string> masters;
    std::vector<std::string> policies;
    std::vector<std::string> unnamed;
    std::vector<std::string> refusals;
    std::vector<FakeTransport*> transports;  ///< their connections own them
    std::vector<FakeAlarm*> alarms;          ///< their owners own them
    std::optional<redis::Client> client;

private:
    struct Due {
        Milliseconds at;
        std::size_t transport;
        Timer timer;
    };
    Due next_timer(Milliseconds end);
};

/// The timer that is due next; `transport` is none where there is none by `end`.
inline World::Due World::next_timer(Milliseconds end) {
    Due next{.at = end, .transport = transports.size(), .timer = Timer::link};
    for (std::size_t i = 0; i < transports.size(); ++i) {
        for (const Timer timer : {Timer::link, Timer::deadline}) {
            const auto due = transport(i).due(timer);
            if (due && (*due < next.at || (*due == end && next.transport == transports.size()))) {
                next = {.at = *due, .transport = i, .timer = timer};
            }
        }
    }
    return next;
}

/// Lets time pass; timers and alarms run when they are due, in order.
inline void World::advance(Milliseconds delay) {
    const Milliseconds end = clock + delay;
    for (;;) {
        const Due next = next_timer(end);
        if (FakeAlarm* alarm = next_alarm(alarms, next.at)) {
            clock = std::max(clock, *alarm->due);
            alarm->ring();
            continue;
        }
        if (next.transport == transports.size()) {
            break;
        }
        clock = std::max(clock, next.at);
        transport(next.transport).due(next.timer).reset();
        connection(next.transport).timer(next.timer);
    }
    clock = end;
}

}  // namespace mfa_reset::test
