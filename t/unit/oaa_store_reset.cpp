// The reset of a challenge counter on a real redis-server: from the context to the user, and what
// it does to the record and its events.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "oaa/store.hpp"
#include "records/stored_user.hpp"
#include "records_asking.hpp"
#include "records_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;
using oaa::ResetAnswer;
using oaa::ResetOrder;
using Verdict = ResetAnswer::Verdict;

constexpr const char* kContext = "edbe55c6-438f-448f-a742-9925b6471fe1";
constexpr const char* kContextKey = "mfa:context:edbe55c6-438f-448f-a742-9925b6471fe1";
constexpr const char* kRecord = "mfa:{/alpha/demo}";
constexpr const char* kEvents = "mfa:{/alpha/demo}:events";

std::string name_of(const ResetAnswer& answer) {
    if (answer.failure) {
        return test::name_of(answer.failure->kind);
    }
    switch (answer.verdict) {
        case Verdict::done: return "done";
        case Verdict::nothing: return "nothing";
        case Verdict::no_record: return "no_record";
        case Verdict::unknown: return "unknown";
    }
    return {};
}

/// What came of an order, as text that outlives the request.
struct ChallengeResult {
    std::string verdict = "no answer";
    std::string realm;
    std::string user;
    std::string why;
    std::string request;
    bool store_asked = false;
};

class OaaStoreReset : public RecordsScene {
protected:
    void SetUp() override {
        RecordsScene::SetUp();
        if (HasFatalFailure()) {
            return;
        }
        enrol(kRecord);
        redis({"HSET", kContextKey, "subject", "/alpha/demo"});
    }

    static ResetOrder order() {
        ResetOrder order;
        order.api = "oaa";
        order.caller = "portal";
        order.context = kContext;
        order.type = "ChallengeSMS";
        order.remote_address = "192.0.2.7";
        return order;
    }
    ChallengeResult clear(const ResetOrder& order,
                          redis::Milliseconds deadline = redis::Milliseconds::max()) {
        Asking<ResetAnswer> asking(
            *loop, [&](Services& services) { return store.reset(order, services); }, deadline);
        const ResetAnswer answer = asking.answer();
        return {name_of(answer),
                std::string{answer.target.realm},
                std::string{answer.target.user},
                std::string{answer.failure ? answer.failure->why : std::string_view{}},
                std::string{asking.trace().request},
                asking.trace().store_asked};
    }
    ChallengeResult clear() { return clear(order()); }

    oaa::RecordStore store{records};

    static std::string field(const char* name) { return redis({"HGET", kRecord, name}); }
    static std::string last_event() {
        return redis({"EVAL", "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]",
                      "1", kEvents});
    }
};

TEST_F(OaaStoreReset, ClearsItsTypeAndNothingElse) {
    redis({"HSET", kRecord, "challenge:ChallengeEmail", "3", "lock:ChallengeEmail", "1",
           "challenge:", "4", "callerCode:lockedUntil", "1795379552240"});
    const Words fields{"uid",
                       "oathDeviceProfiles",
                       "oath2faEnabled",
                       "pushDeviceProfiles",
                       "push2faEnabled",
                       "challenge:ChallengeEmail",
                       "lock:ChallengeEmail",
                       "challenge:",
                       "callerCode:step",
                       "callerCode:failures",
                       "callerCode:lockedUntil"};
    Words before;
    for (const std::string& name : fields) {
        before.push_back(field(name.c_str()));
    }
    const std::string context = redis({"DUMP", kContextKey});
    const ChallengeResult result = clear();
    EXPECT_EQ(result.verdict, "done");
    EXPECT_EQ(result.realm, "/alpha");
    EXPECT_EQ(result.user, "demo");
    EXPECT_TRUE(result.store_asked);
    EXPECT_EQ(field("challenge:ChallengeSMS"), "_");
    EXPECT_EQ(field("lock:ChallengeSMS"), "_");
    for (std::size_t i = 0; i < fields.size(); ++i) {
        EXPECT_EQ(field(fields[i].c_str()), before[i]) << fields[i];
    }
    EXPECT_EQ(redis({"HLEN", kRecord}), ":11");
    EXPECT_EQ(redis({"DUMP", kContextKey}), context) << "a context is good for more than one call";
    EXPECT_EQ(redis({"DBSIZE"}), ":3") << "record, events, context";
}

TEST_F(OaaStoreReset, DoneOrNothing) {
    const struct {
        Words fields;
        const char* verdict;
    } table[] = {
        {{"challenge:ChallengeSMS", "1"}, "done"},
        {{"challenge:ChallengeSMS", "0"}, "done"},
        {{"lock:ChallengeSMS", "1"}, "done"},
        {{"challenge:ChallengeSMS", "10", "lock:ChallengeSMS", "99999999999999"}, "done"},
        {{"challenge:ChallengeYOTP", "1"}, "nothing"},
        {{"challenge:challengesms", "1"}, "nothing"},
        {{}, "nothing"},
    };
    for (const auto& row : table) {
        redis({"DEL", kRecord});
        Words words{"HSET", kRecord, "uid", "demo"};
        words.insert(words.end(), row.fields.begin(), row.fields.end());
        redis(words);
        const std::string removed = row.verdict == std::string_view{"done"} ? "1" : "0";
        const std::string name = row.fields.empty() ? "no field" : row.fields[0];
        EXPECT_EQ(clear().verdict, row.verdict) << name;
        EXPECT_NE(last_event().find("\"removed\" \"" + removed + "\""), std::string::npos)
            << name << last_event();
        EXPECT_EQ(clear().verdict, "nothing") << name << ", again";
    }
}

