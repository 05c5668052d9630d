// Who may reset whom: the rule, as a table, through the script on a real redis-server.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "am_store_scene.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::literals;

enum class Self { may, may_not };

struct Rule {
    const char* name;
    Words session;  ///< fields; none: no session at all
    std::string realm;
    std::string user;
    std::string verdict;
    Self self = Self::may;
    SubjectCase subject_case = SubjectCase::ascii;
};

class AmStoreRule : public AmStoreScene {
protected:
    /// Every rule with a record for the target and without, acting and only deciding.
    void expect(const std::vector<Rule>& rules);

private:
    void expect_with_record(const Rule& rule, Order order);
    void expect_without_record(const Rule& rule, Order order);
    void expect_decision(const Rule& rule, Order order);
};

constexpr auto kExact = SubjectCase::exact;

Words session_of(std::string user, std::string realm, std::string admin = "none") {
    Words fields{"user", std::move(user), "realm", std::move(realm)};
    if (admin != "none") {
        fields.insert(fields.end(), {"admin", std::move(admin)});
    }
    return fields;
}

/// The target's key, by the schema; names in these tables need no encoding, unless they say so.
std::string key_of(const Rule& rule) {
    std::string key = "mfa:{" + (rule.realm == "/" ? "" : rule.realm) + "/" + rule.user + "}";
    if (rule.subject_case == SubjectCase::ascii) {
        for (char& c : key) {
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
    }
    return key;
}

void AmStoreRule::expect_with_record(const Rule& rule, Order order) {
    enrol(key_of(rule));
    const auto before = snapshot();
    const ResetResult result = reset(order);
    EXPECT_EQ(result.verdict, rule.verdict);
    EXPECT_EQ(snapshot() == before, rule.verdict != "done");
    EXPECT_EQ(result.caller_user, rule.verdict == "unauthenticated" ? "" : rule.session.at(1));
    EXPECT_EQ(result.caller_realm, rule.verdict == "unauthenticated" ? "" : rule.session.at(3));
}

/// Whether the target exists is nothing that a stranger learns.
void AmStoreRule::expect_without_record(const Rule& rule, Order order) {
    redis({"DEL", key_of(rule), key_of(rule) + ":events"});
    const auto before = snapshot();
    const std::string verdict = reset(order).verdict;
    if (rule.verdict == "done") {
        EXPECT_TRUE(verdict == "no_record" || verdict == "unknown") << verdict;
    } else {
        EXPECT_EQ(verdict, rule.verdict);
    }
    EXPECT_EQ(snapshot(), before);
    order.act = Act::decide;
    EXPECT_EQ(reset(order).verdict, rule.verdict) << "only deciding, without a record";
    EXPECT_EQ(snapshot(), before);
}

void AmStoreRule::expect_decision(const Rule& rule, Order order) {
    enrol(key_of(rule));
    const auto before = snapshot();
    order.act = Act::decide;
    EXPECT_EQ(reset(order).verdict, rule.verdict) << "only deciding";
    EXPECT_EQ(snapshot(), before);
}

void AmStoreRule::expect(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
        SCOPED_TRACE(rule.name);
        redis({"FLUSHALL"});
        if (!rule.session.empty()) {
            log_in(rule.session);
        }
        Order order = own_reset();
        order.target = {rule.realm, rule.user};
        order.self_allowed = rule.self == Self::may;
        order.subject_case = rule.subject_case;
        expect_with_record(rule, order);
        expect_without_record(rule, order);
        expect_decision(rule, order);
    }
}

