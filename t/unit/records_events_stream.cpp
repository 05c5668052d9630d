// The stream of all events, on a real redis-server: which acts are in it, with which fields, how
// long it becomes, and that an act writes both events and the change, or nothing.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "am_store_scene.hpp"
#include "foundry/store.hpp"
#include "oaa/store.hpp"

namespace mfa_reset::test {
namespace {

constexpr const char* kStream = "mfa:events";
constexpr const char* kRecord = "mfa:{/alpha/demo}";
constexpr const char* kEvents = "mfa:{/alpha/demo}:events";
constexpr const char* kContext = "mfa:context:c0ffee";

/// Without an id: `api` `am` …
std::string fields_of(std::string_view api, std::string_view action, std::string_view factor,
                      std::string_view caller, std::string_view request) {
    std::string text;
    for (const std::string_view word :
         {std::string_view{"api"}, api, std::string_view{"action"}, action,
          std::string_view{"factor"}, factor, std::string_view{"caller"}, caller,
          std::string_view{"ip"}, std::string_view{"192.0.2.7"}, std::string_view{"request"},
          request}) {
        text += (text.empty() ? "\"" : " \"") + std::string{word} + "\"";
    }
    return text;
}

class RecordsEventsStream : public AmStoreScene {
protected:
    void SetUp() override {
        AmStoreScene::SetUp();
        if (HasFatalFailure()) {
            return;
        }
        record_settings.events_stream = kStream;
        log_in({"user", "root", "realm", "/", "admin", "/"});
        enrol(kRecord);
        redis({"HSET", kContext, "subject", "/alpha/demo"});
    }

    /// The orders by their names, each for demo of /alpha. They answer whether it was done.
    struct Order {
        const char* name;
        std::string event;  ///< up to the id of the request
        std::function<bool(std::string& request)> give;
    };
    std::vector<Order> orders() {
        return {
            {"reset", fields_of("am", "reset", "oath", "/root", ""),
             [this](std::string& request) {
                 const ResetResult result = reset(own_reset());
                 request = result.request;
                 return result.verdict == "done";
             }},
            {"reset by a known caller", fields_of("am", "reset", "oath", "/alpha/demo", ""),
             [this](std::string& request) {
                 am::Order order = own_reset();
                 order.caller = {"demo", "/alpha", ""};
                 const ResetResult result = reset(order);
                 request = result.request;
                 return result.verdict == "done";
             }},
            {"challenge", fields_of("oaa", "reset", "ChallengeSMS", "portal", ""),
             [this](std::string& request) {
                 oaa::ResetOrder order;
                 order.api = "oaa";
                 order.caller = "portal";
                 order.context = "c0ffee";
                 order.type = "ChallengeSMS";
                 order.remote_address = "192.0.2.7";
                 Asking<oaa::ResetAnswer> asking(
                     *loop, [&](Services& by) { return oaa_store.reset(order, by); });
                 const oaa::ResetAnswer answer = asking.answer();
                 const bool done =
                     !answer.failure && answer.verdict == oaa::ResetAnswer::Verdict::done;
                 request = asking.trace().request;
                 return done;
             }},
            {"all factors", fields_of("foundry", "reset", "all", "/foundry/1", ""),
             [this](std::string& request) {
                 const foundry::ResetOrder order{.api = "foundry",
                                                 .caller = "/foundry/1",
                                                 .target = {"/alpha", "demo"},
                                                 .remote_address = "192.0.2.7"};
                 Asking<foundry::ResetAnswer> asking(
                     *loop, [&](Services& by) { return foundry_store.reset(order, by); });
                 const foundry::ResetAnswer answer = asking.answer();
                 const bool done =
                     !answer.failure && answer.verdict == foundry::ResetAnswer::Verdict::done;
                 request = asking.trace().request;
                 return done;
             }},
        };
    }

    foundry::RecordStore foundry_store{records, records};
    oaa::RecordStore oaa_store{records};

