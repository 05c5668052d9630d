// The realms that a configuration lists: what is taken, what is refused, what is found; and which
// realm a path means then.
#include <gtest/gtest.h>

#include <string>

#include "am/path.hpp"
#include "am/realms.hpp"
#include "am_edge.hpp"

namespace mfa_reset::am {
namespace {

/// A list that is taken, or a failed test.
Realms list(std::initializer_list<std::initializer_list<std::string_view>> lines) {
    Realms realms;
    for (const auto& line : lines) {
        bool first = true;
        for (const std::string_view word : line) {
            const char* const refusal = first ? realms.add(word) : realms.add_alias(word);
            EXPECT_STREQ(refusal, nullptr) << word;
            first = false;
        }
    }
    return realms;
}

TEST(AmRealms, NothingIsListedUntilSomethingIs) {
    Realms realms;
    EXPECT_FALSE(realms.listed());
    EXPECT_STREQ(realms.add("/"), nullptr);
    EXPECT_TRUE(realms.listed());
}

TEST(AmRealms, PathsThatAreNone) {
    for (const std::string_view path : {"", "alpha", "//", "/alpha/", "//alpha", "/a//b", "/.",
                                        "/a/..", "/a\nb", "/\xFF", "/a/\x7F"}) {
        Realms realms;
        EXPECT_NE(realms.add(path), nullptr) << path;
        EXPECT_FALSE(realms.listed());
    }
    Realms realms;
    EXPECT_NE(realms.add({"/a\0b", 4}), nullptr);
}

TEST(AmRealms, AliasesThatAreNone) {
    for (const std::string_view alias : {"", "a/b", "/", ".", "..", "Root", "a\tb", "\xC3"}) {
        Realms realms = list({{"/alpha"}});
        EXPECT_NE(realms.add_alias(alias), nullptr) << alias;
        EXPECT_FALSE(realms.find_short(alias));
    }
}

TEST(AmRealms, WhatIsInARealmIsItselfAndBelowIt) {
    const Realms realms = list({{"/alpha"}, {"/beta/eu"}});
    for (const std::string_view path : {"/", "/alpha", "/ALPHA", "/beta", "/Beta/EU"}) {
        EXPECT_TRUE(realms.has_any_in(path)) << path;
    }
    for (const std::string_view path : {"/alph", "/alphabet", "/alpha/eu", "/beta/e", "/gamma"}) {
        EXPECT_FALSE(realms.has_any_in(path)) << path;
    }
}

TEST(AmRealms, NothingTwice) {
    EXPECT_NE(list({{"/alpha"}}).add("/ALPHA"), nullptr);
    EXPECT_NE(list({{"/"}}).add("/"), nullptr);
    EXPECT_NE(list({{"/alpha", "x"}}).add_alias("X"), nullptr);
    EXPECT_NE(list({{"/alpha", "x"}, {"/beta"}}).add_alias("x"), nullptr);
    EXPECT_NE(list({{"/alpha"}, {"/beta"}}).add_alias("alpha"), nullptr);
    EXPECT_NE(list({{"/alpha", "beta"}}).add("/a/BETA"), nullptr);
    EXPECT_STREQ(list({{"/alpha"}}).add_alias("alpha"), nullptr);
    EXPECT_STREQ(list({{"/alpha", "eu"}}).add("/eu/x"), nullptr);
}

TEST(AmRealms, FoundByPathWithoutCase) {
    const Realms realms = list({{"/Alpha"}, {"/alpha/eu", "europe"}, {"/\xC3\xA4"}});
    EXPECT_EQ(realms.find("/ALPHA"), "/Alpha");
    EXPECT_EQ(realms.find("/alpha/EU"), "/alpha/eu");
    EXPECT_EQ(realms.find("/"), "/");
    for (const std::string_view path :
         {"", "alpha", "/alph", "/alphabet", "/alpha/", "/eu", "/europe", "/\xC3\x84"}) {
        EXPECT_FALSE(realms.find(path)) << path;
    }
}

TEST(AmRealms, FoundByAliasOrUniqueLastName) {
    const Realms realms = list({{"/", "top"},
                                {"/a/eu"},
                                {"/b/eu", "europe", "e"},
                                {"/b/us"},
                                {"/c/us"},
                                {"/d/us"},
                                {"/x"}});
    EXPECT_EQ(realms.find_short("TOP"), "/");
    EXPECT_EQ(realms.find_short("Europe"), "/b/eu");
    EXPECT_EQ(realms.find_short("e"), "/b/eu");
    EXPECT_EQ(realms.find_short("X"), "/x");
    for (const std::string_view name : {"", "eu", "us", "a", "b/eu", "/x", "/"}) {
        EXPECT_FALSE(realms.find_short(name)) << name;
    }
}

TEST(AmRealms, AnAliasMayTellTwoLastNamesApart) {
    EXPECT_EQ(list({{"/a/eu", "eu"}, {"/b/eu"}}).find_short("eu"), "/a/eu");
    EXPECT_EQ(list({{"/a/eu"}, {"/b/eu", "EU"}}).find_short("eu"), "/b/eu");
    EXPECT_NE(list({{"/a/eu", "eu"}, {"/b/eu"}}).add_alias("eu"), nullptr);
}

/// What of the old form is the realm, and what is left.
std::string old_form(std::string_view path, const Realms& realms) {
    test::RequestMemory memory;
    const Path read = parse_path(path, memory, {realms});
    return std::string(read.realm.path) + (read.realm.well_formed ? " " : "! ") +
           std::string(read.user) + " " + std::string(read.resource);
}

TEST(AmRealms, ARealmMayBeCalledUsersInTheOldForm) {
    const Realms realms = list({{"/users"}, {"/a/users/users"}});
    constexpr std::string_view kNone = "users/users/demo/devices/2fa/oath";
    EXPECT_EQ(old_form("/json/users/users/demo/devices/2fa/oath", realms), "/users demo ");
    EXPECT_EQ(old_form("/json/users/demo/devices/2fa/oath", realms), "/ demo ");
    EXPECT_EQ(old_form("/json/users/USERS/devices/2fa/oath", realms), "/ USERS ");
    EXPECT_EQ(old_form("/json/a/users/users/users/demo/devices/2fa/oath", realms),
              "/a/users/users demo ");
    EXPECT_EQ(old_form("/json/a/users/users/demo/devices/2fa/oath", realms),
              "/a  " + std::string(kNone));
    EXPECT_EQ(old_form("/json/users/users/demo/devices/2fa/oath", Realms{}),
              "/  " + std::string(kNone));
}

/// The realm that reaches the store, or the answer.
std::string served(std::string_view path, std::string_view query, const Realms& realms) {
    test::AmRequest request;
    request.path = path;
    request.query = query;
    test::AmEdge edge;
    edge.settings.realms = realms;
    const Response response = edge.serve(request);
    return edge.store.orders.empty() ? test::outline(response)
                                     : std::string(edge.store.orders[0].target.realm);
}

std::string not_found(std::string_view realm) {
    return R"(404 {"code":404,"reason":"Not Found","message":"Realm \")" + std::string(realm) +
           R"(\" not found"})";
}

