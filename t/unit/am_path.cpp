// Reading the raw path: every form of a realm, names of any kind, and paths that are none.
#include <gtest/gtest.h>

#include <string>

#include "am/path.hpp"
#include "am_edge.hpp"

namespace mfa_reset::am {
namespace {

using Fault = Path::Fault;
using Place = Path::Place;

/// `/alpha demo oath`, or what is wrong.
std::string read(std::string_view raw) {
    test::RequestMemory memory;
    const Path path = parse_path(raw, memory, {Realms{}});
    switch (path.fault) {
        case Fault::none: break;
        case Fault::encoding: return "encoding";
        case Fault::empty_element: return "empty";
        case Fault::dot_element: return "dots";
        case Fault::nul: return "nul";
        case Fault::not_utf8: return "utf8";
    }
    const std::string realm =
        std::string(path.realm.path) + (path.realm.well_formed ? "" : "(ill-formed)");
    const std::string resource(path.resource);
    switch (path.place) {
        case Place::elsewhere: return realm + " elsewhere " + resource;
        case Place::devices: break;
        case Place::device: return realm + " device " + resource;
        case Place::deeper: return realm + " deeper " + resource;
        case Place::overview: return realm + " " + std::string(path.user) + " overview";
        case Place::events: return realm + " " + std::string(path.user) + " events";
        case Place::sessions: return realm + " sessions";
    }
    EXPECT_EQ(resource, "");
    return realm + " " + std::string(path.user) + " " + std::string(name_of(path.factor));
}

struct Case {
    std::string path;
    std::string_view read;
};

void expect(std::initializer_list<Case> cases) {
    for (const Case& each : cases) {
        EXPECT_EQ(read(each.path), each.read) << each.path;
    }
}

TEST(AmPath, RealmsFromTheRoot) {
    expect({
        {"/openam/json/realms/root/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/openam/json/realms/root/users/demo/devices/2fa/push", "/ demo push"},
        {"/am/json/realms/root/realms/alpha/users/demo/devices/2fa/oath", "/alpha demo oath"},
        {"/am/json/realms/root/realms/alpha/realms/eu/users/demo/devices/2fa/oath",
         "/alpha/eu demo oath"},
        {"/json/realms/ROOT/realms/a/users/demo/devices/2fa/oath", "/a demo oath"},
        {"/json/realms/Root/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/json/realms/root/realms/root/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/json/realms/root/realms/realms/users/demo/devices/2fa/oath", "/realms demo oath"},
        {"/json/realms/root/realms/users/users/demo/devices/2fa/oath", "/users demo oath"},
        {"/json/realms/root/realms/my%20realm/users/demo/devices/2fa/oath", "/my realm demo oath"},
        {"/json/realms/root/realms/a+b/users/demo/devices/2fa/oath", "/a+b demo oath"},
    });
}

TEST(AmPath, RealmsWithoutTheRoot) {
    expect({
        {"/json/realms/a/users/demo/devices/2fa/oath", "/a demo oath"},
        {"/json/realms/a/realms/b/users/demo/devices/2fa/oath", "/a/b demo oath"},
        {"/json/realms/a/realms/root/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/json/realms/users/users/demo/devices/2fa/oath", "/users demo oath"},
        {"/json/realms/users/demo/devices/2fa/oath", "/users elsewhere demo/devices/2fa/oath"},
    });
}

TEST(AmPath, OldFormOfRealms) {
    expect({
        {"/openam/json/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/json/alpha/users/demo/devices/2fa/oath", "/alpha demo oath"},
        {"/json/r/s/users/demo/devices/2fa/push", "/r/s demo push"},
        {"/json/root/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/json/a/users/users/devices/2fa/oath", "/a users oath"},
        {"/json/a/realms/b/users/demo/devices/2fa/oath", "/a/realms/b demo oath"},
        {"/json/r/s/nothing", "/ elsewhere r/s/nothing"},
    });
}

TEST(AmPath, TheContextIsTheOperators) {
    expect({
        {"/json/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/sso/am/json/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/jsonx/json/users/demo/devices/2fa/oath", "/ demo oath"},
        {"/json/json/users/demo/devices/2fa/oath", "/json demo oath"},
        {"/am/JSON/users/demo/devices/2fa/oath", "/ elsewhere am/JSON/users/demo/devices/2fa/oath"},
        {"/am/users/demo/devices/2fa/oath/", "/ elsewhere am/users/demo/devices/2fa/oath"},
        {"/", "/ elsewhere "},
        {"", "/ elsewhere "},
        {"/json", "/ elsewhere "},
        {"/json/", "/ elsewhere "},
    });
}

TEST(AmPath, LiteralsHaveCaseAndMayBeEncoded) {
    expect({
        {"/json/Realms/alpha/users/demo/devices/2fa/oath", "/Realms/alpha demo oath"},
        {"/json/realms/root/Users/demo/devices/2fa/oath",
         "/ elsewhere Users/demo/devices/2fa/oath"},
        {"/json/realms/root/users/demo/Devices/2fa/oath",
         "/ elsewhere users/demo/Devices/2fa/oath"},
        {"/json/realms/root/users/demo/devices/2FA/oath",
         "/ elsewhere users/demo/devices/2FA/oath"},
        {"/json/realms/root/users/demo/devices/2fa/OATH",
         "/ elsewhere users/demo/devices/2fa/OATH"},
        {"/%6Ason/re%61lms/%72oot/us%65rs/demo/devices/2f%61/p%75sh", "/ demo push"},
    });
}

TEST(AmPath, Places) {
    expect({
        {"/json/realms/root/users/demo/devices/2fa/oath/", "/ demo oath"},
        {"/json/realms/root/users/demo/devices/2fa/oath/abc", "/ device abc"},
        {"/json/realms/root/users/demo/devices/2fa/oath/abc/", "/ device abc"},
        {"/json/realms/root/users/demo/devices/2fa/oath/a/b", "/ deeper a/b"},
        {"/json/realms/root/users/demo/devices/2fa/push/a/b%20c/d/", "/ deeper a/b%20c/d"},
        {"/json/realms/root/users/demo/devices/2fa/", "/ demo overview"},
        {"/json/realms/root/users/demo/devices/2fa/events", "/ demo events"},
        {"/json/realms/root/users/demo/devices/2fa/events/a",
         "/ elsewhere users/demo/devices/2fa/events/a"},
        {"/json/realms/root/users/demo/devices/2fa/webauthn", "/ demo webauthn"},
        {"/json/realms/root/users/demo/devices/2fa/binding",
         "/ elsewhere users/demo/devices/2fa/binding"},
        {"/json/realms/root/users/demo/devices/trusted/oath",
         "/ elsewhere users/demo/devices/trusted/oath"},
        {"/json/realms/root/users/demo", "/ elsewhere users/demo"},
        {"/json/realms/root/sessions", "/ sessions"},
        {"/json/sessions/", "/ sessions"},
        {"/json/alpha/eu/sessions", "/alpha/eu sessions"},
        {"/json/users/sessions", "/ elsewhere users/sessions"},
        {"/json/realms/root/sessions/a", "/ elsewhere sessions/a"},
        {"/json/realms/root", "/ elsewhere "},
        {"/json/realms", "/ elsewhere realms"},
        {"/json/realms/root/realms", "/ elsewhere realms"},
    });
}

TEST(AmPath, NamesAreDecodedOnce) {
    const auto users = [](std::string_view user) {
        return "/json/realms/root/users/" + std::string(user) + "/devices/2fa/oath";
    };
    expect({
        {users("a%2Fb"), "/ a/b oath"},
        {users("%2F"), "/ / oath"},
        {users("a%252Fb"), "/ a%2Fb oath"},
        {users("a+b"), "/ a+b oath"},
        {users("a%2Bb%20c"), "/ a+b c oath"},
        {users("*"), "/ * oath"},
        {users("J%C3%B6rg"), "/ J\xC3\xB6rg oath"},
        {users("J\xC3\xB6rg"), "/ J\xC3\xB6rg oath"},
        {users("..."), "/ ... oath"},
        {users("%2e%2e%2e"), "/ ... oath"},
        {users(".hidden"), "/ .hidden oath"},
        {users("a;b=c"), "/ a;b=c oath"},
        {users("%0A"), "/ \n oath"},
        {users("users"), "/ users oath"},
        {users("{}"), "/ {} oath"},
    });
}

TEST(AmPath, Faults) {
    const auto users = [](std::string_view user) {
        return "/json/realms/root/users/" + std::string(user) + "/devices/2fa/oath";
    };
    expect({
        {users(""), "empty"},
        {"//json/users/demo/devices/2fa/oath", "empty"},
        {"/json//users/demo/devices/2fa/oath", "empty"},
        {"/json/users/demo/devices/2fa/oath//", "empty"},
        {users("."), "dots"},
        {users(".."), "dots"},
        {users("%2e"), "dots"},
        {users("%2E."), "dots"},
        {"/json/realms/root/realms/../users/demo/devices/2fa/oath", "dots"},
        {"/../json/users/demo/devices/2fa/oath", "dots"},
        {"/json/users/demo/devices/2fa/oath/%2e%2e", "dots"},
        {users("%00"), "nul"},
        {users("a%00b"), "nul"},
        {users("%FF"), "utf8"},
        {users("\xC3"), "utf8"},
        {users("%C0%AF"), "utf8"},
        {users("%ED%A0%80"), "utf8"},
        {"/json/realms/root/realms/%FF/users/demo/devices/2fa/oath", "utf8"},
        {users("%"), "encoding"},
        {users("%4"), "encoding"},
        {users("%zz"), "encoding"},
        {"//json/./users/%FF/%00/%/oath", "encoding"},
        {"//json/./users/%FF/%00", "empty"},
    });
}

TEST(AmPath, RealmNamesThatCannotBe) {
    expect({
        {"/json/realms/root/realms/a%2Fb/users/demo/devices/2fa/oath",
         "/a/b(ill-formed) demo oath"},
        {"/json/realms/a%2Fb/realms/c/users/demo/devices/2fa/oath", "/a/b/c(ill-formed) demo oath"},
        {"/json/a%2Fb/users/demo/devices/2fa/oath", "/a/b(ill-formed) demo oath"},
        {"/json/realms/root/realms/a%0Ab/users/demo/devices/2fa/oath",
         "/a\nb(ill-formed) demo oath"},
        {"/json/realms/root/realms/a%7F/users/demo/devices/2fa/oath",
         "/a\x7F(ill-formed) demo oath"},
    });
}

TEST(AmPath, RealmParameter) {
    struct RealmCase {
        std::string_view value;
        std::string_view path;
        bool well_formed;
    };
    for (const auto& [value, path, well_formed] : {
             RealmCase{"/", "/", true},
             RealmCase{"", "/", true},
             RealmCase{"/r/s", "/r/s", true},
             RealmCase{"r/s", "/r/s", true},
             RealmCase{"/r/s/", "/r/s", true},
             RealmCase{"root", "/", true},
             RealmCase{"/r//s", "/r//s", false},
             RealmCase{"//r", "//r", false},
             RealmCase{"r//", "/r/", false},
             RealmCase{"/r/../s", "/r/../s", false},
             RealmCase{".", "/.", false},
             RealmCase{"a\nb", "/a\nb", false},
         }) {
        test::RequestMemory memory;
        const Realm realm = parse_realm(value, memory);
        EXPECT_EQ(realm.path, path) << value;
        EXPECT_EQ(realm.well_formed, well_formed) << value;
    }
}

TEST(AmPath, LongPathsTakeMemoryInProportion) {
    std::string path = "/json";
    for (int level = 0; level < 4000; ++level) {
        path += "/realms/%61";
    }
    test::RequestMemory memory;
    const Path read = parse_path(path, memory, {Realms{}});
    EXPECT_EQ(read.realm.path.size(), 8000U);
    EXPECT_LT(memory.bytes(), 10 * path.size());
}

}  // namespace
}  // namespace mfa_reset::am
