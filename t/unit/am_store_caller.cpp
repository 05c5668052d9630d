// Orders whose caller is known already, administrators by configuration, orders that are handed on,
// and sessions that are remembered; on a real redis-server.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "am_store_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::literals;

constexpr const char* kRemembered =
    "mfa:amsession:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kDemo = "mfa:{/alpha/demo}";
constexpr const char* kEvents = "mfa:{/alpha/demo}:events";

class AmStoreCaller : public AmStoreScene {
protected:
    Order order_of(Caller caller) {
        Order order = own_reset();
        order.caller = caller;
        return order;
    }
    std::string verdict(const Order& order) {
        redis({"DEL", kEvents});
        enrol(kDemo);
        return reset(order).verdict;
    }
    std::string verdict(Caller caller, std::vector<Administrator> administrators) {
        Order order = order_of(caller);
        order.administrators = administrators;
        return verdict(order);
    }
    std::string recall() {
        Asking<std::string_view> asking(
            *loop, [this](Services& services) { return store.recall_session(kToken, services); });
        return std::string{asking.answer()};
    }
    bool remember(std::string_view text, std::chrono::milliseconds lifetime) {
        Asking<bool> asking(*loop, [&](Services& services) {
            return store.remember_session(kToken, text, lifetime, services);
        });
        return asking.answer();
    }
};

TEST_F(AmStoreCaller, IsTakenAsGiven) {
    log_in({"user", "amAdmin", "realm", "/", "admin", "/"});
    enrol(kDemo);
    const ResetResult result = reset(order_of({"Demo", "/Alpha", "id=Demo,ou=user,o=Alpha"}));
    EXPECT_EQ(result.verdict, "done");
    EXPECT_EQ(result.caller_user, "Demo");
    EXPECT_EQ(result.caller_realm, "/Alpha");
    EXPECT_EQ(result.caller_universal_id, "id=Demo,ou=user,o=Alpha");
    EXPECT_NE(redis({"XRANGE", kEvents, "-", "+"}).find("id=Demo,ou=user,o=Alpha"),
              std::string::npos);
}

TEST_F(AmStoreCaller, TheSessionOfTheTokenIsNotLookedAt) {
    log_in({"user", "amAdmin", "realm", "/", "admin", "/"});
    EXPECT_EQ(verdict(order_of({"eve", "/alpha", ""})), "forbidden");
    EXPECT_EQ(verdict(order_of({"demo", "/", ""})), "forbidden");
    EXPECT_EQ(verdict(order_of({"demo", "/alpha/eu", ""})), "forbidden");
    EXPECT_EQ(verdict(order_of({"", "", ""})), "forbidden");
}

TEST_F(AmStoreCaller, WithoutAUniversalIdByRealmAndName) {
    enrol(kDemo);
    EXPECT_EQ(reset(order_of({"demo", "/alpha", ""})).verdict, "done");
    EXPECT_NE(redis({"XRANGE", kEvents, "-", "+"}).find("/alpha/demo"), std::string::npos);
}

TEST_F(AmStoreCaller, AdministratorsByName) {
    const Caller root{"amAdmin", "/", "id=amAdmin,ou=user"};
    EXPECT_EQ(verdict(root, {}), "forbidden");
    EXPECT_EQ(verdict(root, {{"amadmin", "/", "/"}}), "done");
    EXPECT_EQ(verdict(root, {{"amadmin", "/", "/alpha"}}), "done");
    EXPECT_EQ(verdict(root, {{"amadmin", "/", "/alpha/eu"}}), "forbidden");
    EXPECT_EQ(verdict(root, {{"amadmin", "/", "/alphabet"}}), "forbidden");
    EXPECT_EQ(verdict(root, {{"amadmin", "/", "/al"}}), "forbidden");
    EXPECT_EQ(verdict(root, {{"amadmin", "/alpha", "/"}}), "forbidden");
    EXPECT_EQ(verdict(root, {{"amadmin2", "/", "/"}, {"amadmin", "/", "/"}}), "done");
    EXPECT_EQ(verdict({"amAdmin", "/alpha", ""}, {{"amadmin", "/", "/"}}), "forbidden");
    EXPECT_EQ(verdict({"amAdmin", "/Alpha", ""}, {{"amadmin", "/alpha", "/"}}), "done");
    EXPECT_EQ(verdict({"amAdmin", "", ""}, {{"amadmin", "/", "/"}}), "forbidden");
}

TEST_F(AmStoreCaller, AdministratorsByUniversalId) {
    const std::vector<Administrator> named{{"id=amadmin,ou=user", "", "/"}};
    EXPECT_EQ(verdict({"x", "/beta", "id=amAdmin,ou=user"}, named), "done");
    EXPECT_EQ(verdict({"x", "/beta", "id=amAdmin,ou=user,o=beta"}, named), "forbidden");
    EXPECT_EQ(verdict({"x", "/beta", ""}, named), "forbidden");
    EXPECT_EQ(verdict({"id=amAdmin,ou=user", "/", "id=x"}, named), "forbidden");
    EXPECT_EQ(verdict({"amAdmin", "/", "amAdmin"}, {{"amadmin", "/beta", "/"}}), "forbidden");
}

