// AM's store if things are not as they should be: keys of the wrong type, a Redis that will not
// or cannot, one that is late or not there. All or nothing, and the answer says which.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "am_store_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRecord = "mfa:{/alpha/demo}";
constexpr const char* kEvents = "mfa:{/alpha/demo}:events";

class AmStoreFaults : public AmStoreScene {
protected:
    void SetUp() override {
        AmStoreScene::SetUp();
        if (HasFatalFailure()) {
            return;
        }
        log_in({"user", "demo", "realm", "/alpha"});
        enrol(kRecord);
    }

    /// A client and a store with these settings, in place of those before.
    void reconnect(const redis::Settings& with) {
        settings = with;
        loop.emplace(settings);
    }

    /// An order that ends with `verdict` and changes nothing.
    void expect_untouched(const std::string& verdict, const std::string& why) {
        const auto before = snapshot();
        const ResetResult result = reset(own_reset());
        EXPECT_EQ(result.verdict, verdict);
        EXPECT_TRUE(result.why.starts_with(why)) << result.why;
        EXPECT_EQ(snapshot(), before);
    }
};

TEST_F(AmStoreFaults, KeysOfTheWrongType) {
    const struct {
        const char* key;
        Words makes;
    } table[] = {
        {kRecord, {"SET", kRecord, "text"}},         {kRecord, {"RPUSH", kRecord, "text"}},
        {kEvents, {"SET", kEvents, "text"}},         {kEvents, {"HSET", kEvents, "a", "b"}},
        {kSessionKey, {"SET", kSessionKey, "text"}}, {kSessionKey, {"RPUSH", kSessionKey, "text"}},
    };
    for (const auto& row : table) {
        SCOPED_TRACE(row.makes[0] + " " + row.key);
        redis({"FLUSHALL"});
        log_in({"user", "demo", "realm", "/alpha"});
        enrol(kRecord);
        redis({"DEL", row.key});
        redis(row.makes);
        expect_untouched("broken", "WRONGTYPE");
    }
}

TEST_F(AmStoreFaults, EventsThatTakeNoMore) {
    redis({"XADD", kEvents, "18446744073709551615-18446744073709551615", "last", "possible"});
    expect_untouched("broken", "ERR");
}

TEST_F(AmStoreFaults, ForgottenScript) {
    ASSERT_EQ(reset(own_reset()).verdict, "done");
    for (int i = 0; i < 3; ++i) {
        redis({"SCRIPT", "FLUSH"});
        redis({"CONFIG", "RESETSTAT"});
        redis({"HSET", kRecord, "oath2faEnabled", "2"});
        EXPECT_EQ(reset(own_reset()).verdict, "done");
        redis({"HSET", kRecord, "oath2faEnabled", "2"});
        EXPECT_EQ(reset(own_reset()).verdict, "done");
        const std::string stats = redis({"INFO", "commandstats"});
        EXPECT_NE(stats.find("cmdstat_eval:calls=1,"), std::string::npos) << stats;
        EXPECT_NE(stats.find("cmdstat_evalsha:calls=2,"), std::string::npos) << stats;
    }
    EXPECT_EQ(redis({"XLEN", kEvents}), ":7") << "once each";
}

