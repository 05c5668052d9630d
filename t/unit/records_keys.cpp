// Names to keys: no name can end its segment, and no two users share a key.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "auth/sha256.hpp"
#include "pool_like_memory.hpp"
#include "records/keys.hpp"
#include "records/redis_records.hpp"

namespace mfa_reset::records {
namespace {

using namespace std::literals;

/// Records without a Redis: keys need none.
struct KeysOf final : ClientSource {
    explicit KeysOf(std::string prefix) : settings{.prefix = std::move(prefix)} {}
    redis::Client& client() override { std::abort(); }

    Settings settings;
    RedisRecords records{*this, settings};
};

/// The key of a user's record; names are case-insensitive by default.
std::string record_key(std::string_view realm, std::string_view user,
                       SubjectCase subject_case = SubjectCase::ascii) {
    test::PoolLikeMemory memory;
    const Subject folded{fold(realm, subject_case, memory), fold(user, subject_case, memory)};
    const UserKeys keys = user_keys("mfa:", folded, memory);
    EXPECT_EQ(keys.events, std::string{keys.record} + ":events");
    return std::string{keys.record};
}

TEST(RecordsKeys, FollowTheSchema) {
    test::PoolLikeMemory memory;
    const UserKeys keys = user_keys("mfa:", {"/mysubrealm", "myuser"}, memory);
    EXPECT_EQ(keys.record, "mfa:{/mysubrealm/myuser}");
    EXPECT_EQ(keys.events, "mfa:{/mysubrealm/myuser}:events");
    EXPECT_EQ(record_key("/mySubrealm", "myUser"), "mfa:{/mysubrealm/myuser}");
    EXPECT_EQ(record_key("/", "amAdmin"), "mfa:{/amadmin}");
    EXPECT_EQ(KeysOf("mfa:").records.key("session:", "00ff", memory), "mfa:session:00ff");
    EXPECT_EQ(KeysOf("edge-7/").records.key("session:", "00ff", memory), "edge-7/session:00ff");
    EXPECT_EQ(user_keys("edge-7/", {"/a/b", "c"}, memory).events, "edge-7/{/a/b/c}:events");
    EXPECT_EQ(user_keys("", {"/", "c"}, memory).record, "{/c}");
}

TEST(RecordsKeys, SessionOfAToken) {
    auth::Sha256 sha256;
    const auto hex = sha256.hex("abc");
    test::PoolLikeMemory memory;
    EXPECT_EQ(KeysOf("mfa:").records.token_key(kSession, "abc", memory),
              "mfa:session:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const auto of_nothing = sha256.hex("");
    EXPECT_EQ(std::string_view(of_nothing.data(), 8), "e3b0c442");
    const auto of_nul = sha256.hex("\0"s);
    EXPECT_EQ(std::string_view(of_nul.data(), 8), "6e340b9c");
    EXPECT_EQ(sha256.hex("abc"), hex) << "nothing is left of what was hashed before";
}

TEST(RecordsKeys, NamesThatTryToBreakOut) {
    const struct {
        std::string realm;
        std::string user;
        std::string key;
    } table[] = {
        {"/", "a}b", "mfa:{/a%7Db}"},
        {"/", "{", "mfa:{/%7B}"},
        {"/", "}:events", "mfa:{/%7D%3Aevents}"},
        {"/", "x}{/amadmin", "mfa:{/x%7D%7B%2Famadmin}"},
        {"/", "alpha/demo", "mfa:{/alpha%2Fdemo}"},
        {"/alpha", "demo", "mfa:{/alpha/demo}"},
        {"/alpha", "eu/demo", "mfa:{/alpha/eu%2Fdemo}"},
        {"/alpha/eu", "demo", "mfa:{/alpha/eu/demo}"},
        {"/", "..", "mfa:{/..}"},
        {"/", "%", "mfa:{/%25}"},
        {"/", "%2F", "mfa:{/%252f}"},
        {"/", "%7D", "mfa:{/%257d}"},
        {"/", "\0"s, "mfa:{/%00}"},
        {"/", "a\0b"s, "mfa:{/a%00b}"},
        {"/", "a\r\nFLUSHALL", "mfa:{/a%0D%0Aflushall}"},
        {"/", " *?[x]", "mfa:{/%20%2A%3F%5Bx%5D}"},
        {"/", "\xc3\x9cNAL\xc3\x9c", "mfa:{/%C3%9Cnal%C3%9C}"},
        {"/", "\xff\xfe", "mfa:{/%FF%FE}"},
        {"/", "\xc3", "mfa:{/%C3}"},
        {"/", "\x7f\x80", "mfa:{/%7F%80}"},
        {"/", "id=demo,ou=user", "mfa:{/id%3Ddemo%2Cou%3Duser}"},
        {"/a}b/{c", "d", "mfa:{/a%7Db/%7Bc/d}"},
        {"/%/\0"s, "d", "mfa:{/%25/%00/d}"},
        {"/", "AZaz09._~@+-", "mfa:{/azaz09._~@+-}"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(record_key(row.realm, row.user), row.key) << row.realm << " " << row.user;
    }
}

TEST(RecordsKeys, LongNames) {
    EXPECT_EQ(record_key("/", std::string(4096, 'a')), "mfa:{/" + std::string(4096, 'a') + "}");
    std::string encoded;
    for (int i = 0; i < 4096; ++i) {
        encoded += "%7D";
    }
    const std::string braces(4096, '}');
    EXPECT_EQ(record_key("/", braces), "mfa:{/" + encoded + "}");
    EXPECT_EQ(record_key("/" + braces + "/" + braces, braces),
              "mfa:{/" + encoded + "/" + encoded + "/" + encoded + "}");
}

TEST(RecordsKeys, OnlyPlainCharactersStayAsTheyAre) {
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@+-";
    for (int byte = 0; byte < 256; ++byte) {
        const char character = static_cast<char>(byte);
        test::PoolLikeMemory memory;
        format::Text out(memory);
        append_encoded(out, {&character, 1});
        char expected[4];
        std::snprintf(expected, sizeof(expected), "%%%02X", static_cast<unsigned>(byte));
        EXPECT_EQ(out.view(), kPlain.find(character) != std::string_view::npos
                                  ? std::string_view(&character, 1)
                                  : std::string_view(expected))
            << byte;
    }
}

TEST(RecordsKeys, Folding) {
    test::PoolLikeMemory memory;
    std::string all;
    std::string folded;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        folded += static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
    }
    EXPECT_EQ(fold(all, SubjectCase::ascii, memory), folded);
    EXPECT_EQ(fold(all, SubjectCase::exact, memory), all);
    EXPECT_EQ(fold("", SubjectCase::ascii, memory), "");
    const std::string umlauts =
        "\xc3\x84\xc3\x96";  // A and O with dots, which lower case would change
    EXPECT_EQ(fold(umlauts, SubjectCase::ascii, memory), umlauts);
    EXPECT_EQ(record_key("/Alpha", "Demo", SubjectCase::exact), "mfa:{/Alpha/Demo}");
}

TEST(RecordsKeys, WithoutMemory) {
    test::PoolLikeMemory none;
    none.fail_after(0);
    EXPECT_THROW(user_keys("mfa:", {"/", "demo"}, none), std::bad_alloc);
    EXPECT_THROW(fold("Demo", SubjectCase::ascii, none), std::bad_alloc);
    EXPECT_THROW(KeysOf("mfa:").records.key("session:", "00ff", none), std::bad_alloc);
}

/// A name of the characters that matter, or of any.
std::string random_name(std::minstd_rand& random) {
    constexpr std::string_view kTricky = "{}/%:aA2Ff7dD\0\xc3"sv;
    std::string name;
    const auto size = 1 + random() % 4;
    for (std::uint_fast32_t i = 0; i < size; ++i) {
        name += random() % 8 == 0 ? static_cast<char>(random() % 256)
                                  : kTricky[random() % kTricky.size()];
    }
    return name;
}

std::string without_slashes(std::string name) {
    for (char& c : name) {
        c = c == '/' ? '_' : c;
    }
    return name;
}

TEST(RecordsKeys, DistinctUsersHaveDistinctKeys) {
    std::minstd_rand random(7);
    std::map<std::string, std::pair<std::string, std::string>> seen;
    for (int i = 0; i < 50'000; ++i) {
        std::string realm = "/";
        for (auto depth = random() % 3; depth > 0; --depth) {
            realm += (realm.size() > 1 ? "/" : "") + without_slashes(random_name(random));
        }
        const std::string user = random_name(random);
        const std::string key = record_key(realm, user, SubjectCase::exact);
        const auto [entry, is_new] = seen.try_emplace(key, realm, user);
        ASSERT_TRUE(is_new || entry->second == std::pair(realm, user)) << key;
        ASSERT_EQ(key.find('{'), 4U) << key;
        ASSERT_EQ(key.rfind('{'), 4U) << key;
        ASSERT_EQ(key.find('}'), key.size() - 1) << "one hash tag, to its end: " << key;
    }
    EXPECT_GT(seen.size(), 20'000U);
}

}  // namespace
}  // namespace mfa_reset::records
