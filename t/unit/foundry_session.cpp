// Sessions as ServiceStack writes them.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "fakes.hpp"
#include "format/utf8.hpp"
#include "foundry/session.hpp"

namespace mfa_reset::foundry {
namespace {

using namespace std::string_literals;

constexpr std::string_view kSession =
    R"({"__type":"ServiceStack.AuthUserSession, ServiceStack","id":"aXujm6JBEWMtZW8Fuo1f",)"
    R"("userAuthId":"1","userAuthName":"alice","userName":"alice","displayName":"Alice",)"
    R"("email":"alice@example.com","createdAt":"\/Date(1795379552240)\/",)"
    R"("lastModified":"\/Date(1795379552310)\/","roles":["Admin"],"permissions":["reset2fa"],)"
    R"("isAuthenticated":true,"fromToken":false,"tag":0,"authProvider":"credentials",)"
    R"("providerOAuthAccess":[]})";

/// `id roles permissions`, or `nobody`.
std::string who(std::string_view json) {
    test::RequestMemory memory;
    const auto principal = parse_session(json, {}, memory);
    if (!principal) {
        return "nobody";
    }
    std::string line(principal->id);
    for (const auto& list : {principal->roles, principal->permissions}) {
        line += " ";
        for (const auto text : list) {
            line.append(text) += ";";
        }
    }
    return line;
}

TEST(FoundrySession, ReadsTheContractsExample) {
    test::RequestMemory memory;
    const auto principal = parse_session(kSession, {}, memory);
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->id, "1");
    EXPECT_TRUE(principal->has_role("Admin"));
    EXPECT_FALSE(principal->has_role("admin"));
    EXPECT_TRUE(principal->has_permission("reset2fa"));
    EXPECT_FALSE(principal->has_permission("Admin"));
    EXPECT_EQ(principal->find_text("EMAIL"), "alice@example.com");
    EXPECT_EQ(principal->find_text("createdAt"), "/Date(1795379552240)/");
    EXPECT_EQ(principal->find_text("organisationId"), std::nullopt);
    EXPECT_TRUE(principal->is_nested("providerOAuthAccess"));
    EXPECT_FALSE(principal->is_nested("organisationId"));
}

TEST(FoundrySession, NamesInAnyCaseAndAnyType) {
    EXPECT_EQ(who(R"({"UserAuthId":"u-42","Roles":["A","B"],"PERMISSIONS":["p"],)"
                  R"("ISAUTHENTICATED":true,"__type":"My.Session, My"})"),
              "u-42 A;B; p;");
    EXPECT_EQ(who(R"({"userauthid":7,"isauthenticated":true})"), "7  ");
    EXPECT_EQ(who(R"({"userAuthId":"u","isAuthenticated":true,"roles":null,"permissions":{}})"),
              "u  ");
    EXPECT_EQ(who(R"({"userAuthId":"u","isAuthenticated":true,"roles":["A",1,null,["B"]]})"),
              "u A; ");
}

TEST(FoundrySession, NobodyWithoutAuthentication) {
    EXPECT_EQ(who(R"({"userAuthId":"u"})"), "nobody");
    for (const auto* const value : {"false", "null", "\"true\"", "1", "[true]", "{}"}) {
        EXPECT_EQ(who(R"({"userAuthId":"u","isAuthenticated":)"s + value + "}"), "nobody") << value;
        EXPECT_EQ(
            who(R"({"userAuthId":"u","isAuthenticated":true,"IsAuthenticated":)"s + value + "}"),
            "nobody")
            << value;
    }
    for (const auto* const value : {"\"\"", "null", "[]", "{}", "1.5"}) {
        EXPECT_EQ(who(R"({"isAuthenticated":true,"userAuthId":)"s + value + "}"), "nobody")
            << value;
    }
    EXPECT_EQ(who(R"({"isAuthenticated":true,"id":"u","userName":"u"})"), "nobody");
    EXPECT_EQ(who(R"({"meta":{"isAuthenticated":true},"userAuthId":"u"})"), "nobody");
}

TEST(FoundrySession, NobodyWhereItCannotBeRead) {
    const std::string session(kSession);
    for (std::size_t size = 0; size < session.size(); ++size) {
        EXPECT_EQ(who(session.substr(0, size)), "nobody");
    }
    for (const std::string& json :
         {"[]"s, "null"s, "\"u\""s, "[" + session + "]", session + "x", session + session,
          R"({"userAuthId":"u","isAuthenticated":true,"x":)" + std::string(40, '[') +
              std::string(40, ']') + "}",
          R"({"userAuthId":"u","isAuthenticated":true,"x":)" + std::string(100000, '['),
          "{\"userAuthId\":\"\xFF\",\"isAuthenticated\":true}"s,
          session.substr(0, session.size() - 1) + std::string(256UL * 1024, ' ') + "}"}) {
        EXPECT_EQ(who(json), "nobody") << json.substr(0, 100);
    }
}

TEST(FoundrySession, ANulElsewhereLocksNobodyOut) {
    EXPECT_EQ(who(R"({"userAuthId":"u","isAuthenticated":true,"displayName":"a\u0000b"})"), "u  ");
}

TEST(FoundrySession, AtRandom) {
    std::mt19937 random(64);
    constexpr std::string_view kAlphabet = "{}[]\",:\\u0e1tfn \xC3";
    for (int round = 0; round < 20000; ++round) {
        std::string json(kSession);
        for (int edits = 0; edits < 4; ++edits) {
            json[random() % json.size()] = kAlphabet[random() % kAlphabet.size()];
        }
        EXPECT_TRUE(format::is_utf8(who(json)));
    }
}

TEST(FoundrySession, Ids) {
    for (const std::string& id :
         {"a"s, "aXujm6JBEWMtZW8Fuo1f"s, "AZaz09+/=_-"s, std::string(128, 'x')}) {
        EXPECT_TRUE(is_session_id(id)) << id;
    }
    for (const std::string& id :
         {""s, std::string(129, 'x'), "a b"s, "a:b"s, "a\n"s, "a*"s, "a."s, "{a}"s, "\xC3\xB6"s,
          std::string(1, '\0'), "a,b"s, "@"s, "["s, "`"s}) {
        EXPECT_FALSE(is_session_id(id)) << id;
    }
}

}  // namespace
}  // namespace mfa_reset::foundry