TEST_F(AmStoreRule, TheUser) {
    expect({
        {"in the own realm", session_of("demo", "/alpha"), "/alpha", "demo", "done"},
        {"in the top level realm", session_of("demo", "/"), "/", "demo", "done"},
        {"in a realm below", session_of("demo", "/alpha/eu"), "/alpha/eu", "demo", "done"},
        {"where it is off", session_of("demo", "/alpha"), "/alpha", "demo", "forbidden",
         Self::may_not},
        {"of the name in another realm", session_of("demo", "/alpha"), "/beta", "demo",
         "forbidden"},
        {"of the name in the realm below", session_of("demo", "/alpha"), "/alpha/eu", "demo",
         "forbidden"},
        {"of the name in the realm above", session_of("demo", "/alpha/eu"), "/alpha", "demo",
         "forbidden"},
        {"of the name, top level", session_of("demo", "/"), "/alpha", "demo", "forbidden"},
        {"another", session_of("demo", "/alpha"), "/alpha", "eve", "forbidden"},
        {"a longer name", session_of("demo", "/alpha"), "/alpha", "demo2", "forbidden"},
        {"a pattern", session_of("*", "/alpha"), "/alpha", "demo", "forbidden"},
        {"a Lua pattern", session_of("....", "/alpha"), "/alpha", "demo", "forbidden"},
        {"a Lua capture", session_of("%1", "/alpha"), "/alpha", "demo", "forbidden"},
        {"a realm in the name", session_of("alpha/demo", "/"), "/alpha", "demo", "forbidden"},
        {"a name without a name", session_of("", "/alpha"), "/alpha", "demo", "forbidden"},
    });
}

TEST_F(AmStoreRule, Administrators) {
    const auto of = [](const char* admin) { return session_of("root", "/ops", admin); };
    expect({
        {"of / over /", of("/"), "/", "demo", "done"},
        {"of / over a realm", of("/"), "/alpha", "demo", "done"},
        {"of / over a realm below", of("/"), "/alpha/eu", "demo", "done"},
        {"of /alpha over it", of("/alpha"), "/alpha", "demo", "done"},
        {"of /alpha over /alpha/eu", of("/alpha"), "/alpha/eu", "demo", "done"},
        {"of /alpha over /alpha/eu/west", of("/alpha"), "/alpha/eu/west", "demo", "done"},
        {"of /alpha over /alphabet", of("/alpha"), "/alphabet", "demo", "forbidden"},
        {"of /alpha over /alphabet/eu", of("/alpha"), "/alphabet/eu", "demo", "forbidden"},
        {"of /alpha over /", of("/alpha"), "/", "demo", "forbidden"},
        {"of /alpha over /beta", of("/alpha"), "/beta", "demo", "forbidden"},
        {"of /alpha over /beta/alpha", of("/alpha"), "/beta/alpha", "demo", "forbidden"},
        {"of /alpha/eu over /alpha", of("/alpha/eu"), "/alpha", "demo", "forbidden"},
        {"of /al", of("/al"), "/alpha", "demo", "forbidden"},
        {"with a slash at the end", of("/alpha/"), "/alpha", "demo", "forbidden"},
        {"with a slash at the end, below", of("/alpha/"), "/alpha/eu", "demo", "forbidden"},
        {"empty", of(""), "/alpha", "demo", "forbidden"},
        {"empty, over /", of(""), "/", "demo", "forbidden"},
        {"without a slash", of("alpha"), "/alpha", "demo", "forbidden"},
        {"two slashes", of("//"), "/alpha", "demo", "forbidden"},
        {"a blank", of(" "), "/alpha", "demo", "forbidden"},
        {"a pattern", of("/a.*"), "/alpha", "demo", "forbidden"},
        {"the word true", of("true"), "/alpha", "demo", "forbidden"},
        {"where users may not", of("/alpha"), "/alpha", "demo", "done", Self::may_not},
        {"whose own realm it is not", session_of("root", "/alpha", "/beta"), "/alpha", "demo",
         "forbidden"},
        {"and the user at once", session_of("demo", "/alpha", "/"), "/alpha", "demo", "done"},
        {"and the user, of another realm", session_of("demo", "/alpha", "/beta"), "/alpha", "demo",
         "done"},
        {"and the user, who may not", session_of("demo", "/alpha", "/"), "/alpha", "demo", "done",
         Self::may_not},
    });
}

TEST_F(AmStoreRule, Sessions) {
    expect({
        {"none", {}, "/alpha", "demo", "unauthenticated"},
        {"without a user", {"realm", "/alpha", "admin", "/"}, "/alpha", "demo", "unauthenticated"},
        {"without a realm", {"user", "demo", "admin", "/"}, "/alpha", "demo", "unauthenticated"},
        {"with neither", {"admin", "/"}, "/alpha", "demo", "unauthenticated"},
        {"with more", {"user", "demo", "realm", "/alpha", "x", "y"}, "/alpha", "demo", "done"},
    });
}

