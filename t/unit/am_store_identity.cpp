// Whether a session is its user's, or an agent's, a group's or another realm's of that name: by its
// universal id, through the script on a real redis-server.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "am_store_scene.hpp"
#include "universal_ids.hpp"

namespace mfa_reset::test {
namespace {

class AmStoreIdentity : public AmStoreScene {
protected:
    /// The verdict about the session's own device, if the session has this universal id: whether
    /// the session is a record in Redis or the caller is known.
    std::string own(std::string_view user, std::string_view realm, std::string_view id,
                    SubjectCase subject_case = SubjectCase::ascii) {
        Order order = own_reset();
        order.target = {realm, user};
        order.act = Act::decide;
        order.subject_case = subject_case;
        redis({"DEL", kSessionKey});
        log_in({"user", std::string{user}, "realm", std::string{realm}, "universalId",
                std::string{id}});
        const std::string by_session = reset(order).verdict;
        order.caller = Caller{user, realm, id};
        EXPECT_EQ(reset(order).verdict, by_session) << id;
        return by_session;
    }
    /// The verdict about another user's device, with these administrators.
    std::string other(const Caller& caller, const std::vector<Administrator>& administrators) {
        Order order = own_reset();
        order.target = {"/beta", "somebody"};
        order.act = Act::decide;
        order.caller = caller;
        order.administrators = administrators;
        return reset(order).verdict;
    }
};

TEST_F(AmStoreIdentity, AUsersIdNamesTheSessionsUserAndRealm) {
    for (const auto& [id, user, realm] : kUniversalIds) {
        if (user.empty()) {
            EXPECT_EQ(own("demo", "/alpha", id), "forbidden") << id;
            EXPECT_EQ(own("demo", "/", id), "forbidden") << id;
            continue;
        }
        EXPECT_EQ(own(user, realm, id), "done") << id;
        EXPECT_EQ(own(std::string{user} + "2", realm, id), "forbidden") << id;
        EXPECT_EQ(own(user.substr(1), realm, id), "forbidden") << id;
        EXPECT_EQ(own(user, "/gamma", id), "forbidden") << id;
        EXPECT_EQ(own(user, realm == "/" ? "/alpha" : "/", id), "forbidden") << id;
        EXPECT_EQ(own(user, std::string{realm} + "/eu", id), "forbidden") << id;
    }
}

// The usual form is compared as it is: what would have to be escaped must not pass for it.
TEST_F(AmStoreIdentity, NamesThatLookLikePartsOfAnId) {
    EXPECT_EQ(own("x,ou=agent", "/alpha", "id=x,ou=agent,ou=user,o=alpha,ou=services,dc=x"),
              "forbidden");
    EXPECT_EQ(own("x,ou=user,o=alpha", "/", "id=x,ou=user,o=alpha,ou=user,dc=x"), "forbidden");
    EXPECT_EQ(own("demo", "/alpha,o=beta", "id=demo,ou=user,o=alpha,o=beta,ou=services,dc=x"),
              "forbidden");
    EXPECT_EQ(own("demo", "/alpha/eu", "id=demo,ou=user,o=alpha/eu,ou=services,dc=x"), "forbidden");
    EXPECT_EQ(own("demo", "/alpha/eu", "id=demo,ou=user,o=alpha,o=eu,ou=services,dc=x"),
              "forbidden");
    EXPECT_EQ(own(R"(a\)", "/alpha", R"(id=a\,ou=user,o=alpha,ou=services,dc=x)"), "forbidden");
    EXPECT_EQ(own("a+cn=b", "/alpha", "id=a+cn=b,ou=user,o=alpha,ou=services,dc=x"), "forbidden");
    EXPECT_EQ(own("a;b", "/alpha", "id=a;b,ou=user,o=alpha,ou=services,dc=x"), "forbidden");
    EXPECT_EQ(own("demo", "/alpha", "xid=demo,ou=user,o=alpha,ou=services,dc=x"), "forbidden");
}

TEST_F(AmStoreIdentity, Case) {
    const std::string_view id = "id=Demo,ou=user,o=Alpha,ou=services,dc=x";
    EXPECT_EQ(own("dEMO", "/aLPHA", id), "done");
    EXPECT_EQ(own("Demo", "/Alpha", id, SubjectCase::exact), "done");
    EXPECT_EQ(own("demo", "/Alpha", id, SubjectCase::exact), "forbidden");
    EXPECT_EQ(own("Demo", "/alpha", id, SubjectCase::exact), "forbidden");
    EXPECT_EQ(own("Demo", "/Alpha", "ID=Demo,OU=User,O=Alpha", SubjectCase::exact), "done");
    EXPECT_EQ(own("\xc3\x9cNAL", "/", "id=\xc3\xbcnal,ou=user"), "forbidden");
}

TEST_F(AmStoreIdentity, ALongIdTakesTimeInProportion) {
    std::string id = "id=demo,ou=user";
    for (int level = 0; level < 20000; ++level) {
        id += ",o=a";
    }
    EXPECT_EQ(own("demo", "/a", id), "forbidden");
    EXPECT_EQ(own("demo", "/a", "id=demo" + std::string(100000, ' ') + "x,ou=user,o=a"),
              "forbidden");
    EXPECT_EQ(own("demo", "/a", "id=demo" + std::string(100000, '\\') + ",ou=user,o=a"),
              "forbidden");
}

TEST_F(AmStoreIdentity, NoAdministratorByAnotherKindsName) {
    const std::vector<Administrator> named{{"amadmin", "/", "/"}};
    EXPECT_EQ(other({"amAdmin", "/", "id=amAdmin,ou=user,dc=x"}, named), "done");
    EXPECT_EQ(other({"amAdmin", "/", ""}, named), "done");
    EXPECT_EQ(other({"amAdmin", "/", "id=amAdmin,ou=agent,dc=x"}, named), "forbidden");
    EXPECT_EQ(other({"amAdmin", "/", "id=amAdmin,ou=group,dc=x"}, named), "forbidden");
    EXPECT_EQ(other({"amAdmin", "/", "id=amAdmin,ou=user,o=alpha,ou=services,dc=x"}, named),
              "forbidden");
    EXPECT_EQ(other({"amAdmin", "/", "id=eve,ou=user,dc=x"}, named), "forbidden");
    const std::vector<Administrator> of_alpha{{"amadmin", "/alpha", "/"}};
    EXPECT_EQ(other({"amAdmin", "/alpha", "id=amAdmin,ou=user,o=alpha,ou=services,dc=x"}, of_alpha),
              "done");
    EXPECT_EQ(
        other({"amAdmin", "/alpha", "id=amAdmin,ou=agent,o=alpha,ou=services,dc=x"}, of_alpha),
        "forbidden");
}

TEST_F(AmStoreIdentity, AnAgentMayBeNamedByItsWholeId) {
    const Caller agent{"robot", "/", "id=robot,ou=agent,dc=x"};
    EXPECT_EQ(other(agent, {{"id=robot,ou=agent,dc=x", "", "/beta"}}), "done");
    EXPECT_EQ(other(agent, {{"id=robot,ou=user,dc=x", "", "/beta"}}), "forbidden");
    EXPECT_EQ(other(agent, {{"id=robot,ou=agent", "", "/beta"}}), "forbidden");
}

// Who writes the record says so, and it is not the agent's own device that is reset.
TEST_F(AmStoreIdentity, AnAgentMayBeAdministratorByTheSessionsRecord) {
    log_in({"user", "demo", "realm", "/alpha", "universalId", "id=demo,ou=agent,dc=x", "admin",
            "/alpha"});
    EXPECT_EQ(reset(own_reset()).verdict, "unknown") << "not `no_record`, which is the user's own";
    enrol("mfa:{/alpha/demo}");
    EXPECT_EQ(reset(own_reset()).verdict, "done");
    log_in({"user", "demo", "realm", "/alpha", "universalId", "id=demo,ou=agent,dc=x", "admin",
            "/beta"});
    EXPECT_EQ(reset(own_reset()).verdict, "forbidden");
}

}  // namespace
}  // namespace mfa_reset::test
