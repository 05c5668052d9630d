// What a reset does to a record and its events, on a real redis-server.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "am_store_scene.hpp"
#include "auth/sha256.hpp"

namespace mfa_reset::test {
namespace {

constexpr const char* kRecord = "mfa:{/alpha/demo}";
constexpr const char* kEvents = "mfa:{/alpha/demo}:events";

class AmStoreReset : public AmStoreScene {
protected:
    void SetUp() override {
        AmStoreScene::SetUp();
        if (HasFatalFailure()) {
            return;
        }
        log_in({"user", "demo", "realm", "/alpha"});
    }

    static std::string field(const char* name) { return redis({"HGET", kRecord, name}); }
    /// The fields of the newest event, without its id.
    static std::string last_event() {
        return redis({"EVAL", "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]",
                      "1", kEvents});
    }
};

TEST_F(AmStoreReset, ClearsItsFactorAndNothingElse) {
    const struct {
        Factor factor;
        const char* devices;
        const char* skip;
        const char* other_devices;
        const char* other_skip;
        const char* other_skip_value;
    } table[] = {
        {Factor::oath, "oathDeviceProfiles", "oath2faEnabled", "pushDeviceProfiles",
         "push2faEnabled", "\"1\""},
        {Factor::push, "pushDeviceProfiles", "push2faEnabled", "oathDeviceProfiles",
         "oath2faEnabled", "\"2\""},
    };
    for (const auto& row : table) {
        redis({"DEL", kRecord});
        enrol(kRecord);
        const std::string other = field(row.other_devices);
        Order order = own_reset();
        order.factor = row.factor;
        EXPECT_EQ(reset(order).verdict, "done");
        EXPECT_EQ(field(row.devices), "_");
        EXPECT_EQ(field(row.skip), "\"0\"");
        EXPECT_EQ(field(row.other_devices), other);
        EXPECT_EQ(field(row.other_skip), row.other_skip_value);
        for (const auto& [name, value] : std::vector<std::pair<const char*, const char*>>{
                 {"uid", "\"demo\""},
                 {"challenge:ChallengeSMS", "\"10\""},
                 {"lock:ChallengeSMS", "\"1795379552240\""},
                 {"callerCode:step", "\"58\""},
                 {"callerCode:failures", "\"2\""}}) {
            EXPECT_EQ(field(name), value) << name;
        }
        EXPECT_EQ(redis({"HLEN", kRecord}), ":8");
    }
}

TEST_F(AmStoreReset, DoneOrNothing) {
    const struct {
        const char* name;
        Words fields;
        const char* verdict;
        const char* removed;
    } table[] = {
        {"devices and a setting",
         {"oathDeviceProfiles", "[{}]", "oath2faEnabled", "2"},
         "done",
         "1"},
        {"devices alone", {"oathDeviceProfiles", "[]"}, "done", "1"},
        {"empty devices", {"oathDeviceProfiles", ""}, "done", "1"},
        {"devices, not set", {"oathDeviceProfiles", "[{}]", "oath2faEnabled", "0"}, "done", "1"},
        {"skippable", {"oath2faEnabled", "1"}, "done", "0"},
        {"not skippable", {"oath2faEnabled", "2"}, "done", "0"},
        {"not set", {"oath2faEnabled", "0"}, "nothing", "0"},
        {"never enrolled", {}, "nothing", "0"},
        {"the other factor", {"pushDeviceProfiles", "[{}]", "push2faEnabled", "2"}, "nothing", "0"},
    };
    for (const auto& row : table) {
        redis({"DEL", kRecord});
        Words words{"HSET", kRecord, "uid", "demo"};
        words.insert(words.end(), row.fields.begin(), row.fields.end());
        redis(words);
        EXPECT_EQ(reset(own_reset()).verdict, row.verdict) << row.name;
        EXPECT_EQ(field("oathDeviceProfiles"), "_") << row.name;
        EXPECT_EQ(field("oath2faEnabled"), "\"0\"") << row.name;
        EXPECT_NE(last_event().find("\"removed\" \"" + std::string{row.removed} + "\""),
                  std::string::npos)
            << row.name << " " << last_event();
        EXPECT_EQ(reset(own_reset()).verdict, "nothing") << row.name << ", again";
    }
}

TEST_F(AmStoreReset, Event) {
    enrol(kRecord);
    const ResetResult first = reset(own_reset());
    EXPECT_EQ(last_event(),
              "[\"api\" \"am\" \"action\" \"reset\" \"factor\" \"oath\" \"caller\" \"/alpha/demo\" "
              "\"ip\" \"192.0.2.7\" \"request\" \"" +
                  first.request + "\" \"removed\" \"1\"]");

    log_in({"user", "Root", "realm", "/", "admin", "/"});
    Order order = own_reset();
    order.factor = Factor::push;
    order.remote_address = "2001:db8::1";
    const ResetResult second = reset(order);
    EXPECT_EQ(last_event(),
              "[\"api\" \"am\" \"action\" \"reset\" \"factor\" \"push\" \"caller\" \"/Root\" "
              "\"ip\" \"2001:db8::1\" \"request\" \"" +
                  second.request + "\" \"removed\" \"1\"]");

    log_in({"user", "Root", "realm", "/", "admin", "/", "universalId", "id=Root,ou=user"});
    order.remote_address = "";
    const ResetResult third = reset(order);
    EXPECT_EQ(
        last_event(),
        "[\"api\" \"am\" \"action\" \"reset\" \"factor\" \"push\" \"caller\" \"id=Root,ou=user\" "
        "\"ip\" \"\" \"request\" \"" +
            third.request + "\" \"removed\" \"0\"]");
    EXPECT_EQ(redis({"XLEN", kEvents}), ":3");
}

TEST_F(AmStoreReset, KeepsSoManyEvents) {
    enrol(kRecord);
    std::string newest;
    for (int i = 0; i < 25; ++i) {
        newest = reset(own_reset()).request;
    }
    EXPECT_EQ(redis({"XLEN", kEvents}), ":20");
    EXPECT_NE(last_event().find(newest), std::string::npos) << "the oldest go";
    record_settings.events_length = 3;
    reset(own_reset());
    EXPECT_EQ(redis({"XLEN", kEvents}), ":3");
    redis({"DEL", kEvents});
    record_settings.events_length = 0;
    redis({"HSET", kRecord, "oath2faEnabled", "2"});
    EXPECT_EQ(reset(own_reset()).verdict, "done");
    EXPECT_EQ(field("oath2faEnabled"), "\"0\"");
    EXPECT_EQ(redis({"EXISTS", kEvents}), ":0");
}

TEST_F(AmStoreReset, UnderAnotherPrefix) {
    record_settings.prefix = "edge-7/";
    redis({"RENAME", kSessionKey, "edge-7/" + std::string{kSessionKey}.substr(4)});
    enrol(kRecord);
    enrol("edge-7/{/alpha/demo}");
    EXPECT_EQ(reset(own_reset()).verdict, "done");
    EXPECT_EQ(redis({"HGET", "edge-7/{/alpha/demo}", "oath2faEnabled"}), "\"0\"");
    EXPECT_EQ(redis({"XLEN", "edge-7/{/alpha/demo}:events"}), ":1");
    EXPECT_EQ(field("oath2faEnabled"), "\"2\"");
    EXPECT_EQ(redis({"EXISTS", kEvents}), ":0");
}

TEST_F(AmStoreReset, EachRequestHasAnIdOfItsOwn) {
    std::set<std::string> ids;
    for (int i = 0; i < 200; ++i) {
        const ResetResult result = reset(own_reset());
        EXPECT_EQ(result.request.size(), 32U);
        EXPECT_EQ(result.request.find_first_not_of("0123456789abcdef"), std::string::npos);
        ids.insert(result.request);
    }
    EXPECT_EQ(ids.size(), 200U);
}

TEST_F(AmStoreReset, TellsHowLongItTook) {
    const ResetResult result = reset(own_reset());
    EXPECT_TRUE(result.store_asked);
    EXPECT_GT(result.store_time, 0U);
    EXPECT_LT(result.store_time, 5'000'000U);
}

TEST_F(AmStoreReset, TheTokenStaysHere) {
    const std::string token = "AQIC5wM2LY4Sfcz-secret-token";
    const auto hex = auth::Sha256().hex(token);
    redis({"RENAME", kSessionKey, "mfa:session:" + std::string(hex.data(), hex.size())});
    enrol(kRecord);
    redis({"CONFIG", "SET", "slowlog-log-slower-than", "0"});
    Order order = own_reset();
    order.token = token;
    EXPECT_EQ(reset(order).verdict, "done");
    const std::string sent = redis({"SLOWLOG", "GET"});
    EXPECT_NE(sent.find("\"EVALSHA\""), std::string::npos) << sent;
    EXPECT_EQ(sent.find("AQIC5w"), std::string::npos) << sent;
    for (const auto& [key, dump] : snapshot()) {
        EXPECT_EQ((key + dump).find("AQIC5w"), std::string::npos) << key;
    }
}

TEST_F(AmStoreReset, ManyAtOnceEachWithItsOwnAnswer) {
    std::vector<std::string> users;
    users.reserve(300);
    for (int i = 0; i < 300; ++i) {
        users.push_back("user" + std::to_string(i));
    }
    log_in({"user", "root", "realm", "/", "admin", "/"});
    std::vector<std::unique_ptr<Ordering>> orderings;
    for (std::size_t i = 0; i < users.size(); ++i) {
        if (i % 3 == 0) {
            enrol("mfa:{/alpha/" + users[i] + "}");
        }
        Order order = own_reset();
        order.target.user = users[i];
        order.act = i % 2 == 0 ? Act::reset : Act::decide;
        orderings.push_back(std::make_unique<Ordering>(*loop, store, order));
    }
    for (std::size_t i = 1; i < orderings.size(); i += 7) {
        orderings[i].reset();  // these clients leave
    }
    const auto ended = [](const auto& ordering) { return !ordering || ordering->ended(); };
    ASSERT_TRUE(loop->run_until([&] { return std::ranges::all_of(orderings, ended); }));
    for (std::size_t i = 0; i < orderings.size(); ++i) {
        if (orderings[i]) {
            EXPECT_EQ(orderings[i]->result().verdict, i % 2 != 0   ? "done"
                                                      : i % 3 == 0 ? "done"
                                                                   : "unknown")
                << i;
        }
    }
    EXPECT_TRUE(loop->run_until([this] { return loop->client().pending() == 0; }));
}

}  // namespace
}  // namespace mfa_reset::test