TEST(AmRealms, EveryFormIsHeldAgainstTheList) {
    const Realms realms = list({{"/alpha", "a"}, {"/alpha/eu"}, {"/beta/eu"}, {"/", "top"}});
    const auto rooted = [&realms](std::string_view path) {
        return served("/json/" + std::string(path) + "/users/demo/devices/2fa/oath",
                      "_action=reset", realms);
    };
    EXPECT_EQ(rooted("realms/root"), "/");
    EXPECT_EQ(rooted("realms/root/realms/ALPHA"), "/alpha");
    EXPECT_EQ(rooted("realms/root/realms/a"), not_found("/a"));
    EXPECT_EQ(rooted("realms/a"), "/alpha");
    EXPECT_EQ(rooted("realms/a/realms/eu"), "/alpha/eu");
    EXPECT_EQ(rooted("realms/top/realms/alpha"), "/alpha");
    EXPECT_EQ(rooted("realms/eu"), not_found("/eu"));
    EXPECT_EQ(rooted("realms/a/realms/us"), not_found("/a/us"));
    EXPECT_EQ(rooted("realms/alpha%2Feu"), not_found("/alpha/eu"));
    EXPECT_EQ(rooted("alpha"), "/alpha");
    EXPECT_EQ(rooted("a"), not_found("/a"));
    EXPECT_EQ(rooted("alpha%2Feu"), not_found("/alpha/eu"));

    const auto asked = [&realms](std::string_view realm) {
        return served("/json/users/demo/devices/2fa/oath",
                      "_action=reset&realm=" + std::string(realm), realms);
    };
    EXPECT_EQ(asked("Alpha"), "/alpha");
    EXPECT_EQ(asked("/"), "/");
    EXPECT_EQ(asked("/a"), not_found("/a"));
}

}  // namespace
}  // namespace mfa_reset::am