TEST_F(AmStoreFaults, OutOfMemory) {
    redis({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    redis({"CONFIG", "SET", "maxmemory", "1"});
    expect_untouched("unavailable", "OOM");
    record_settings.events_length = 0;
    expect_untouched("unavailable", "OOM");
    Order order = own_reset();
    order.act = Act::decide;
    EXPECT_EQ(reset(order).verdict, "done") << "deciding takes no memory";
    redis({"CONFIG", "SET", "maxmemory", "0"});
    EXPECT_EQ(reset(own_reset()).verdict, "done");
}

TEST_F(AmStoreFaults, Replica) {
    redis({"REPLICAOF", "127.0.0.1", "1"});
    expect_untouched("unavailable", "READONLY");
    redis({"CONFIG", "SET", "replica-serve-stale-data", "no"});
    EXPECT_EQ(reset(own_reset()).verdict, "unavailable");  // MASTERDOWN
    redis({"CONFIG", "SET", "replica-serve-stale-data", "yes"});
    redis({"REPLICAOF", "NO", "ONE"});
    EXPECT_EQ(reset(own_reset()).verdict, "done");
}

TEST_F(AmStoreFaults, TooFewReplicas) {
    redis({"CONFIG", "SET", "min-replicas-to-write", "1"});
    expect_untouched("unavailable", "NOREPLICAS");
}

TEST_F(AmStoreFaults, WithoutPermission) {
    redis({"ACL", "SETUSER", "edge", "on", ">pa ss", "~*", "+@all", "-xadd"});
    redis::Settings with = settings;
    with.url.credentials.user = "edge";
    with.url.credentials.password = "pa ss";
    reconnect(with);
    const ResetResult result = reset(own_reset());
    EXPECT_EQ(result.verdict, "broken");
    EXPECT_EQ(redis({"HGET", kRecord, "oath2faEnabled"}), "\"2\"");
}

TEST_F(AmStoreFaults, GreetsARealRedis) {
    redis({"ACL", "SETUSER", "edge", "on", ">pa\r\nss", "~*", "+@all"});
    redis::Settings with = settings;
    with.url.credentials.user = "edge";
    with.url.credentials.password = "pa\r\nss";
    with.url.database = 3;
    with.connections = 1;
    reconnect(with);
    EXPECT_EQ(reset(own_reset()).verdict, "unauthenticated") << "another database";
    const std::string clients = redis({"CLIENT", "LIST"});
    const auto ours = clients.find(" name=mfa-reset ");
    ASSERT_NE(ours, std::string::npos) << clients;
    const std::string line = clients.substr(ours, clients.find('\n', ours) - ours);
    EXPECT_NE(line.find(" db=3 "), std::string::npos) << line;
    EXPECT_NE(line.find(" user=edge "), std::string::npos) << line;

    with.url.credentials.password = "hunter2";
    reconnect(with);
    EXPECT_TRUE(loop->run_until([this] { return !loop->events().empty(); }));
    EXPECT_EQ(loop->events(), Words{"down: AUTH was refused: WRONGPASS"});
    with.url.credentials.password = "pa\r\nss";
    with.url.database = 4711;
    reconnect(with);
    EXPECT_TRUE(loop->run_until([this] { return !loop->events().empty(); }));
    EXPECT_EQ(loop->events(), Words{"down: SELECT was refused: ERR DB index is out of range"});
}

TEST_F(AmStoreFaults, Late) {
    redis::Settings with = settings;
    with.timeout = 500ms;
    with.connect_timeout = 60s;  // a connection may be silent so long
    reconnect(with);
    ASSERT_EQ(reset(own_reset()).verdict, "done");
    redis({"HSET", kRecord, "oath2faEnabled", "2"});
    redis({"CLIENT", "PAUSE", "1000000", "WRITE"});
    Order only_decide = own_reset();
    only_decide.act = Act::decide;
    EXPECT_EQ(reset(own_reset()).verdict, "uncertain");
    EXPECT_EQ(reset(only_decide).verdict, "unavailable") << "deciding changed nothing for sure";
    redis({"CLIENT", "UNPAUSE"});
    EXPECT_EQ(redis({"HGET", kRecord, "oath2faEnabled"}), "\"0\"")
        << "after the pause: it did happen";
    EXPECT_TRUE(loop->run_until([this] { return loop->client().pending() == 0; }));
    log_in({"user", "eve", "realm", "/beta"});
    EXPECT_EQ(reset(own_reset()).verdict, "forbidden") << "and not the reply that came too late";
}

TEST_F(AmStoreFaults, PastTheRequestsDeadline) {
    ASSERT_EQ(reset(own_reset()).verdict, "done");
    redis({"HSET", kRecord, "oath2faEnabled", "2"});
    Ordering ordering(*loop, store, own_reset(), loop->client().now());
    ASSERT_TRUE(loop->run_until([&ordering] { return ordering.ended(); }));
    EXPECT_EQ(ordering.result().verdict, "unavailable");
    EXPECT_EQ(redis({"HGET", kRecord, "oath2faEnabled"}), "\"2\"");
}

TEST_F(AmStoreFaults, ConnectionKilledByRedis) {
    redis::Settings with = settings;
    with.connections = 1;
    reconnect(with);
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(reset(own_reset()).verdict, i == 0 ? "done" : "nothing");
        redis({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        ASSERT_TRUE(loop->run_until(
            [this] { return loop->client().state() == redis::Client::State::connecting; }));
    }
    EXPECT_EQ(loop->events(), Words{}) << "Redis never was down";
}

TEST_F(AmStoreFaults, NotThere) {
    redis::Settings with = settings;
    with.url.addresses.front().unix_path += ".not";
    reconnect(with);
    const ResetResult waited = reset(own_reset());
    EXPECT_EQ(waited.verdict, "unavailable");
    EXPECT_EQ(waited.why, "Redis is down");
    EXPECT_EQ(reset(own_reset()).verdict, "unavailable");
    EXPECT_EQ(loop->events(), Words{"down: connect() failed"});
}

TEST_F(AmStoreFaults, NoMemoryForTheRequest) {
    struct Nothing final : Scheduler {
        void resume_later(std::coroutine_handle<> /*waiting*/) noexcept override {}
    } scheduler;
    bool asks_redis = false;
    std::size_t pieces = 0;
    for (; !asks_redis; ++pieces) {
        PoolLikeMemory memory;
        memory.fail_after(pieces);
        Trace trace;
        Services services(memory, scheduler, trace);
        const Order order = own_reset();
        const auto task = store.act(order, services);
        if (pieces == 0) {
            EXPECT_FALSE(task);
            continue;
        }
        task.frame().resume();
        asks_redis = !task.frame().done();
        if (!asks_redis) {
            EXPECT_THROW(task.frame().promise().take(), std::bad_alloc) << pieces;
        }
    }
    EXPECT_GT(pieces, 5U);
    EXPECT_EQ(loop->client().pending(), 0U);
}

}  // namespace
}  // namespace mfa_reset::test
