// Accept-API-Version: its grammar, and which versions are served.
#include <gtest/gtest.h>

#include <string>

#include "am/version.hpp"
#include "am_edge.hpp"

namespace mfa_reset::am {
namespace {

std::string text(const std::optional<Version>& version) {
    return version ? std::to_string(version->major) + "." + std::to_string(version->minor) : "-";
}

/// `protocol resource`, or `malformed`.
std::string read(std::string_view value) {
    const auto versions = parse_versions(value);
    return versions ? text(versions->protocol) + " " + text(versions->resource) : "malformed";
}

TEST(AmVersion, WellFormed) {
    struct Case {
        std::string_view value;
        std::string_view read;
    };
    for (const auto& [value, expected] : {
             Case{"", "- -"},
             Case{"resource=1.0", "- 1.0"},
             Case{"resource=1", "- 1.0"},
             Case{"resource=0.0", "- 0.0"},
             Case{"resource=2147483647.2147483647", "- 2147483647.2147483647"},
             Case{"resource=01.00", "- 1.0"},
             Case{"protocol=2.1", "2.1 -"},
             Case{"protocol=1", "1.0 -"},
             Case{"protocol=1.0,resource=2.0", "1.0 2.0"},
             Case{"resource=2.0,protocol=1.0", "1.0 2.0"},
             Case{"resource=1, protocol=2", "2.0 1.0"},
             Case{"resource=1 ,protocol=2", "2.0 1.0"},
             Case{"resource=1 \t ,\t protocol=2", "2.0 1.0"},
         }) {
        EXPECT_EQ(read(value), expected) << value;
    }
}

constexpr std::string_view kMalformed[] = {
    "v1",
    "1.0",
    "1",
    "resource",
    "resource=",
    "resource=.",
    "resource=1.",
    "resource=.1",
    "resource=1.0.0",
    "resource=a",
    "resource=1a",
    "resource=-1",
    "resource=+1",
    "resource=1,0",
    "resource=\"1.0\"",
    "\"resource=1.0\"",
    "resource = 1.0",
    "resource= 1.0",
    "resource =1.0",
    "resource=1 .0",
    " resource=1.0",
    "resource=1.0 ",
    "Resource=1.0",
    "RESOURCE=1.0",
    "Protocol=1.0",
    "resources=1.0",
    "resource:1.0",
    "resource=1.0;protocol=1.0",
    "resource=1.0 protocol=1.0",
    "resource=1.0,",
    ",resource=1.0",
    ",",
    "resource=1.0,,protocol=1.0",
    "resource=1.0,resource=1.0",
    "protocol=1.0,protocol=1.0",
    "protocol=1.0,resource=1.0,protocol=1.0",
    "protocol=1.0,resource=1.0,",
    "resource=2147483648",
    "resource=1.2147483648",
    "resource=99999999999999999999999",
    "protocol=4294967297",
    "resource=1.0\n,protocol=1",
    "resource=0x1",
    "resource=1e1",
    "resource=*",
    "version=1.0",
    " ",
};

TEST(AmVersion, Malformed) {
    for (const std::string_view value : kMalformed) {
        EXPECT_EQ(read(value), "malformed") << value;
    }
}

TEST(AmVersion, MalformedIsAnsweredInTextWithTheValue) {
    for (const std::string_view value : kMalformed) {
        if (value.find('\n') != std::string_view::npos) {
            continue;
        }
        const test::Answered malformed(test::AmRequest().replace("Accept-API-Version", value));
        EXPECT_EQ(test::outline(malformed.response),
                  "400 Version string is in an invalid format: " + std::string(value));
        EXPECT_EQ(malformed.response.content_type, "");
        EXPECT_EQ(malformed.edge.trace.result, Result::malformed);
        EXPECT_EQ(test::header(malformed.response, "Warning"), "(none)");
        EXPECT_TRUE(malformed.edge.store.orders.empty());
    }
}

TEST(AmVersion, MalformedValueIsEchoedInPrintableAsciiOnly) {
    EXPECT_EQ(
        test::outline(test::AmRequest().replace("Accept-API-Version", "\x01v\xC3\xB6\x7F<b>~")),
        "400 Version string is in an invalid format: ?v?"
        "?"
        "?<b>~");
}

TEST(AmVersion, Protocol) {
    struct Case {
        std::string_view value;
        std::string_view answer;
    };
    constexpr std::string_view kOk = R"(200 {"result":true})";
    for (
        const auto& [value, answer] : {
            Case{"protocol=2.1,resource=1.0", kOk},
            Case{"protocol=2.2,resource=1.0", kOk},
            Case{"protocol=2,resource=1.0", kOk},
            Case{"protocol=1.0,resource=1.0", kOk},
            Case{"protocol=1.2,resource=1.0", kOk},
            Case{"protocol=0.0,resource=1.0", kOk},
            Case{
                "protocol=3.0,resource=1.0",
                R"(400 {"code":400,"reason":"Bad Request","message":"Unsupported major version: 3.0"})"},
            Case{
                "protocol=3",
                R"(400 {"code":400,"reason":"Bad Request","message":"Unsupported major version: 3.0"})"},
            Case{
                "protocol=3.9",
                R"(400 {"code":400,"reason":"Bad Request","message":"Unsupported major version: 3.9"})"},
            Case{
                "protocol=2.3",
                R"(400 {"code":400,"reason":"Bad Request","message":"Unsupported minor version: 2.3"})"},
            Case{
                "protocol=1.3",
                R"(400 {"code":400,"reason":"Bad Request","message":"Unsupported minor version: 1.3"})"},
        }) {
        EXPECT_EQ(test::outline(test::AmRequest().replace("Accept-API-Version", value)), answer);
    }
}

TEST(AmVersion, Resource) {
    constexpr std::string_view kOk = R"(200 {"result":true})";
    constexpr std::string_view kNotFound =
        R"(404 {"code":404,"reason":"Not Found","message":"Resource '' not found"})";
    struct Case {
        std::string_view value;
        std::string_view answer;
        std::string_view reason;
    };
    for (const auto& [value, answer, reason] : {
             Case{"resource=1.0", kOk, ""},
             Case{"resource=1", kOk, ""},
             Case{"resource=1.1", kNotFound, "unsupported resource version 1.1"},
             Case{"resource=2.0", kNotFound, "unsupported resource version 2.0"},
             Case{"resource=2", kNotFound, "unsupported resource version 2.0"},
             Case{"resource=0.0", kNotFound, "unsupported resource version 0.0"},
         }) {
        const test::Answered answered(test::AmRequest().replace("Accept-API-Version", value));
        EXPECT_EQ(test::outline(answered.response), answer) << value;
        EXPECT_EQ(answered.edge.trace.reason, reason);
        EXPECT_EQ(answered.edge.trace.result, reason.empty() ? Result::ok : Result::version);
        EXPECT_EQ(answered.edge.store.orders.at(0).act, reason.empty() ? Act::reset : Act::decide);
        EXPECT_EQ(test::header(answered.response, "Content-API-Version"),
                  reason.empty() ? "resource=1.0" : "(none)");
        EXPECT_EQ(test::header(answered.response, "Warning"), "(none)");
    }
}

constexpr std::string_view kWarning =
    R"(100 chf "Accept-API-Version should be included in the request.")";

TEST(AmVersion, MissingIsTheDefaultWithAWarning) {
    using enum DefaultVersion;
    for (const DefaultVersion version : {latest, oldest, none}) {
        for (const auto& request :
             {test::AmRequest().without("Accept-API-Version"),
              test::AmRequest().replace("Accept-API-Version", ""),
              test::AmRequest().replace("Accept-API-Version", "protocol=2.0")}) {
            test::AmEdge edge;
            edge.settings.default_version = version;
            const Response response = edge.serve(request);
            EXPECT_EQ(response.status, version == none ? 404 : 200);
            EXPECT_EQ(test::header(response, "Warning"), kWarning);
            EXPECT_EQ(edge.store.orders.at(0).act, version != none ? Act::reset : Act::decide);
            EXPECT_EQ(
                edge.trace.reason,
                version == none ? "no resource version asked for, and none is the default" : "");
        }
    }
}

TEST(AmVersion, WarningIsOnEveryResponse) {
    const auto warns = [](test::AmRequest request) {
        return test::header(test::Answered(request.without("Accept-API-Version")).response,
                            "Warning") == kWarning;
    };
    test::AmRequest request;
    request.query = "_action=%";
    EXPECT_TRUE(warns(request));
    request.query = "_action=other";
    EXPECT_TRUE(warns(request));
    request = {};
    request.path = "/json/realms/root/nothing";
    EXPECT_TRUE(warns(request));
    request = {};
    request.method = "OPTIONS";
    EXPECT_TRUE(warns(request));
    request.method = "HEAD";
    EXPECT_TRUE(warns(request));
    EXPECT_TRUE(warns(test::AmRequest().without("iplanetDirectoryPro")));
}

TEST(AmVersion, TheFirstHeaderCounts) {
    EXPECT_EQ(test::outline(test::AmRequest().with("accept-api-version", "v1")),
              R"(200 {"result":true})");
    EXPECT_EQ(test::outline(test::AmRequest()
                                .replace("Accept-API-Version", "v1")
                                .with("accept-api-version", "resource=1.0")),
              "400 Version string is in an invalid format: v1");
}

}  // namespace
}  // namespace mfa_reset::am
