// Callers whom the API judges itself, on a real redis-server: their session, their devices, the
// judgement of their codes.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foundry/store.hpp"
#include "records_asking.hpp"
#include "records_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;
using foundry::CallerDevices;
using foundry::CodeAnswer;
using foundry::CodeOrder;
using foundry::StoredText;
using Kind = Failure::Kind;
using Verdict = CodeAnswer::Verdict;

constexpr const char* kCaller = "mfa:{/foundry/org-7/1}";

class FoundryStoreCallers : public RecordsScene {
protected:
    static std::string field(const char* name) { return redis({"HGET", kCaller, name}); }
    static void enrol_caller() { redis({"HSET", kCaller, "uid", "1"}); }

    CodeOrder code(std::optional<std::int64_t> step) const {
        return {
            .caller = {"/foundry", "1", "org-7"}, .step = step, .attempts = attempts, .lock = lock};
    }
    auto ask_code(std::optional<std::int64_t> step) {
        order_ = code(step);
        return std::make_unique<Asking<CodeAnswer>>(
            *loop, [this](Services& by) { return store.check_code(order_, by); });
    }
    /// nullopt: a failure.
    std::optional<Verdict> check(std::optional<std::int64_t> step) {
        const CodeAnswer answer = ask_code(step)->answer();
        return answer.failure ? std::nullopt : std::optional(answer.verdict);
    }
    std::optional<Kind> check_fails(std::optional<std::int64_t> step) {
        const CodeAnswer answer = ask_code(step)->answer();
        return answer.failure ? std::optional(answer.failure->kind) : std::nullopt;
    }
    /// What the answer views lives as long as the asking.
    auto ask_devices() {
        static const Subject caller{"/foundry", "1", "org-7"};
        return std::make_unique<Asking<CallerDevices>>(*loop, [this](Services& by) {
            return store.read_devices(caller, SubjectCase::exact, by);
        });
    }

    foundry::RecordStore store{records, records};

    unsigned attempts = 5;
    std::chrono::milliseconds lock = 15min;

private:
    CodeOrder order_;
};

TEST_F(FoundryStoreCallers, ACodeIsAcceptedOnce) {
    enrol_caller();
    EXPECT_EQ(check(58), Verdict::accepted);
    EXPECT_EQ(field("callerCode:step"), "\"58\"");
    EXPECT_EQ(check(58), Verdict::used);
    EXPECT_EQ(check(57), Verdict::used) << "an earlier step is used up with the later";
    EXPECT_EQ(field("callerCode:failures"), "_") << "a replay is not counted";
    EXPECT_EQ(check(59), Verdict::accepted);
    EXPECT_EQ(field("callerCode:step"), "\"59\"");
}

TEST_F(FoundryStoreCallers, WrongCodesAreCountedAndLock) {
    enrol_caller();
    for (int wrong = 1; wrong <= 5; ++wrong) {
        EXPECT_EQ(check(std::nullopt), Verdict::wrong) << wrong;
        EXPECT_EQ(field("callerCode:failures"), "\"" + std::to_string(wrong) + "\"");
    }
    const std::string until = field("callerCode:lockedUntil");
    EXPECT_EQ(until.size(), 15U) << until;
    const CodeAnswer locked = ask_code(58)->answer();
    EXPECT_EQ(locked.verdict, Verdict::locked) << "whatever the code";
    EXPECT_GT(locked.locked_for, 14min);
    EXPECT_LE(locked.locked_for, 15min);
    EXPECT_EQ(check(std::nullopt), Verdict::locked);
    EXPECT_EQ(field("callerCode:failures"), "\"5\"") << "not counted while locked";
    EXPECT_EQ(field("callerCode:lockedUntil"), until) << "nor prolonged";
    EXPECT_EQ(field("callerCode:step"), "_");
}

TEST_F(FoundryStoreCallers, AnAcceptedCodeClearsTheCount) {
    enrol_caller();
    for (int wrong = 0; wrong < 4; ++wrong) {
        check(std::nullopt);
    }
    EXPECT_EQ(check(58), Verdict::accepted);
    EXPECT_EQ(redis({"HGETALL", kCaller}), R"(["uid" "1" "callerCode:step" "58"])");
    for (int wrong = 0; wrong < 4; ++wrong) {
        check(std::nullopt);
    }
    EXPECT_EQ(check(59), Verdict::accepted);
}

TEST_F(FoundryStoreCallers, AfterALockTheCountBeginsAnew) {
    redis({"HSET", kCaller, "uid", "1", "callerCode:failures", "5", "callerCode:lockedUntil",
           "1000000000000"});
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    EXPECT_EQ(field("callerCode:failures"), "\"1\"");
    EXPECT_EQ(field("callerCode:lockedUntil"), "_");
    redis({"HSET", kCaller, "callerCode:lockedUntil", "1000000000000"});
    EXPECT_EQ(check(58), Verdict::accepted);
    EXPECT_EQ(redis({"HGETALL", kCaller}), R"(["uid" "1" "callerCode:step" "58"])");
}

TEST_F(FoundryStoreCallers, LimitAndLockAreThoseOfTheOrder) {
    enrol_caller();
    attempts = 1;
    lock = 10min;
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    const CodeAnswer locked = ask_code(58)->answer();
    EXPECT_EQ(locked.verdict, Verdict::locked);
    EXPECT_LE(locked.locked_for, 10min);
    EXPECT_GT(locked.locked_for, 5min);
    redis({"HSET", kCaller, "callerCode:lockedUntil", "0"});
    lock = 1ms;
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    EXPECT_TRUE(loop->run_until([this] { return check(58) == Verdict::accepted; }));
}