TEST_F(OaaStoreReset, WhoWasNeverEnrolled) {
    redis({"DEL", kRecord});
    const ChallengeResult none = clear();
    EXPECT_EQ(none.verdict, "no_record");
    EXPECT_EQ(none.user, "demo");
    EXPECT_EQ(redis({"DBSIZE"}), ":1") << "nothing is written";
    redis({"HSET", kRecord, "challenge:ChallengeYOTP", "1"});
    EXPECT_EQ(clear().verdict, "no_record");
    redis({"HSET", kRecord, "challenge:ChallengeSMS", "1"});
    EXPECT_EQ(clear().verdict, "done") << "whoever counts need not enrol";
    EXPECT_EQ(redis({"HKEYS", kRecord}), "[\"challenge:ChallengeYOTP\"]");
    EXPECT_EQ(redis({"XLEN", kEvents}), ":1");
}

TEST_F(OaaStoreReset, Event) {
    const ChallengeResult result = clear();
    EXPECT_EQ(result.request.size(), 32U);
    EXPECT_EQ(
        last_event(),
        "[\"api\" \"oaa\" \"action\" \"reset\" \"factor\" \"ChallengeSMS\" \"caller\" \"portal\" "
        "\"ip\" \"192.0.2.7\" \"request\" \"" +
            result.request + "\" \"removed\" \"1\"]");
    record_settings.events_length = 2;
    for (int i = 0; i < 4; ++i) {
        clear();
    }
    EXPECT_EQ(redis({"XLEN", kEvents}), ":2");
    redis({"DEL", kEvents});
    record_settings.events_length = 0;
    redis({"HSET", kRecord, "lock:ChallengeSMS", "1"});
    EXPECT_EQ(clear().verdict, "done");
    EXPECT_EQ(redis({"EXISTS", kEvents}), ":0");
}

TEST_F(OaaStoreReset, Contexts) {
    ResetOrder other = order();
    other.context = "edbe55c6";
    EXPECT_EQ(clear(other).verdict, "unknown");
    redis({"HDEL", kContextKey, "subject"});
    redis({"HSET", kContextKey, "Subject", "/alpha/demo"});
    EXPECT_EQ(clear().verdict, "unknown") << "a context without a subject";
    EXPECT_EQ(redis({"EXISTS", kEvents}), ":0");
    EXPECT_EQ(field("challenge:ChallengeSMS"), "\"10\"");
}

TEST_F(OaaStoreReset, AContextThatExpiresBetweenTwoCalls) {
    EXPECT_EQ(clear().verdict, "done");
    redis({"HSET", kRecord, "challenge:ChallengeSMS", "7"});
    redis({"PEXPIRE", kContextKey, "1"});
    ASSERT_TRUE(loop->run_until([] { return redis({"EXISTS", kContextKey}) == ":0"; }));
    EXPECT_EQ(clear().verdict, "unknown");
    EXPECT_EQ(field("challenge:ChallengeSMS"), "\"7\"");
}

TEST_F(OaaStoreReset, UnderAnotherPrefix) {
    record_settings.prefix = "edge-7/";
    EXPECT_EQ(clear().verdict, "unknown");
    redis({"RENAME", kContextKey, "edge-7/context:" + std::string{kContext}});
    enrol("edge-7/{/alpha/demo}");
    EXPECT_EQ(clear().verdict, "done");
    EXPECT_EQ(redis({"XLEN", "edge-7/{/alpha/demo}:events"}), ":1");
    EXPECT_EQ(field("challenge:ChallengeSMS"), "\"10\"");
}