TEST_F(AmStoreRule, Case) {
    const std::string upper = "\xc3\x9cNAL";
    const std::string lower = "\xc3\xbcnal";
    expect({
        {"of the target", session_of("demo", "/alpha"), "/ALPHA", "DeMo", "done"},
        {"of the caller", session_of("DEMO", "/Alpha"), "/alpha", "demo", "done"},
        {"of both", session_of("dEMO", "/aLPHA"), "/AlPhA", "DeMo", "done"},
        {"of the realm administered", session_of("a", "/", "/ALPHA"), "/alpha/Eu", "demo", "done"},
        {"exact: the same", session_of("Demo", "/Alpha"), "/Alpha", "Demo", "done", Self::may,
         kExact},
        {"exact: the user", session_of("demo", "/Alpha"), "/Alpha", "Demo", "forbidden", Self::may,
         kExact},
        {"exact: the target", session_of("Demo", "/Alpha"), "/Alpha", "demo", "forbidden",
         Self::may, kExact},
        {"exact: the realm", session_of("Demo", "/alpha"), "/Alpha", "Demo", "forbidden", Self::may,
         kExact},
        {"exact: administered", session_of("a", "/", "/Alpha"), "/Alpha/x", "b", "done", Self::may,
         kExact},
        {"exact: not administered", session_of("a", "/", "/ALPHA"), "/Alpha", "b", "forbidden",
         Self::may, kExact},
    });
    // A and U with dots are no letters here: what is outside of A-Z stays, in the name and in the
    // rule.
    log_in(session_of(upper, "/"));
    Order order = own_reset();
    order.target = {"/", lower};
    EXPECT_EQ(reset(order).verdict, "forbidden");
    order.target = {"/", upper};
    EXPECT_EQ(reset(order).verdict, "no_record");
}

TEST_F(AmStoreRule, NamesOfAnyBytes) {
    const struct {
        std::string user;
        std::string realm;
        const char* key;
    } table[] = {
        {"a}b{c", "/", "mfa:{/a%7Db%7Bc}"},         {"x\1y", "/alpha", "mfa:{/alpha/x%01y}"},
        {"alpha/demo", "/", "mfa:{/alpha%2Fdemo}"}, {"\xff\xfe\r\n", "/", "mfa:{/%FF%FE%0D%0A}"},
        {"%2e", "/a}/%", "mfa:{/a%7D/%25/%252e}"},  {std::string(4096, '}'), "/", nullptr},
    };
    for (const auto& row : table) {
        log_in(session_of(row.user, row.realm));
        std::string key = "mfa:{/";
        for (std::size_t i = 0; row.key == nullptr && i < row.user.size(); ++i) {
            key += "%7D";
        }
        key += '}';
        if (row.key != nullptr) {
            key = row.key;
        }
        enrol(key);
        Order order = own_reset();
        order.target = {row.realm, row.user};
        const ResetResult result = reset(order);
        EXPECT_EQ(result.verdict, "done") << key;
        EXPECT_EQ(result.caller_user, row.user) << key;
        EXPECT_EQ(result.caller_realm, row.realm) << key;
        EXPECT_EQ(redis({"HGET", key, "oath2faEnabled"}), "\"0\"") << key;
        EXPECT_EQ(redis({"XLEN", key + ":events"}), ":1") << key;
    }
}

TEST_F(AmStoreRule, EventsTellUserAndRealmApart) {
    for (const auto& [user, realm, caller] :
         std::vector<std::array<std::string, 3>>{{"demo", "/alpha/eu", "/alpha/eu/demo"},
                                                 {"eu/demo", "/alpha", "/alpha/eu%2Fdemo"},
                                                 {"eu%2Fdemo", "/", "/eu%252Fdemo"}}) {
        log_in(session_of(user, realm, "/"));
        enrol("mfa:{/alpha/demo}");
        ASSERT_EQ(reset(own_reset()).verdict, "done");
        const std::string event =
            redis({"XREVRANGE", "mfa:{/alpha/demo}:events", "+", "-", "COUNT", "1"});
        EXPECT_NE(event.find("\"caller\" \"" + caller + "\""), std::string::npos) << event;
    }
}

