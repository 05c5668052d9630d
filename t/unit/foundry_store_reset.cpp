// The reset of all second factors, on a real redis-server: what it clears, what it leaves, and its
// event.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "foundry/store.hpp"
#include "records_asking.hpp"
#include "records_scene.hpp"

namespace mfa_reset::test {
namespace {

using foundry::ResetAnswer;
using foundry::ResetOrder;

constexpr const char* kRecord = "mfa:{/foundry/org-7/u-42}";
constexpr const char* kEvents = "mfa:{/foundry/org-7/u-42}:events";

class FoundryStoreReset : public RecordsScene {
protected:
    static ResetOrder order_for(const Subject& target) {
        return {.api = "foundry",
                .caller = "/foundry/org-7/1",
                .target = target,
                .remote_address = "192.0.2.7"};
    }
    auto ask(const ResetOrder& order) {
        order_ = order;
        return std::make_unique<Asking<ResetAnswer>>(
            *loop, [this](Services& by) { return store.reset(order_, by); });
    }
    std::string reset(const ResetOrder& order) {
        using Verdict = ResetAnswer::Verdict;
        const ResetAnswer answer = ask(order)->answer();
        if (answer.failure) {
            return name_of(answer.failure->kind);
        }
        return answer.verdict == Verdict::done      ? "done"
               : answer.verdict == Verdict::nothing ? "nothing"
                                                    : "unknown";
    }
    std::string reset() { return reset(order_for({"/foundry", "u-42", "org-7"})); }

private:
    foundry::RecordStore store{records, records};
    ResetOrder order_;
};

TEST_F(FoundryStoreReset, ClearsAllFactorsAndNothingElse) {
    enrol(kRecord);
    redis({"HSET", kRecord, "challenge:ChallengeEmail", "1", "challengeful", "x", "locks", "y",
           "callerCode:lockedUntil", "1795379552240"});
    EXPECT_EQ(reset(), "done");
    for (const char* gone :
         {"oathDeviceProfiles", "pushDeviceProfiles", "webauthnDeviceProfiles",
          "challenge:ChallengeSMS", "challenge:ChallengeEmail", "lock:ChallengeSMS"}) {
        EXPECT_EQ(redis({"HEXISTS", kRecord, gone}), ":0") << gone;
    }
    const std::vector<std::pair<const char*, const char*>> left{
        {"uid", "\"demo\""},         {"oath2faEnabled", "\"0\""},
        {"push2faEnabled", "\"0\""}, {"callerCode:step", "\"58\""},
        {"challengeful", "\"x\""},   {"callerCode:failures", "\"2\""},
        {"locks", "\"y\""},          {"callerCode:lockedUntil", "\"1795379552240\""},
    };
    for (const auto& [name, value] : left) {
        EXPECT_EQ(redis({"HGET", kRecord, name}), value) << name;
    }
    EXPECT_EQ(redis({"HLEN", kRecord}), ":8");
    EXPECT_EQ(reset(), "nothing");
}

TEST_F(FoundryStoreReset, DoneOrNothing) {
    const struct {
        const char* name;
        Words fields;
        const char* verdict;
        const char* removed;
    } table[] = {
        {"an OATH device", {"oathDeviceProfiles", "[{}]"}, "done", "1"},
        {"a push device", {"pushDeviceProfiles", ""}, "done", "1"},
        {"a WebAuthn device", {"webauthnDeviceProfiles", "[1]"}, "done", "1"},
        {"a setting", {"push2faEnabled", "2"}, "done", "0"},
        {"a counter", {"challenge:x", "1"}, "done", "0"},
        {"a lock", {"lock:x", "1"}, "done", "0"},
        {"not set", {"oath2faEnabled", "0"}, "nothing", "0"},
        {"the own codes", {"callerCode:failures", "4"}, "nothing", "0"},
    };
    for (const auto& row : table) {
        redis({"DEL", kRecord});
        Words words{"HSET", kRecord, "uid", "u-42"};
        words.insert(words.end(), row.fields.begin(), row.fields.end());
        redis(words);
        EXPECT_EQ(reset(), row.verdict) << row.name;
        const std::string event =
            redis({"EVAL", "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][2]",
                   "1", kEvents});
        EXPECT_TRUE(event.ends_with("\"removed\" \"" + std::string{row.removed} + "\"]"))
            << row.name << event;
    }
}

TEST_F(FoundryStoreReset, Event) {
    enrol(kRecord);
    const auto asking = ask(order_for({"/foundry", "u-42", "org-7"}));
    asking->answer();
    EXPECT_EQ(redis({"EVAL", "return redis.call('XRANGE', KEYS[1], '-', '+')[1][2]", "1", kEvents}),
              "[\"api\" \"foundry\" \"action\" \"reset\" \"factor\" \"all\" \"caller\" "
              "\"/foundry/org-7/1\" \"ip\" \"192.0.2.7\" \"request\" \"" +
                  std::string{asking->trace().request} + "\" \"removed\" \"1\"]");
    EXPECT_EQ(asking->trace().request.size(), 32U);
    for (int more = 0; more < 25; ++more) {
        reset();
    }
    EXPECT_EQ(redis({"XLEN", kEvents}), ":20");
    record_settings.events_length = 0;
    redis({"DEL", kEvents});
    reset();
    EXPECT_EQ(redis({"EXISTS", kEvents}), ":0");
}

TEST_F(FoundryStoreReset, Unknown) {
    EXPECT_EQ(reset(), "unknown");
    redis({"HSET", kRecord, "oathDeviceProfiles", "[{}]"});
    const auto before = snapshot();
    EXPECT_EQ(reset(), "unknown") << "a record without a name is nobody's";
    EXPECT_EQ(snapshot(), before);
}

TEST_F(FoundryStoreReset, AllOrNothing) {
    enrol(kRecord);
    redis({"SET", kEvents, "text"});
    const auto before = snapshot();
    EXPECT_EQ(reset(), "broken");
    EXPECT_EQ(snapshot(), before);
    redis({"DEL", kEvents, kRecord});
    redis({"SET", kRecord, "text"});
    EXPECT_EQ(reset(), "broken");
}

TEST_F(FoundryStoreReset, KeysOfSubjects) {
    const struct {
        Subject target;
        SubjectCase subject_case;
        const char* key;
    } table[] = {
        {{"/foundry", "u-42"}, SubjectCase::exact, "mfa:{/foundry/u-42}"},
        {{"/foundry", "U-42", "Org"}, SubjectCase::exact, "mfa:{/foundry/Org/U-42}"},
        {{"/foundry", "U-42", "Org"}, SubjectCase::ascii, "mfa:{/foundry/org/u-42}"},
        {{"/", "u", "o"}, SubjectCase::exact, "mfa:{/o/u}"},
        {{"/a/b", "u", "o"}, SubjectCase::exact, "mfa:{/a/b/o/u}"},
        {{"/foundry", "a/b", "o/p"}, SubjectCase::exact, "mfa:{/foundry/o%2Fp/a%2Fb}"},
        {{"/foundry", "}:events", "{..}"},
         SubjectCase::exact,
         "mfa:{/foundry/%7B..%7D/%7D%3Aevents}"},
    };
    for (const auto& row : table) {
        redis({"FLUSHALL"});
        redis({"HSET", row.key, "uid", "someone"});
        ResetOrder order = order_for(row.target);
        order.subject_case = row.subject_case;
        EXPECT_EQ(reset(order), "nothing") << row.key;
    }
}

}  // namespace
}  // namespace mfa_reset::test