TEST_F(OaaStoreReset, TheSubjectIsTakenApartAndEncodedAgain) {
    const struct {
        const char* subject;
        SubjectCase subject_case;
        const char* key;
        const char* realm;
        const char* user;
    } table[] = {
        {"/amadmin", SubjectCase::ascii, "mfa:{/amadmin}", "/", "amadmin"},
        {"/Alpha/Demo", SubjectCase::ascii, "mfa:{/alpha/demo}", "/Alpha", "Demo"},
        {"/Alpha/Demo", SubjectCase::exact, "mfa:{/Alpha/Demo}", "/Alpha", "Demo"},
        {"/alpha/eu/anna@example.com", SubjectCase::ascii, "mfa:{/alpha/eu/anna@example.com}",
         "/alpha/eu", "anna@example.com"},
        {"/alpha/a%2Fb%20%7Bx%7D", SubjectCase::ascii, "mfa:{/alpha/a%2Fb%20%7Bx%7D}", "/alpha",
         "a/b {x}"},
        {"/alpha/a%2fb%20{x}", SubjectCase::ascii, "mfa:{/alpha/a%2Fb%20%7Bx%7D}", "/alpha",
         "a/b {x}"},
        {"/alpha/\xC3\x84nne", SubjectCase::ascii, "mfa:{/alpha/%C3%84nne}", "/alpha",
         "\xC3\x84nne"},
        {"/alpha/a+b*}:events", SubjectCase::ascii, "mfa:{/alpha/a+b%2A%7D%3Aevents}", "/alpha",
         "a+b*}:events"},
        {"/foundry/a%2Fb/7", SubjectCase::exact, "mfa:{/foundry/a%2Fb/7}", "/foundry/a%2Fb", "7"},
    };
    for (const auto& row : table) {
        PoolLikeMemory memory;
        const auto subject =
            records::parse_stored_user(row.subject, row.subject_case, "mfa:", memory);
        ASSERT_TRUE(subject) << row.subject;
        EXPECT_EQ(subject->keys.record, row.key);
        EXPECT_EQ(subject->keys.events, std::string{row.key} + ":events");
        EXPECT_EQ(subject->names.realm, row.realm);
        EXPECT_EQ(subject->names.user, row.user);
    }
    redis({"HSET", kContextKey, "subject", "/Alpha/dem%6F"});
    EXPECT_EQ(clear().verdict, "done");
    EXPECT_EQ(field("challenge:ChallengeSMS"), "_");
}

TEST_F(OaaStoreReset, WhatIsNoSubject) {
    const auto before = snapshot();
    for (const std::string subject :
         {"", "/", "//", "demo", "alpha/demo", "{/alpha/demo}", "/alpha/", "/alpha//demo", "//demo",
          "/alpha/.", "/../demo", "/alpha/%2E%2e", "/alpha/%", "/alpha/%4", "/alpha/%zz",
          "/alpha/%00", "/alpha/%FF", "/alpha/\xFF"}) {
        redis({"HSET", kContextKey, "subject", subject});
        const ChallengeResult result = clear();
        EXPECT_EQ(result.verdict, "broken") << subject;
        EXPECT_EQ(result.why, "the subject of the context is malformed") << subject;
    }
    redis({"HSET", kContextKey, "subject", "/" + std::string(1024, 'x')});
    EXPECT_EQ(clear().verdict, "broken");
    redis({"HSET", kContextKey, "subject", "/" + std::string(1023, '*')});
    EXPECT_EQ(clear().verdict, "no_record");
    redis({"DEL", kContextKey});
    redis({"HSET", kContextKey, "subject", "/alpha/demo"});
    EXPECT_EQ(snapshot(), before);
}

TEST_F(OaaStoreReset, KeysOfTheWrongType) {
    const struct {
        const char* key;
        Words makes;
    } table[] = {
        {kContextKey, {"SET", kContextKey, "text"}},
        {kRecord, {"SET", kRecord, "text"}},
        {kEvents, {"SET", kEvents, "text"}},
    };
    for (const auto& row : table) {
        redis({"FLUSHALL"});
        enrol(kRecord);
        redis({"HSET", kContextKey, "subject", "/alpha/demo"});
        redis({"DEL", row.key});
        redis(row.makes);
        const auto before = snapshot();
        const ChallengeResult result = clear();
        EXPECT_EQ(result.verdict, "broken") << row.key;
        EXPECT_TRUE(result.why.starts_with("WRONGTYPE")) << result.why;
        EXPECT_EQ(snapshot(), before) << row.key;
    }
}

TEST_F(OaaStoreReset, ARedisThatWillNot) {
    const auto before = snapshot();
    redis({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    redis({"CONFIG", "SET", "maxmemory", "1"});
    EXPECT_EQ(clear().verdict, "unavailable");
    redis({"CONFIG", "SET", "maxmemory", "0"});
    redis({"CONFIG", "SET", "min-replicas-to-write", "1"});
    EXPECT_EQ(clear().verdict, "unavailable");
    redis({"CONFIG", "SET", "min-replicas-to-write", "0"});
    EXPECT_EQ(snapshot(), before);
}

TEST_F(OaaStoreReset, ALateRedis) {
    clear();  // the script is known, and the connection up
    freeze_redis();
    const ChallengeResult reading = clear(order(), loop->client().now() + 100ms);
    EXPECT_EQ(reading.verdict, "unavailable")
        << "the context was never read: nothing can have been";
    EXPECT_EQ(reading.user, "");
    thaw_redis();
    redis({"CLIENT", "PAUSE", "1000000", "WRITE"});
    const ChallengeResult writing = clear(order(), loop->client().now() + 1s);
    EXPECT_EQ(writing.verdict, "uncertain");
    EXPECT_EQ(writing.user, "demo");
}

TEST_F(OaaStoreReset, ForgottenScript) {
    for (int i = 0; i < 2; ++i) {
        redis({"SCRIPT", "FLUSH"});
        redis({"HSET", kRecord, "challenge:ChallengeSMS", "1"});
        EXPECT_EQ(clear().verdict, "done");
    }
    EXPECT_EQ(redis({"XLEN", kEvents}), ":2") << "once each";
}

}  // namespace
}  // namespace mfa_reset::test