// A session with such a name is nobody's: what follows the NUL would pass for another name.
TEST_F(AmStoreRule, NamesWithNul) {
    const Words sessions[] = {
        session_of("root\0/\0id=demo"s, "/", "/"),
        session_of("root", "/\0/alpha"s, "/"),
        session_of("\0"s, "/", "/"),
    };
    enrol("mfa:{/alpha/demo}");
    for (const Words& session : sessions) {
        log_in(session);
        const auto before = snapshot();
        EXPECT_EQ(reset(own_reset()).verdict, "unauthenticated") << session.at(1);
        EXPECT_EQ(snapshot(), before) << session.at(1);
    }
    log_in({"user", "root", "realm", "/alpha", "universalId", "id=\0\0\0demo"s, "admin", "/"});
    const ResetResult result = reset(own_reset());
    EXPECT_EQ(result.verdict, "done");
    EXPECT_EQ(result.caller_user, "root");
    EXPECT_EQ(result.caller_realm, "/alpha");
    EXPECT_EQ(result.caller_universal_id, "id=\0\0\0demo"s);
}

TEST_F(AmStoreRule, WhoHasNoRecord) {
    log_in(session_of("demo", "/alpha"));
    EXPECT_EQ(reset(own_reset()).verdict, "no_record");
    log_in(session_of("root", "/", "/alpha"));
    EXPECT_EQ(reset(own_reset()).verdict, "unknown");
    log_in(session_of("demo", "/alpha", "/alpha"));
    EXPECT_EQ(reset(own_reset()).verdict, "no_record") << "as the user first";
    Order order = own_reset();
    order.self_allowed = false;
    EXPECT_EQ(reset(order).verdict, "unknown");
    // A record without a uid is nobody's: a user is known when that field is there.
    redis({"HSET", "mfa:{/alpha/demo}", "challenge:ChallengeSMS", "3"});
    EXPECT_EQ(reset(own_reset()).verdict, "no_record");
    EXPECT_EQ(redis({"HGETALL", "mfa:{/alpha/demo}"}), "[\"challenge:ChallengeSMS\" \"3\"]");
}

TEST_F(AmStoreRule, UniversalId) {
    log_in({"user", "demo", "realm", "/alpha", "universalId", "id=demo,ou=user,o=alpha"});
    EXPECT_EQ(reset(own_reset()).caller_universal_id, "id=demo,ou=user,o=alpha");
    Order order = own_reset();
    order.target.user = "eve";
    const ResetResult refused = reset(order);
    EXPECT_EQ(refused.verdict, "forbidden");
    EXPECT_EQ(refused.caller_universal_id, "id=demo,ou=user,o=alpha");
    order.act = Act::decide;
    EXPECT_EQ(reset(order).caller_universal_id, "id=demo,ou=user,o=alpha");
    log_in(session_of("demo", "/alpha"));
    EXPECT_EQ(reset(own_reset()).caller_universal_id, "");
}

TEST_F(AmStoreRule, SessionThatEnds) {
    enrol("mfa:{/alpha/demo}");
    log_in(session_of("demo", "/alpha"));
    redis({"PEXPIRE", kSessionKey, "60000"});
    EXPECT_EQ(reset(own_reset()).verdict, "done");
    EXPECT_NE(redis({"PTTL", kSessionKey}), ":-1") << "it lives no longer for being used";
    redis({"PEXPIREAT", kSessionKey, "1"});
    EXPECT_EQ(reset(own_reset()).verdict, "unauthenticated");
    log_in(session_of("demo", "/alpha"));
    Order order = own_reset();
    for (const std::string_view token : {"", "abd", "abc ", "\"abc\"", "ABC"}) {
        order.token = token;
        EXPECT_EQ(reset(order).verdict, "unauthenticated") << token;
    }
}

}  // namespace
}  // namespace mfa_reset::test
