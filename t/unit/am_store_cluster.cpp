// A reset where the session lies in another slot than the user: read first, and judged by the same
// script. Whatever is asked, the answer and what is in Redis are those of one server. The cluster
// here is a redis-server that knows of none: each command goes to it, whatever its slot.
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "am_store_scene.hpp"

namespace mfa_reset::test {
namespace {

constexpr const char* kDemo = "mfa:{/alpha/demo}";
constexpr const char* kEvents = "mfa:{/alpha/demo}:events";

class AmStoreCluster : public AmStoreScene {
protected:
    void SetUp() override {
        AmStoreScene::SetUp();
        cluster_settings_ = settings;
        cluster_settings_.url.kind = redis::Url::Kind::cluster;
        cluster_loop_.emplace(cluster_settings_);
    }
    void TearDown() override {
        cluster_loop_.reset();
        AmStoreScene::TearDown();
    }

    ResetResult reset_on_cluster(const Order& order) {
        return Ordering(*cluster_loop_, on_cluster_, order).result();
    }
    /// All that came of it but the time and the request's id.
    static std::string all_of(const ResetResult& result) {
        std::string events = redis({"XRANGE", kEvents, "-", "+"});
        for (const std::string& part : {result.request, std::string{}}) {
            if (const auto at = events.find(part); !part.empty() && at != std::string::npos) {
                events.replace(at, part.size(), "REQUEST");
            }
        }
        const auto fields = events.find(" [");
        return result.verdict + " " + result.caller_user + " " + result.caller_realm + " " +
               result.caller_universal_id + " " + redis({"HGETALL", kDemo}) +
               (fields == std::string::npos ? events : events.substr(fields));
    }
    /// Both ways, each on records of its own.
    void expect_the_same(const std::optional<Words>& session, const Order& order) {
        std::string ways[2];
        for (const bool cluster : {false, true}) {
            redis({"FLUSHALL"});
            enrol(kDemo);
            if (session) {
                log_in(*session);
            }
            ways[cluster ? 1 : 0] = all_of(cluster ? reset_on_cluster(order) : reset(order));
        }
        EXPECT_EQ(ways[0], ways[1]);
        verdicts_.insert(ways[0].substr(0, ways[0].find(' ')));
    }

    std::set<std::string> verdicts_;

private:
    redis::Settings cluster_settings_;
    std::optional<RedisLoop> cluster_loop_;
    LoopClient cluster_client_{cluster_loop_};
    records::RedisRecords cluster_records_{cluster_client_, record_settings};
    am::RecordStore on_cluster_{cluster_records_};
};

TEST_F(AmStoreCluster, AnswersAsOneServerDoes) {
    const std::vector<std::optional<Words>> sessions{
        std::nullopt,
        Words{"user", "demo"},
        Words{"realm", "/alpha"},
        Words{"user", "", "realm", ""},
        Words{"user", "demo", "realm", "/alpha"},
        Words{"user", "Demo", "realm", "/Alpha", "universalId", "id=demo,ou=user,o=alpha"},
        Words{"user", "demo", "realm", "/alpha", "universalId", "", "admin", ""},
        Words{"user", "demo", "realm", "/alpha", "universalId", "id=demo,ou=agent,o=alpha"},
        Words{"user", "eve", "realm", "/alpha", "universalId", "id=eve,ou=user,o=alpha"},
        Words{"user", "amAdmin", "realm", "/", "admin", "/"},
        Words{"user", "amAdmin", "realm", "/", "admin", "/Alpha", "universalId",
              "id=amAdmin,ou=user"},
        Words{"user", "amAdmin", "realm", "/", "admin", "/alphabet"},
        Words{"user", "amAdmin", "realm", "/", "admin", "/alpha/eu"},
    };
    const std::vector<Administrator> administrators{{"id=eve,ou=user,o=alpha", "", "/alpha"},
                                                    {"amadmin", "/", "/beta"}};
    for (const auto& session : sessions) {
        for (const Act act : {Act::decide, Act::forward, Act::reset}) {
            for (const bool self_allowed : {false, true}) {
                for (const char* user : {"demo", "nobody"}) {
                    Order order = own_reset();
                    order.target.user = user;
                    order.act = act;
                    order.self_allowed = self_allowed;
                    expect_the_same(session, order);
                    order.administrators = administrators;
                    order.subject_case = SubjectCase::exact;
                    expect_the_same(session, order);
                }
            }
        }
    }
    EXPECT_EQ(verdicts_,
              (std::set<std::string>{"done", "forbidden", "unauthenticated", "unknown"}));
}

TEST_F(AmStoreCluster, ASessionOfTheWrongKindIsBrokenAndNothingIsDone) {
    enrol(kDemo);
    redis({"SET", kSessionKey, "text"});
    const auto before = snapshot();
    const ResetResult result = reset_on_cluster(own_reset());
    EXPECT_EQ(result.verdict, "broken");
    EXPECT_NE(result.why.find("WRONGTYPE"), std::string::npos) << result.why;
    EXPECT_EQ(snapshot(), before);
}

TEST_F(AmStoreCluster, TheCallerIsKnownAlsoIfTheResetFails) {
    log_in({"user", "demo", "realm", "/alpha", "universalId", "id=demo,ou=user,o=alpha"});
    redis({"SET", kDemo, "text"});
    const ResetResult result = reset_on_cluster(own_reset());
    EXPECT_EQ(result.verdict, "broken");
    EXPECT_EQ(result.caller_user + result.caller_realm + result.caller_universal_id,
              "demo/alphaid=demo,ou=user,o=alpha");
}

TEST_F(AmStoreCluster, AKnownCallerNeedsNoSession) {
    enrol(kDemo);
    Order order = own_reset();
    order.caller = Caller{"demo", "/alpha", "id=demo,ou=user,o=alpha"};
    EXPECT_EQ(reset_on_cluster(order).verdict, "done");
    log_in({"user", "amAdmin", "realm", "/", "admin", "/"});
    order.caller = Caller{"eve", "/alpha", ""};
    EXPECT_EQ(reset_on_cluster(order).verdict, "forbidden") << "a session gives no rights to it";
}

}  // namespace
}  // namespace mfa_reset::test