TEST_F(AmStoreCaller, NamesAreNoPatterns) {
    EXPECT_EQ(verdict({"amAdmin", "/", ""}, {{".*", "/", "/"}}), "forbidden");
    EXPECT_EQ(verdict({"%a", "/", ""}, {{"amadmin", "/", "/"}}), "forbidden");
    EXPECT_EQ(verdict({"amAdmin", "/", ""}, {{"amadmin", "/", "/.*"}}), "forbidden");
}

TEST_F(AmStoreCaller, ExactNames) {
    Order order = order_of({"amAdmin", "/", ""});
    order.subject_case = SubjectCase::exact;
    const std::vector<Administrator> other{{"amadmin", "/", "/"}};
    order.administrators = other;
    EXPECT_EQ(verdict(order), "forbidden");
    const std::vector<Administrator> same{{"amAdmin", "/", "/"}};
    order.administrators = same;
    EXPECT_EQ(verdict(order), "done");
}

TEST_F(AmStoreCaller, AdministratorsBesideTheSessionsOwn) {
    const std::vector<Administrator> named{{"amadmin", "/", "/alpha"}};
    Order order = own_reset();
    order.administrators = named;
    log_in({"user", "amAdmin", "realm", "/"});
    EXPECT_EQ(verdict(order), "done");
    log_in({"user", "amAdmin", "realm", "/alpha"});
    EXPECT_EQ(verdict(order), "forbidden");
    log_in({"user", "help", "realm", "/beta", "admin", "/alpha"});
    EXPECT_EQ(verdict(order), "done");
    redis({"DEL", kSessionKey});
    EXPECT_EQ(verdict(order), "unauthenticated");
}

TEST_F(AmStoreCaller, HandedOnLeavesTheRecordAndAnEvent) {
    enrol(kDemo);
    const std::string before = redis({"DUMP", kDemo});
    Order order = order_of({"demo", "/alpha", "id=demo,ou=user,o=alpha"});
    order.act = Act::forward;
    EXPECT_EQ(reset(order).verdict, "done");
    EXPECT_EQ(redis({"DUMP", kDemo}), before);
    const std::string events = redis({"XRANGE", kEvents, "-", "+"});
    EXPECT_NE(events.find("forwarded"), std::string::npos) << events;
    EXPECT_EQ(events.find("removed"), std::string::npos) << events;
    EXPECT_EQ(redis({"XLEN", kEvents}), ":1");
}

TEST_F(AmStoreCaller, HandedOnWithoutARecord) {
    Order order = order_of({"demo", "/alpha", ""});
    order.act = Act::forward;
    EXPECT_EQ(reset(order).verdict, "done");
    EXPECT_EQ(redis({"EXISTS", kDemo}), ":0");
    order.caller = Caller{"eve", "/alpha", ""};
    EXPECT_EQ(reset(order).verdict, "forbidden");
    EXPECT_EQ(redis({"XLEN", kEvents}), ":1");
}

TEST_F(AmStoreCaller, WithoutEventsNothingIsWritten) {
    record_settings.events_length = 0;
    Order order = order_of({"demo", "/alpha", ""});
    order.act = Act::forward;
    EXPECT_EQ(reset(order).verdict, "done");
    EXPECT_EQ(redis({"DBSIZE"}), ":0");
}

TEST_F(AmStoreCaller, WhatIsRememberedEnds) {
    EXPECT_EQ(recall(), "");
    EXPECT_TRUE(remember("{\"a\":\0\"}"sv, 60s));
    EXPECT_EQ(recall(), "{\"a\":\0\"}"sv);
    const int left = std::stoi(redis({"PTTL", kRemembered}).substr(1));
    EXPECT_GT(left, 50000);
    EXPECT_LE(left, 60000);
    EXPECT_TRUE(remember("other", 1ms));
    EXPECT_TRUE(loop->run_until([this] { return redis({"EXISTS", kRemembered}) == ":0"; }));
    EXPECT_EQ(recall(), "");
}

TEST_F(AmStoreCaller, WhatIsRememberedIsNoSession) {
    EXPECT_TRUE(remember("x", 60s));
    EXPECT_EQ(reset(own_reset()).verdict, "unauthenticated");
}

TEST_F(AmStoreCaller, NothingIsRecalledFromAnotherType) {
    redis({"LPUSH", kRemembered, "x"});
    EXPECT_EQ(recall(), "");
}

}  // namespace
}  // namespace mfa_reset::test