    /// As before every order.
    static void begin_anew() {
        redis({"DEL", kRecord, kEvents, kStream});
        enrol(kRecord);
    }
    static std::string newest(const std::string& key) {
        return redis({"EVAL", "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]",
                      "1", key});
    }
    static std::string length(const std::string& key) { return redis({"XLEN", key}); }
};

TEST_F(RecordsEventsStream, EveryResetIsInIt) {
    for (const Order& order : orders()) {
        begin_anew();
        std::string request;
        EXPECT_TRUE(order.give(request)) << order.name;
        EXPECT_EQ(request.size(), 32U);
        const std::string event =
            order.event.substr(0, order.event.size() - 1) + request + "\" \"removed\" \"1\"";
        EXPECT_EQ(newest(kStream), "[\"target\" \"/alpha/demo\" " + event + "]") << order.name;
        EXPECT_EQ(newest(kEvents), "[" + event + "]") << order.name;
        EXPECT_EQ(length(kStream) + length(kEvents), ":1:1") << order.name;
    }
}

TEST_F(RecordsEventsStream, OfAllUsersInTheirOrder) {
    for (const char* user : {"demo", "a/b {x}", "Zoe"}) {
        redis({"HSET",
               user == std::string_view{"demo"}  ? kRecord
               : user == std::string_view{"Zoe"} ? "mfa:{/alpha/zoe}"
                                                 : "mfa:{/alpha/a%2Fb%20%7Bx%7D}",
               "uid", "x"});
        am::Order order = own_reset();
        order.target.user = user;
        EXPECT_NE(reset(order).verdict, "unknown") << user;
    }
    EXPECT_EQ(redis({"EVAL",
                     "local t = {} for _, e in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do "
                     "t[#t + 1] = e[2][1] .. '=' .. e[2][2] end return t",
                     "1", kStream}),
              "[\"target=/alpha/demo\" \"target=/alpha/a%2Fb%20%7Bx%7D\" \"target=/alpha/zoe\"]")
        << "a user is named as in the key";
}

TEST_F(RecordsEventsStream, HasForwardedResets) {
    am::Order order = own_reset();
    order.act = Act::forward;
    const ResetResult result = reset(order);
    EXPECT_EQ(result.verdict, "done");
    std::string event = fields_of("am", "forwarded", "oath", "/root", result.request);
    EXPECT_EQ(newest(kStream), "[\"target\" \"/alpha/demo\" " + event + "]");
    EXPECT_EQ(newest(kEvents), "[" + event + "]");
}

TEST_F(RecordsEventsStream, HasResetsOnly) {
    am::Order asked = own_reset();
    asked.act = Act::decide;
    EXPECT_EQ(reset(asked).verdict, "done");
    am::Order unknown = own_reset();
    unknown.target.user = "nobody";
    EXPECT_EQ(reset(unknown).verdict, "unknown");
    log_in({"user", "eve", "realm", "/alpha"});
    EXPECT_EQ(reset(own_reset()).verdict, "forbidden");
    redis({"DEL", kSessionKey});
    EXPECT_EQ(reset(own_reset()).verdict, "unauthenticated");
    EXPECT_EQ(redis({"EXISTS", kStream}), ":0");
}

TEST_F(RecordsEventsStream, IsOffUnlessConfigured) {
    record_settings.events_stream.clear();
    for (const Order& order : orders()) {
        begin_anew();
        std::string request;
        EXPECT_TRUE(order.give(request)) << order.name;
        EXPECT_EQ(length(kEvents), ":1");
    }
    EXPECT_EQ(redis({"DBSIZE"}), ":4") << "session, context, record, events";
}

TEST_F(RecordsEventsStream, WithoutEventsOfEachUser) {
    record_settings.events_length = 0;
    for (const Order& order : orders()) {
        begin_anew();
        redis({"SET", kEvents, "is not looked at"});
        std::string request;
        EXPECT_TRUE(order.give(request)) << order.name;
        EXPECT_NE(newest(kStream).find(request), std::string::npos) << order.name;
    }
}

TEST_F(RecordsEventsStream, HasTheConfiguredName) {
    record_settings.events_stream = "edge-7/audit";
    reset(own_reset());
    EXPECT_EQ(length("edge-7/audit"), ":1");
    EXPECT_EQ(redis({"EXISTS", kStream}), ":0");
}

TEST_F(RecordsEventsStream, IsTrimmedByWholeNodes) {
    redis({"CONFIG", "SET", "stream-node-max-entries", "10"});
    record_settings.events_stream_length = 50;
    std::string newest_request;
    for (int i = 0; i < 205; ++i) {
        newest_request = reset(own_reset()).request;
    }
    const int left = std::stoi(length(kStream).substr(1));
    EXPECT_GT(left, 50) << "to the number would take a copy of a node each time";
    EXPECT_LT(left, 60);
    EXPECT_NE(newest(kStream).find(newest_request), std::string::npos) << "the oldest go";
    EXPECT_EQ(length(kEvents), ":20");
}

TEST_F(RecordsEventsStream, AKeyOfAnotherTypeChangesNothing) {
    for (const char* key : {kStream, kEvents}) {
        for (const Order& order : orders()) {
            begin_anew();
            begin_anew();
            redis({"XADD", key == kStream ? kEvents : kStream, "*", "n", "1"});
            redis({"SET", key, "text"});
            const auto before = snapshot();
            std::string request;
            EXPECT_FALSE(order.give(request)) << order.name << " " << key;
            EXPECT_EQ(snapshot(), before) << order.name << " " << key;
        }
    }
    const ResetResult result = reset(own_reset());
    EXPECT_EQ(result.verdict, "broken");
    EXPECT_TRUE(result.why.starts_with("WRONGTYPE")) << result.why;
}

TEST_F(RecordsEventsStream, ARedisThatRefuses) {
    const Words faults[] = {{"CONFIG", "SET", "maxmemory", "1"},
                            {"CONFIG", "SET", "min-replicas-to-write", "1"}};
    const Words repairs[] = {{"CONFIG", "SET", "maxmemory", "0"},
                             {"CONFIG", "SET", "min-replicas-to-write", "0"}};
    for (std::size_t i = 0; i < std::size(faults); ++i) {
        begin_anew();
        const auto before = snapshot();
        redis(faults[i]);
        EXPECT_EQ(reset(own_reset()).verdict, "unavailable");
        redis(repairs[i]);
        EXPECT_EQ(snapshot(), before) << faults[i][2];
    }
}

TEST(RecordSettings, DifferByTheStream) {
    const records::Settings plain;
    records::Settings other;
    EXPECT_TRUE(plain == other);
    other.events_stream = kStream;
    EXPECT_FALSE(plain == other);
    records::Settings longer = other;
    longer.events_stream_length = 7;
    EXPECT_FALSE(longer == other);
}

}  // namespace
}  // namespace mfa_reset::test
