// Universal ids: who is meant, in which realm, and what only looks like one.
#include <gtest/gtest.h>

#include <string>

#include "am/universal_id.hpp"
#include "am_edge.hpp"

namespace mfa_reset::am {
namespace {

std::string read(std::string_view name) {
    test::RequestMemory memory;
    const auto id = parse_universal_id(name, memory);
    return id ? std::string(id->user) + " of " + std::string(id->realm) : "plain";
}

TEST(AmUniversalId, UserAndRealm) {
    struct Case {
        std::string_view name;
        std::string_view read;
    };
    for (const auto& [name, expected] : {
             Case{"id=demo,ou=user,o=eu,o=alpha,ou=services,dc=example,dc=com",
                  "demo of /alpha/eu"},
             Case{"id=demo,ou=user,o=alpha,ou=services,dc=openam", "demo of /alpha"},
             Case{"id=amAdmin,ou=user,dc=example,dc=com", "amAdmin of /"},
             Case{"id=amAdmin,ou=user,ou=services,o=base", "amAdmin of /"},
             Case{"id=demo,ou=user", "demo of /"},
             Case{"ID=demo,OU=User,O=alpha,ou=services", "demo of /alpha"},
             Case{"id=demo, ou=user, o=alpha, ou=services", "demo of /alpha"},
             Case{R"(id=a\,b,ou=user,o=x\,y)", "a,b of /x,y"},
             Case{R"(id=a\2Cb\\c,ou=user)", R"(a,b\c of /)"},
             Case{R"(id=J\C3\B6rg,ou=user)", "J\xC3\xB6rg of /"},
             Case{"id=a=b,ou=user", "a=b of /"},
             Case{"demo", "plain"},
             Case{"", "plain"},
             Case{"id=demo", "plain"},
             Case{"id=demo,o=alpha", "plain"},
             Case{"id=staff,ou=group,o=alpha", "plain"},
             Case{"id=,ou=user,o=alpha", "plain"},
             Case{"uid=demo,ou=user,o=alpha", "plain"},
             Case{R"(id=demo\,ou=user,o=alpha)", "plain"},
             Case{"id=demo,ou=user,o=", "plain"},
             Case{"id=demo,ou=user,o=a/b", "plain"},
             Case{R"(id=demo,ou=user,o=a\2Fb)", "plain"},
             Case{R"(id=a\00,ou=user)", "plain"},
             Case{R"(id=a\FF,ou=user)", "plain"},
             Case{R"(id=demo\)", "plain"},
         }) {
        EXPECT_EQ(read(name), expected) << name;
    }
}

TEST(AmUniversalId, ManyRealmsTakeMemoryInProportion) {
    std::string name = "id=demo,ou=user";
    for (int level = 0; level < 2000; ++level) {
        name += ",o=a";
    }
    test::RequestMemory memory;
    EXPECT_EQ(parse_universal_id(name, memory)->realm.size(), 4000U);
    EXPECT_LT(memory.bytes(), 4 * name.size());
}

}  // namespace
}  // namespace mfa_reset::am
