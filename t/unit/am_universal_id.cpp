// Universal ids: who is meant, in which realm, and what only looks like one.
#include <gtest/gtest.h>

#include <string>

#include "am/universal_id.hpp"
#include "am_edge.hpp"
#include "universal_ids.hpp"

namespace mfa_reset::am {
namespace {

TEST(AmUniversalId, UserAndRealm) {
    for (const auto& [name, user, realm] : test::kUniversalIds) {
        test::RequestMemory memory;
        const auto id = parse_universal_id(name, memory);
        EXPECT_EQ(id ? id->user : "", user) << name;
        EXPECT_EQ(id ? id->realm : "", realm) << name;
    }
}

TEST(AmUniversalId, NamesAreUtf8) {
    test::RequestMemory memory;
    EXPECT_FALSE(parse_universal_id(R"(id=a\FF,ou=user)", memory));
    EXPECT_FALSE(parse_universal_id("", memory));
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
