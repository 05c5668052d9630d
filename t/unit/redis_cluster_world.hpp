// A cluster without sockets: every node's bytes and the time are in the test's hand. Nodes are told
// apart by their ports; each has one connection.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "redis/topology/client.hpp"
#include "redis_fakes.hpp"

namespace mfa_reset::test {

/// The metadata of a node in CLUSTER SLOTS: names and values in turn.
inline std::string metadata(const Words& pairs) {
    std::string wire = "*" + std::to_string(pairs.size()) + "\r\n";
    for (const std::string& word : pairs) {
        wire += bulk(word);
    }
    return wire;
}

class ClusterWorld final : public redis::Network, public redis::Observer {
public:
    using Address = redis::Address;

    class Link final : public redis::Transport {
    public:
        Link(ClusterWorld& world, redis::Connection& whose) : connection(whose), world_(world) {
            world_.links.push_back(this);
        }
        Link(const Link&) = delete;
        Link& operator=(const Link&) = delete;
        ~Link() override { std::erase(world_.links, this); }

        void connect(const Address& to) noexcept override {
            EXPECT_FALSE(has_socket) << "connects twice";
            has_socket = true;
            address = to;
        }
        void disconnect() noexcept override { has_socket = false; }
        void receive() noexcept override {}
        void flush_later() noexcept override { flush = true; }
        void set_timer(Timer timer, Milliseconds delay) noexcept override {
            due.at(static_cast<std::size_t>(timer)) = world_.clock + delay;
        }
        void clear_timer(Timer timer) noexcept override {
            due.at(static_cast<std::size_t>(timer)).reset();
        }
        void set_awaited(bool /*awaited*/) noexcept override {}

        redis::Connection& connection;
        Address address;
        bool has_socket = false;
        bool flush = false;
        std::array<std::optional<Milliseconds>, 2> due;

    private:
        ClusterWorld& world_;
    };

    /// The seeds are 7000, 7001 and 7002.
    explicit ClusterWorld(redis::Settings with = three_seeds()) : settings(std::move(with)) {
        client.emplace(settings, *this, *this);
        client->start();
    }
    ClusterWorld(const ClusterWorld&) = delete;
    ClusterWorld& operator=(const ClusterWorld&) = delete;
    ~ClusterWorld() = default;

    static redis::Settings three_seeds() {
        redis::Settings settings = redis_settings();
        settings.url.kind = redis::Url::Kind::cluster;
        for (std::uint16_t port = 7000; port < 7003; ++port) {
            settings.url.addresses.push_back({.host = "h", .port = port, .unix_path = {}});
        }
        settings.connections = 1;
        return settings;
    }

    // redis::Network
    std::unique_ptr<redis::Transport> transport(redis::Connection& connection) override {
        return std::make_unique<Link>(*this, connection);
    }
    std::unique_ptr<redis::Alarm> alarm(redis::AlarmOwner& owner) override {
        return std::make_unique<FakeAlarm>(owner, clock, alarms);
    }
    Milliseconds now() const noexcept override { return clock; }

    // redis::Observer
    void report(const redis::News& news) noexcept override {
        const std::string subject = std::string{news.node} + (news.node.empty() ? "" : " ");
        switch (news.kind) {
            case redis::News::Kind::lost: log(subject + "lost: ", news.text); break;
            case redis::News::Kind::down: log(subject + "down: ", news.text); break;
            case redis::News::Kind::up: log(subject, "up"); break;
            case redis::News::Kind::unreachable: log("unreachable: ", news.text); break;
            case redis::News::Kind::evicts: log("evicts: ", news.text); break;
            case redis::News::Kind::moved:
            case redis::News::Kind::unnamed: break;
        }
    }
    void command_refused(const redis::Reply& error) noexcept override {
        log("refused: ", error.text);
    }

