// The client under random schedules, against a Redis that answers each command with the command's
// own tag: whatever happens, nobody gets another's reply, and "not done" is never said of what was
// done.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "redis_fakes.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::chrono_literals;
using test::Asking;
using test::World;

/// The other end of one transport.
struct Server {
    std::string inbox;    ///< what came, and was not run
    std::string replies;  ///< what was not delivered
    int connection = 0;
};

struct Request {
    std::string tag;
    bool writes;
    std::unique_ptr<Asking> asking;
};

class Model {
public:
    Model(unsigned seed, Settings settings)
        : random_(seed), world_(std::move(settings)), servers_(world_.transports.size()) {
        world_.client->start();
    }

    void run(int steps) {
        for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
            step();
            settle();
        }
        drain();
    }

    int asked() const { return asked_; }
    int answered() const { return answered_; }

private:
    int up_to(int most) { return std::uniform_int_distribution<>{0, most}(random_); }
    std::size_t pick(std::size_t size) {
        return std::uniform_int_distribution<std::size_t>{0, size - 1}(random_);
    }
    Connection& connection(std::size_t i) { return world_.connection(i); }

    void step() {
        const std::size_t i = pick(servers_.size());
        const int dice = up_to(99);
        if (dice < 25) {
            ask();
        } else if (dice < 42) {
            write(i);
        } else if (dice < 59) {
            serve(servers_[i]);
        } else if (dice < 76) {
            deliver(i, pick(200) + 1);
        } else if (dice < 84) {
            turn();
        } else if (dice < 87) {
            leave();
        } else if (dice < 90) {
            world_.advance(Milliseconds{up_to(60)});
        } else if (dice < 99 || up_to(4) != 0) {
            open(i);
        } else {
            lose(i);
        }
    }

    void ask() {
        Request request{
            "tag" + std::to_string(asked_++) + std::string(pick(20), '.'), up_to(1) == 0, {}};
        request.asking =
            world_.ask({"RUN", request.tag}, request.writes, Milliseconds{1 + up_to(300)});
        requests_.push_back(std::move(request));
    }

    void write(std::size_t i) {
        const std::string_view out = connection(i).output();
        if (out.empty() || !world_.transport(i).has_socket) {
            return;
        }
        const std::size_t size = up_to(3) == 0 ? pick(out.size()) + 1 : out.size();
        servers_[i].inbox += out.substr(0, size);
        connection(i).sent(size);
    }

    void serve(Server& server) {
        std::string_view inbox = server.inbox;
        for (auto words = test::take_command(inbox); !words.empty();
             words = test::take_command(inbox)) {
            if (words[0] == "RUN") {
                EXPECT_EQ(++runs_[words[1]], 1) << words[1];
                server.replies += test::bulk(words[1]);
            } else {
                server.replies += "+OK\r\n";
            }
        }
        server.inbox.erase(0, server.inbox.size() - inbox.size());
    }

    void deliver(std::size_t i, std::size_t most) {
        std::string& replies = servers_[i].replies;
        if (!replies.empty() && world_.transport(i).has_socket) {
            const std::string bytes = replies.substr(0, most);
            replies.erase(0, bytes.size());
            connection(i).received(bytes);
        }
    }

    void open(std::size_t i) {
        if (connection(i).state() != Connection::State::connecting) {
            return;
        }
        if (up_to(4) == 0) {
            world_.close(i);
        } else {
            connection(i).opened();
        }
    }

    void lose(std::size_t i) {
        if (world_.transport(i).has_socket) {
            world_.close(i);
        }
    }

    void leave() {
        if (requests_.empty()) {
            return;
        }
        const auto who = requests_.begin() + static_cast<std::ptrdiff_t>(pick(requests_.size()));
        who->asking->leave();
        requests_.erase(who);
    }

    /// The event loop comes round: whoever was posted is resumed.
    void turn() {
        std::erase_if(requests_, [this](Request& request) {
            if (!request.asking->turn().ended()) {
                return false;
            }
            judge(request);
            return true;
        });
    }

    void judge(const Request& request) {
        const Outcome& outcome = request.asking->outcome();
        switch (outcome.kind) {
            case Outcome::Kind::reply:
                EXPECT_EQ(outcome.reply.text, request.tag) << "somebody else's";
                ++answered_;
                break;
            case Outcome::Kind::uncertain: EXPECT_TRUE(request.writes); break;
            case Outcome::Kind::unavailable:
                if (request.writes) {
                    not_done_.push_back(request.tag);
                }
                break;
        }
    }

    /// Where a connection has ended, Redis has run what had come whole, and nobody gets its
    /// replies.
    void settle() {
        for (std::size_t i = 0; i < servers_.size(); ++i) {
            Server& server = servers_[i];
            const auto& transport = world_.transport(i);
            if (!transport.has_socket || transport.connects != server.connection) {
                serve(server);
                server = {.inbox = {}, .replies = {}, .connection = transport.connects};
            }
        }
    }

    /// All goes well from here on: everybody gets an answer, and nothing is left.
    void drain() {
        for (int round = 0; round < 200; ++round) {
            for (std::size_t i = 0; i < servers_.size(); ++i) {
                if (connection(i).state() == Connection::State::connecting) {
                    connection(i).opened();
                }
                write(i);
                serve(servers_[i]);
                deliver(i, std::string::npos);
            }
            turn();
            world_.advance(10ms);
            settle();
        }
        EXPECT_TRUE(requests_.empty()) << requests_.size() << " wait for ever";
        EXPECT_EQ(world_.client->pending(), 0U);
        EXPECT_EQ(world_.client->state(), Client::State::up);
        for (const std::string& tag : not_done_) {
            EXPECT_EQ(runs_.count(tag), 0U) << tag << " was said not to be done";
        }
    }

    std::minstd_rand random_;
    World world_;
    std::vector<Server> servers_;
    std::vector<Request> requests_;
    std::map<std::string, int> runs_;
    std::vector<std::string> not_done_;
    int asked_ = 0;
    int answered_ = 0;
};

Settings of(std::size_t connections, std::size_t max_pending) {
    Settings settings = World::one_server();
    settings.connections = connections;
    settings.max_pending = max_pending;
    return settings;
}

TEST(RedisModel, ThousandsOfCallsRoundASmallRing) {
    for (const std::size_t connections : {1U, 3U}) {
        Model model(17, of(connections, 7));
        model.run(100'000);
        EXPECT_GT(model.asked(), 20'000);
        EXPECT_GT(model.answered(), 5'000) << "most of it is about replies";
    }
}

TEST(RedisModel, ManyPending) {
    Model model(23, of(2, 1024));
    model.run(20'000);
    EXPECT_GT(model.answered(), 1'000);
}

TEST(RedisModel, HeartbeatsAmongThem) {
    int answered = 0;
    for (unsigned seed = 1; seed <= 300 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Settings settings = of(1 + seed % 3, 1 + seed % 17);
        settings.heartbeat = Milliseconds{1 + seed % 40};
        Model model(seed, settings);
        model.run(300);
        answered += model.answered();
    }
    EXPECT_GT(answered, 1'000);
}

TEST(RedisModel, AThousandSchedules) {
    int answered = 0;
    for (unsigned seed = 1; seed <= 1000 && !HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Model model(seed, of(1 + seed % 3, 1 + seed % 17));
        model.run(150);
        answered += model.answered();
    }
    EXPECT_GT(answered, 5'000);
}

}  // namespace
}  // namespace mfa_reset::redis
