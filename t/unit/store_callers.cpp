// Callers whom the API judges itself, on a real redis-server: their session, their devices, the
// judgement of their codes.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store_asking.hpp"
#include "store_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;
using Verdict = CodeAnswer::Verdict;

constexpr const char* kCaller = "mfa:{/foundry/org-7/1}";

class StoreCallers : public StoreScene {
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
            *loop, *store, [this](Store& to, Services& by) { return to.check_code(order_, by); });
    }
    Verdict check(std::optional<std::int64_t> step) { return ask_code(step)->answer().verdict; }
    /// What the answer views lives as long as the asking.
    auto ask_devices() {
        static const Subject caller{"/foundry", "1", "org-7"};
        return std::make_unique<Asking<CallerDevices>>(*loop, *store, [](Store& to, Services& by) {
            return to.caller_devices(caller, SubjectCase::exact, by);
        });
    }

    unsigned attempts = 5;
    std::chrono::milliseconds lock = 15min;

private:
    CodeOrder order_;
};

TEST_F(StoreCallers, ACodeIsAcceptedOnce) {
    enrol_caller();
    EXPECT_EQ(check(58), Verdict::accepted);
    EXPECT_EQ(field("callerCode:step"), "\"58\"");
    EXPECT_EQ(check(58), Verdict::used);
    EXPECT_EQ(check(57), Verdict::used) << "an earlier step is used up with the later";
    EXPECT_EQ(field("callerCode:failures"), "_") << "a replay is not counted";
    EXPECT_EQ(check(59), Verdict::accepted);
    EXPECT_EQ(field("callerCode:step"), "\"59\"");
}

TEST_F(StoreCallers, WrongCodesAreCountedAndLock) {
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

TEST_F(StoreCallers, AnAcceptedCodeClearsTheCount) {
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

TEST_F(StoreCallers, AfterALockTheCountBeginsAnew) {
    redis({"HSET", kCaller, "uid", "1", "callerCode:failures", "5", "callerCode:lockedUntil",
           "1000000000000"});
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    EXPECT_EQ(field("callerCode:failures"), "\"1\"");
    EXPECT_EQ(field("callerCode:lockedUntil"), "_");
    redis({"HSET", kCaller, "callerCode:lockedUntil", "1000000000000"});
    EXPECT_EQ(check(58), Verdict::accepted);
    EXPECT_EQ(redis({"HGETALL", kCaller}), R"(["uid" "1" "callerCode:step" "58"])");
}

TEST_F(StoreCallers, LimitAndLockAreThoseOfTheOrder) {
    enrol_caller();
    attempts = 1;
    lock = 100ms;
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    const CodeAnswer locked = ask_code(58)->answer();
    EXPECT_EQ(locked.verdict, Verdict::locked);
    EXPECT_LE(locked.locked_for, 100ms);
    EXPECT_TRUE(loop->run_until([this] { return check(58) == Verdict::accepted; }));
}

TEST_F(StoreCallers, NobodyHasNoRecordAfterwards) {
    EXPECT_EQ(check(58), Verdict::wrong);
    EXPECT_EQ(check(std::nullopt), Verdict::wrong);
    EXPECT_EQ(redis({"EXISTS", kCaller}), ":0");
    redis({"HSET", kCaller, "oathDeviceProfiles", "[]"});
    EXPECT_EQ(check(58), Verdict::wrong) << "a record without a name is nobody's";
    EXPECT_EQ(redis({"HLEN", kCaller}), ":1");
}

TEST_F(StoreCallers, WhatIsNoNumberStopsEverything) {
    for (const char* name : {"callerCode:step", "callerCode:failures", "callerCode:lockedUntil"}) {
        redis({"DEL", kCaller});
        redis({"HSET", kCaller, "uid", "1", name, "soon"});
        const auto before = snapshot();
        const auto step = std::string_view{name} == "callerCode:failures"
                              ? std::nullopt
                              : std::optional<std::int64_t>(58);
        EXPECT_EQ(check(step), Verdict::broken) << name;
        EXPECT_EQ(snapshot(), before) << name;
    }
    redis({"DEL", kCaller});
    redis({"SET", kCaller, "text"});
    EXPECT_EQ(check(58), Verdict::broken);
}

TEST_F(StoreCallers, OfManyAtOnceOneIsAccepted) {
    enrol_caller();
    const CodeOrder order = code(58);
    std::vector<std::unique_ptr<Asking<CodeAnswer>>> all;
    for (int each = 0; each < 50; ++each) {
        all.push_back(std::make_unique<Asking<CodeAnswer>>(
            *loop, *store, [&order](Store& to, Services& by) { return to.check_code(order, by); }));
    }
    const auto accepted = std::ranges::count_if(
        all, [](auto& one) { return one->answer().verdict == Verdict::accepted; });
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(redis({"HLEN", kCaller}), ":2");
}

TEST_F(StoreCallers, DevicesAndTheTime) {
    const auto read = [&] {
        const auto asking = ask_devices();
        const CallerDevices devices = asking->answer();
        EXPECT_EQ(devices.reading, Reading::good);
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

TEST_F(StoreCallers, HowLongALockLasts) {
    const auto read = [&] {
        const CallerDevices devices = ask_devices()->answer();
        return devices.reading == Reading::good ? devices.locked_for.count() : -1;
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

TEST_F(StoreCallers, Session) {
    const auto read = [&](std::string_view id) {
        Asking<StoredSession> asking(*loop, *store, [id](Store& to, Services& by) {
            return to.servicestack_session(id, by);
        });
        const StoredSession session = asking.answer();
        return std::to_string(static_cast<int>(session.reading)) +
               std::string{session.text.value_or("(none)")};
    };
    EXPECT_EQ(read("aXujm6"), "0(none)");
    redis({"SET", "urn:iauthsession:aXujm6", R"({"id":"aXujm6"})"});
    EXPECT_EQ(read("aXujm6"), R"(0{"id":"aXujm6"})");
    redis({"SET", "urn:iauthsession:empty", ""});
    EXPECT_EQ(read("empty"), "0");
    redis({"HSET", "urn:iauthsession:hash", "a", "b"});
    EXPECT_EQ(read("hash"), "2(none)");
    settings.url.addresses = {{.host = {}, .port = 0, .unix_path = "/nonexistent"}};
    loop.emplace(settings);
    store.emplace(loop->client(), store_settings);
    EXPECT_EQ(read("aXujm6"), "1(none)");
}

TEST_F(StoreCallers, NobodyThere) {
    settings.url.addresses = {{.host = {}, .port = 0, .unix_path = "/nonexistent"}};
    loop.emplace(settings);
    store.emplace(loop->client(), store_settings);
    EXPECT_EQ(check(58), Verdict::unavailable);
    EXPECT_EQ(ask_devices()->answer().reading, Reading::unavailable);
}

TEST_F(StoreCallers, ALostAnswerIsUncertain) {
    enrol_caller();
    settings.timeout = redis::Milliseconds{200};
    loop.emplace(settings);
    store.emplace(loop->client(), store_settings);
    EXPECT_EQ(check(58), Verdict::accepted) << "connected";
    redis({"CLIENT", "PAUSE", "1000", "ALL"});
    EXPECT_EQ(check(59), Verdict::uncertain);
}

}  // namespace
}  // namespace mfa_reset::test