    /// The node's connection; nullptr where there is none.
    Link* find(int port) {
        const auto found =
            std::ranges::find_if(links, [port](const Link* l) { return l->address.port == port; });
        return found == links.end() ? nullptr : *found;
    }
    Link& link(int port) {
        Link* found = find(port);
        EXPECT_NE(found, nullptr) << "nobody has connected to " << port;
        return *found;
    }
    /// Brings it up.
    void greet(int port) {
        link(port).connection.opened();
        for (std::size_t count = sent(port).size(); count > 0; --count) {
            reply(port, "+OK\r\n");
        }
        ASSERT_EQ(link(port).connection.state(), redis::Connection::State::ready);
    }
    /// What was written to it since.
    std::vector<Words> sent(int port) {
        std::string bytes;
        redis::Connection& connection = link(port).connection;
        for (auto out = connection.output(); !out.empty(); out = connection.output()) {
            bytes += out;
            connection.sent(out.size());
        }
        return commands(bytes);
    }
    void reply(int port, std::string_view bytes) { link(port).connection.received(bytes); }
    void close(int port, std::string_view why = "closed") {
        link(port).disconnect();
        link(port).connection.lost(why);
    }
    /// `{first, last, port}` each, as CLUSTER SLOTS has it.
    static std::string map(const std::vector<std::array<int, 3>>& ranges) {
        const auto number = [](int n) { return ":" + std::to_string(n) + "\r\n"; };
        std::string wire = "*" + std::to_string(ranges.size()) + "\r\n";
        for (const auto& [first, last, port] : ranges) {
            wire += array_of({number(first), number(last), array_of({bulk("h"), number(port)})});
        }
        return wire;
    }
    /// A third of the slots for each of the seeds.
    static std::string thirds() {
        return map({{0, 5460, 7000}, {5461, 10922, 7001}, {10923, 16383, 7002}});
    }
    /// All up, and the map is known.
    ClusterWorld& ready() {
        for (const int port : {7000, 7001, 7002}) {
            greet(port);
        }
        turn();
        EXPECT_TRUE(answer_question(thirds()));
        events.clear();
        return *this;
    }
    /// Answers the question for the map, whichever node it is put to, but for `silent`.
    bool answer_question(std::string_view with, int silent = 0) {
        for (const Link* each : std::vector<Link*>(links.begin(), links.end())) {
            const int port = each->address.port;
            if (port != silent && each->connection.serves() &&
                sent(port) == std::vector<Words>{{"CLUSTER", "SLOTS"}}) {
                asked = port;
                reply(port, with);
                turn();
                return true;
            }
        }
        return false;
    }

    /// The cluster's own; those of nodes come behind it.
    FakeAlarm& alarm() { return *alarms.front(); }

    /// What is due now.
    void turn() { advance(Milliseconds{0}); }
    void advance(Milliseconds delay) {
        const Milliseconds end = clock + delay;
        while (run_next(end)) {
        }
        clock = end;
    }

    std::unique_ptr<Asking> ask(std::string_view key, bool writes = false,
                                Milliseconds timeout = Milliseconds{250}) {
        return std::make_unique<Asking>(
            *client, Words{writes ? "SET" : "GET", std::string{key}},
            redis::CommandOptions{.writes = writes, .deadline = clock + timeout, .key = key});
    }

    redis::Settings settings;
    Milliseconds clock{1'000'000};
    int asked = 0;  ///< whom answer_question() was for
    std::vector<std::string> events;
    std::vector<Link*> links;
    std::vector<FakeAlarm*> alarms;  ///< their owners own them
    std::optional<redis::Client> client;

private:
    void log(std::string_view what, std::string_view why) {
        events.push_back(std::string{what} + std::string{why});
    }
    /// Runs what is due first, by `end`; false where nothing is.
    bool run_next(Milliseconds end) {
        Link* whose = nullptr;
        Timer which{};
        Milliseconds first = end;
        for (Link* each : links) {
            for (const Timer kind : {Timer::link, Timer::deadline}) {
                const auto& due = each->due.at(static_cast<std::size_t>(kind));
                if (due && (*due < first || (*due == end && whose == nullptr))) {
                    first = *due;
                    whose = each;
                    which = kind;
                }
            }
        }
        if (FakeAlarm* next = next_alarm(alarms, first)) {
            clock = std::max(clock, *next->due);
            next->ring();
            return true;
        }
        if (whose == nullptr) {
            return false;
        }
        clock = std::max(clock, first);
        whose->due.at(static_cast<std::size_t>(which)).reset();
        whose->connection.timer(which);
        return true;
    }
};

}  // namespace mfa_reset::test