TEST_F(FoundryStoreCallers, NobodyHasNoRecordAfterwards) {
    EXPECT_EQ(check(58), Verdict::wrong);
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    EXPECT_EQ(redis({"EXISTS", kCaller}), ":0");
    redis({"HSET", kCaller, "oathDeviceProfiles", "[]"});
    EXPECT_EQ(check(58), Verdict::wrong) << "a record without a name is nobody's";
    EXPECT_EQ(redis({"HLEN", kCaller}), ":1");
}

TEST_F(FoundryStoreCallers, WhatIsNoNumberStopsEverything) {
    for (const char* name : {"callerCode:step", "callerCode:failures", "callerCode:lockedUntil"}) {
        redis({"DEL", kCaller});
        redis({"HSET", kCaller, "uid", "1", name, "soon"});
        const auto before = snapshot();
        const auto step = std::string_view{name} == "callerCode:failures"
                              ? std::nullopt
                              : std::optional<std::int64_t>(58);
        EXPECT_EQ(check_fails(step), Kind::broken) << name;
        EXPECT_EQ(snapshot(), before) << name;
    }
    redis({"DEL", kCaller});
    redis({"SET", kCaller, "text"});
    EXPECT_EQ(check_fails(58), Kind::broken);
}

TEST_F(FoundryStoreCallers, OfManyAtOnceOneIsAccepted) {
    enrol_caller();
    const CodeOrder order = code(58);
    std::vector<std::unique_ptr<Asking<CodeAnswer>>> all;
    for (int each = 0; each < 50; ++each) {
        all.push_back(std::make_unique<Asking<CodeAnswer>>(
            *loop, [&](Services& by) { return store.check_code(order, by); }));
    }
    const auto accepted = std::ranges::count_if(
        all, [](auto& one) { return one->answer().verdict == Verdict::accepted; });
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(redis({"HLEN", kCaller}), ":2");
}

TEST_F(FoundryStoreCallers, DevicesAndTheTime) {
    const auto read = [&] {
        const auto asking = ask_devices();
        const CallerDevices devices = asking->answer();
        EXPECT_FALSE(devices.failure);
        EXPECT_NEAR(static_cast<double>(devices.now), static_cast<double>(std::time(nullptr)), 2);
        return std::string{devices.oath_profiles};
    };
    EXPECT_EQ(read(), "");
    enrol_caller();
    EXPECT_EQ(read(), "");
    redis({"HSET", kCaller, "oathDeviceProfiles", "[{}]"});
    EXPECT_EQ(read(), "[{}]");
    redis({"HDEL", kCaller, "uid"});
    EXPECT_EQ(read(), "") << "a record without a name is nobody's";
}

TEST_F(FoundryStoreCallers, HowLongALockLasts) {
    const auto read = [&] {
        const CallerDevices devices = ask_devices()->answer();
        return devices.failure ? -1 : devices.locked_for.count();
    };
    const auto lock_until = [&](const std::string& time) {
        redis({"HSET", kCaller, "callerCode:lockedUntil", time});
    };
    enrol_caller();
    EXPECT_EQ(read(), 0);
    const auto now = static_cast<long>(std::time(nullptr)) * 1000;
    lock_until(std::to_string(now + 100'000));
    EXPECT_NEAR(static_cast<double>(read()), 99'000, 2'000);
    lock_until(std::to_string(now - 1));
    EXPECT_EQ(read(), 0);
    lock_until("soon");
    EXPECT_EQ(read(), -1) << "it cannot be told whether it is one";
}

TEST_F(FoundryStoreCallers, Session) {
    const auto read = [&](std::string_view id) {
        Asking<StoredText> asking(*loop, [&](Services& by) { return store.read_session(id, by); });
        const StoredText session = asking.answer();
        return session.failure ? name_of(session.failure->kind)
                               : std::string{session.text.value_or("(none)")};
    };
    EXPECT_EQ(read("aXujm6"), "(none)");
    redis({"SET", "urn:iauthsession:aXujm6", R"({"id":"aXujm6"})"});
    EXPECT_EQ(read("aXujm6"), R"({"id":"aXujm6"})");
    redis({"SET", "urn:iauthsession:empty", ""});
    EXPECT_EQ(read("empty"), "");
    redis({"HSET", "urn:iauthsession:hash", "a", "b"});
    EXPECT_EQ(read("hash"), "broken");
    settings.url.addresses = {{.host = {}, .port = 0, .unix_path = "/nonexistent"}};
    loop.emplace(settings);
    EXPECT_EQ(read("aXujm6"), "unavailable");
}

TEST_F(FoundryStoreCallers, NobodyThere) {
    settings.url.addresses = {{.host = {}, .port = 0, .unix_path = "/nonexistent"}};
    loop.emplace(settings);
    EXPECT_EQ(check_fails(58), Kind::unavailable);
    EXPECT_EQ(ask_devices()->answer().failure.value().kind, Kind::unavailable);
}

TEST_F(FoundryStoreCallers, ALostAnswerIsUncertain) {
    enrol_caller();
    settings.timeout = redis::Milliseconds{1000};
    loop.emplace(settings);
    EXPECT_EQ(check(58), Verdict::accepted) << "connected";
    redis({"CLIENT", "PAUSE", "1000000", "WRITE"});
    EXPECT_EQ(check_fails(59), Kind::uncertain);
}

}  // namespace
}  // namespace mfa_reset::test
