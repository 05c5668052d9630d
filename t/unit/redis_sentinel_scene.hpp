// A client with sentinels, played by the test: transport 0 is the master's, then one for each
// sentinel.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "redis_fakes.hpp"

namespace mfa_reset::test {

inline const Words kSentinelQuestion{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"};

inline redis::Settings sentinels(std::size_t count) {
    redis::Settings settings = redis_settings();
    settings.connections = 1;
    settings.url.kind = redis::Url::Kind::sentinel;
    settings.url.master = "main";
    for (std::size_t i = 1; i <= count; ++i) {
        settings.url.addresses.push_back({"s" + std::to_string(i), 26379, {}});
    }
    return settings;
}

inline std::string named(const std::string& host) { return array_of({bulk(host), bulk("6379")}); }

class SentinelScene {
public:
    explicit SentinelScene(std::size_t count = 3, redis::Settings with = {})
        : world(with.url.master.empty() ? sentinels(count) : std::move(with)) {
        world.client->start();
    }

    /// The sentinels' connections come up, but for the silent ones.
    SentinelScene& greeted() {
        for (std::size_t i = 1; i < world.transports.size(); ++i) {
            world.greet(i);
        }
        world.advance(Milliseconds{0});
        return *this;
    }
    /// The master at `host` is found by all, and ready.
    SentinelScene& found(const std::string& host = "a") {
        greeted();
        say_all(host);
        EXPECT_EQ(address(), host);
        serve();
        world.advance(Milliseconds{0});
        EXPECT_EQ(state(), redis::Client::State::up);
        return *this;
    }
    /// What the sentinel is asked, if it is.
    bool asked(std::size_t sentinel) {
        const std::vector<Words> said = commands(world.flush(sentinel));
        EXPECT_TRUE(said.empty() || said == std::vector<Words>{kSentinelQuestion});
        return !said.empty();
    }
    /// All are asked at the same moment.
    void until_asked() {
        Milliseconds passed{0};
        for (; !asked(1) && passed < std::chrono::seconds{1}; passed += Milliseconds{10}) {
            world.advance(Milliseconds{10});
        }
        EXPECT_LT(passed, std::chrono::seconds{1});
    }
    void reply(std::size_t sentinel, const std::string& wire) {
        world.flush(sentinel);
        world.connection(sentinel).received(wire);
        world.advance(Milliseconds{0});
    }
    void say(std::size_t sentinel, const std::string& host) { reply(sentinel, named(host)); }
    void say_all(const std::string& host) {
        for (std::size_t i = 1; i < world.transports.size(); ++i) {
            say(i, host);
        }
    }
    /// The master's greeting, up to the ROLE that the server has.
    void serve(const std::string& role = "master") {
        world.connection(0).opened();
        EXPECT_EQ(
            commands(world.flush(0)),
            std::vector<Words>({{"CLIENT", "SETNAME", "mfa-reset"}, {"ROLE"}, {"INFO", "memory"}}));
        world.connection(0).received("+OK\r\n" + array_of({bulk(role), ":0\r\n"}));
        if (role == "master") {
            world.connection(0).received(bulk("# Memory"));
        }
    }
    /// So long that it has been a good connection, and every sentinel goes on saying the same.
    void settle(const std::string& host, Milliseconds delay = std::chrono::seconds{2}) {
        for (Milliseconds passed{0}; passed < delay; passed += Milliseconds{50}) {
            world.advance(Milliseconds{50});
            for (std::size_t i = 1; i < world.transports.size(); ++i) {
                if (asked(i)) {
                    say(i, host);
                }
            }
        }
    }

    FakeTransport& master() { return world.transport(0); }
    std::string address() { return master().has_socket ? master().address.host : "nowhere"; }
    redis::Client::State state() { return world.client->state(); }

    World world;
};

}  // namespace mfa_reset::test
