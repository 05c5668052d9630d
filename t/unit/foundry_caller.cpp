// Credentials: where a session's id comes from, what must come with a cookie; and what becomes of
// the caller's code (contracts: foundry.md, "Who is calling" and "callerCode"). Tokens are in
// t/foundry-token.t, signed by others.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "foundry/caller.hpp"
#include "foundry_edge.hpp"

namespace mfa_reset::test {
namespace {

using namespace std::chrono_literals;

/// The id that the store was asked for, or the answer where it was not asked.
std::string asked_session(const std::vector<Header>& credentials) {
    FoundryEdge edge;
    FoundryRequest request;
    request.without("X-ss-id");
    for (const Header& header : credentials) {
        request.with(header.name, header.value);
    }
    const Response response = edge.serve(request);
    return edge.store.session_ids.empty() ? foundry_outline(response) : edge.store.session_ids[0];
}

TEST(FoundryCaller, WhereTheSessionsIdComesFrom) {
    const std::string longest(128, 'a');
    const std::string too_long(129, 'a');
    const struct {
        std::vector<Header> headers;
        std::string asked;
    } table[] = {
        {{}, "401 Unauthorized"},
        {{{"x-SS-id", "a"}}, "a"},
        {{{"X-ss-pid", "p"}}, "401 Unauthorized"},
        {{{"X-ss-pid", "p"}, {"ss-opt", "perm"}}, "p"},
        {{{"X-ss-pid", "p"}, {"X-ss-opt", "temp,perm"}}, "p"},
        {{{"X-ss-pid", "p"}, {"Cookie", "ss-opt=perm"}}, "p"},
        {{{"X-ss-pid", "p"}, {"ss-opt", "temp"}}, "401 Unauthorized"},
        {{{"X-ss-id", "a"}, {"X-ss-pid", "p"}}, "a"},
        {{{"X-ss-id", "a"}, {"X-ss-pid", "p"}, {"ss-opt", "perm"}}, "p"},
        {{{"X-ss-id", "a"}, {"ss-opt", "perm"}}, "a"},
        {{{"Cookie", "ss-id=c"}}, "c"},
        {{{"Cookie", "ss-pid=c"}}, "401 Unauthorized"},
        {{{"Cookie", "ss-opt=perm; ss-pid=c"}}, "c"},
        {{{"Cookie", "ss-id=c; ss-pid=p; ss-opt=perm"}}, "p"},
        {{{"Cookie", "ss-id=c; ss-pid=p; ss-opt=temp"}}, "c"},
        {{{"Cookie", "other=1"}, {"Cookie", "ss-id=c"}}, "c"},
        {{{"Cookie", "ss-id="}, {"Cookie", "ss-id=c"}}, "c"},
        {{{"Cookie", "ss-id=; a=b; ss-id=\"\"; ss-id=c; ss-id=d"}}, "c"},
        {{{"X-ss-id", "a"}, {"Cookie", "ss-id=c"}}, "a"},
        {{{"X-ss-id", ""}, {"Cookie", "ss-id=c"}}, "c"},
        {{{"Cookie", "ss-id=a%2Bb%2F%3D"}}, "a+b/="},
        {{{"X-ss-id", "a+b/=_-Z9"}}, "a+b/=_-Z9"},
        {{{"X-ss-id", "a:b"}}, "401 Unauthorized"},
        {{{"X-ss-id", "a b"}}, "401 Unauthorized"},
        {{{"X-ss-id", "*"}}, "401 Unauthorized"},
        {{{"X-ss-id", "a\r\nDEL"}}, "401 Unauthorized"},
        {{{"Cookie", "ss-id=%00"}}, "401 Unauthorized"},
        {{{"X-ss-id", longest}}, longest},
        {{{"X-ss-id", too_long}}, "401 Unauthorized"},
        // Without a key there are no tokens.
        {{{"Authorization", "Bearer a.b.c"}}, "401 Unauthorized"},
        {{{"Authorization", "Bearer a.b.c"}, {"Cookie", "ss-tok=a.b.c; ss-id=c"}}, "c"},
    };
    for (const auto& row : table) {
        std::string name;
        for (const Header& header : row.headers) {
            name.append(header.name).append(": ").append(header.value).append(" ");
        }
        EXPECT_EQ(asked_session(row.headers), row.asked) << name;
    }
}

std::string by_cookie(const std::vector<Header>& headers) {
    FoundryRequest request;
    request.without("X-ss-id").without("Content-Type").with("Cookie", "ss-id=aXujm6");
    request.path = "/json/reply/ResetTwoFactorAuthenticationRequest";
    for (const Header& header : headers) {
        request.with(header.name, header.value);
    }
    return foundry_outline(request);
}

TEST(FoundryCaller, ACookieNeedsTheSignsOfADeliberateCall) {
    const struct {
        std::vector<Header> headers;
        const char* ends;
    } table[] = {
        {{}, "403 Forbidden"},
        {{{"Content-Type", "application/x-www-form-urlencoded"}}, "403 Forbidden"},
        {{{"Content-Type", "text/plain"}}, "403 Forbidden"},
        {{{"Content-Type", "multipart/form-data; boundary=x"}}, "403 Forbidden"},
        {{{"Content-Type", "text/plain; application/json"}}, "403 Forbidden"},
        {{{"Content-Type", "application/json"}}, "200 {}"},
        {{{"Content-Type", "Application/JSON; charset=utf-8"}}, "200 {}"},
        {{{"Content-Type", "text/jsv"}}, "200 {}"},
        {{{"Content-Type", "application/xml"}}, "200 {}"},
        {{{"Content-Type", "text/plain"}, {"X-Requested-With", "XMLHttpRequest"}}, "200 {}"},
        {{{"X-Requested-With", ""}}, "200 {}"},
        {{{"X-Requested-With", "x"},
          {"Origin", "https://app.example.com"},
          {"Host", "app.example.com"}},
         "200 {}"},
        {{{"X-Requested-With", "x"},
          {"Origin", "http://APP.example.com:8080"},
          {"Host", "app.example.com:8080"}},
         "200 {}"},
        {{{"X-Requested-With", "x"},
          {"Origin", "https://app.example.com:443"},
          {"Host", "app.example.com"}},
         "200 {}"},
        {{{"X-Requested-With", "x"},
          {"Origin", "HTTPS://app.example.com"},
          {"Host", "app.example.com:443"}},
         "200 {}"},
        {{{"X-Requested-With", "x"}, {"Origin", "http://[::1]"}, {"Host", "[::1]:80"}}, "200 {}"},
        {{{"X-Requested-With", "x"},
          {"Origin", "http://app.example.com:80"},
          {"Host", "app.example.com:80"}},
         "200 {}"},
        {{{"X-Requested-With", "x"},
          {"Origin", "https://app.example.com"},
          {"Host", "app.example.com:80"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"},
          {"Origin", "http://app.example.com:443"},
          {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"},
          {"Origin", "other://app.example.com:80"},
          {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"}, {"Origin", "https://:443"}, {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"}, {"Origin", "https://app.example.com"}}, "403 Forbidden"},
        {{{"X-Requested-With", "x"},
          {"Origin", "https://evil.example"},
          {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"},
          {"Origin", "https://app.example.com.evil.example"},
          {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"},
          {"Origin", "https://app.example.com:444"},
          {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"}, {"Origin", "null"}, {"Host", "app.example.com"}},
         "403 Forbidden"},
        {{{"X-Requested-With", "x"}, {"Origin", ""}, {"Host", "app.example.com"}}, "403 Forbidden"},
        {{{"X-Requested-With", "x"}, {"Origin", "app.example.com"}, {"Host", "app.example.com"}},
         "403 Forbidden"},
    };
    for (const auto& row : table) {
        std::string name;
        for (const Header& header : row.headers) {
            name.append(header.name).append(": ").append(header.value).append(" ");
        }
        EXPECT_EQ(by_cookie(row.headers), row.ends) << name;
    }
}

/// Which CSV is read does not matter here: a body of JSON is none of it.
TEST(FoundryCaller, CsvIsATypeThatNoFormSends) {
    FoundryRequest request;
    request.without("X-ss-id").with("Cookie", "ss-id=aXujm6").replace("Content-Type", "text/csv");
    request.body = "TargetUserId,CallerCode\r\nu-42,287082\r\n";
    EXPECT_EQ(foundry_outline(request), "200 {}");
}

// -- the roles of the caller's own record

/// The answer to a caller whose session says Admin, and whose record is `user`.
std::string with_user(foundry::StoredText user, FoundryEdge& edge) {
    edge.settings.role_source = foundry::RoleSource::repository;
    edge.store.user = std::move(user);
    return foundry_outline(edge.serve({}));
}

std::string with_user(std::string_view json) {
    FoundryEdge edge;
    return with_user({{}, json}, edge);
}

TEST(FoundryCaller, RolesOfTheRepository) {
    EXPECT_EQ(with_user(R"({"__type":"X","Id":1,"Roles":["Admin"],"LockedDate":null})"), "200 {}");
    EXPECT_EQ(with_user(R"({"__type":"X","roles":["Admin"]})"), "200 {}");
    EXPECT_EQ(with_user(R"({"Roles":["User"],"Permissions":["Admin"]})"), "403 Forbidden");
    EXPECT_EQ(with_user(R"({"__type":"X","Roles":[]})"), "403 Forbidden");
    EXPECT_EQ(with_user(R"({"__type":"X","Roles":null,"Permissions":null})"), "403 Forbidden");
    EXPECT_EQ(with_user("{}"), "403 Forbidden");
    EXPECT_EQ(with_user(R"({"Meta":{"Roles":["Admin"]}})"), "403 Forbidden");
    for (const std::string_view date :
         {R"("\/Date(1795379552240)\/")", R"("2026-11-23T10:00:00Z")", "0", "false", "{}"}) {
        const std::string locked = R"({"Roles":["Admin"],"LockedDate":)" + std::string(date) + "}";
        EXPECT_EQ(with_user(locked), "401 Unauthorized") << locked;
    }
    for (const std::string_view broken : {"", "[]", "{", R"({"Roles":["Admin"]}x)"}) {
        EXPECT_EQ(with_user(broken), "401 Unauthorized") << broken;
    }
}

TEST(FoundryCaller, WhereThereIsNoUserThatCanBeRead) {
    FoundryEdge absent;
    EXPECT_EQ(with_user({}, absent), "401 Unauthorized");
    EXPECT_EQ(absent.store.user_ids, std::vector<std::string>{"1"});
    FoundryEdge large;
    EXPECT_EQ(with_user({.too_large = true}, large), "401 Unauthorized");
    FoundryEdge gone;
    EXPECT_EQ(with_user({{{Failure::Kind::unavailable, "gone"}}}, gone), "503 ServiceUnavailable");
}

TEST(FoundryCaller, TheRepositoryIsAskedOnlyWhereItCounts) {
    FoundryEdge edge;
    edge.serve({});
    EXPECT_TRUE(edge.store.user_ids.empty());
    FoundryEdge nobody;
    nobody.settings.role_source = foundry::RoleSource::repository;
    nobody.store.session = {};
    EXPECT_EQ(foundry_outline(nobody.serve({})), "401 Unauthorized");
    EXPECT_TRUE(nobody.store.user_ids.empty());
}

TEST(FoundryCaller, AHeaderIsDeliberateByItself) {
    FoundryRequest request;
    request.without("Content-Type").with("Origin", "https://evil.example");
    request.path = "/json/reply/ResetTwoFactorAuthenticationRequest";
    EXPECT_EQ(foundry_outline(request), "200 {}");
}

// -- the code

/// The answer, and `step` or `-` as the store was told; where it was asked.
std::string with_code(FoundryEdge& edge, std::string_view code) {
    FoundryRequest request;
    const std::string body =
        "{\"targetUserId\":\"u-42\",\"callerCode\":\"" + std::string(code) + "\"}";
    request.body = copy(body, edge.memory);
    std::string answer = foundry_outline(edge.serve(request));
    for (const CodeOrder& order : edge.store.code_orders) {
        answer += order.step ? " step " + std::to_string(*order.step) : " no step";
    }
    return answer;
}

std::string with_code(std::string_view code, foundry::CallerCode policy,
                      std::string_view profiles) {
    FoundryEdge edge;
    edge.settings.caller_code.required = policy;
    edge.store.devices.oath_profiles = profiles;
    return with_code(edge, code);
}

TEST(FoundryCaller, WhenACodeIsAskedFor) {
    using enum foundry::CallerCode;
    constexpr std::string_view kEncrypted = R"(["eyJhbGciOi..."])";
    const struct {
        const char* code;
        foundry::CallerCode policy;
        std::string_view profiles;
        const char* ends;
    } table[] = {
        {"287082", required, kProfiles, "200 {} step 1"},
        {"000000", required, kProfiles, "200 {} no step"},
        {"28708", required, kProfiles, "200 {} no step"},
        {"287082", required, "", "200 {} no step"},
        {"287082", required, kEncrypted, "200 {} no step"},
        {"", required, kProfiles, "400 NotEmpty"},
        {"  ", required, kProfiles, "400 NotEmpty"},
        {"287082", enrolled, kProfiles, "200 {} step 1"},
        {"000000", enrolled, kProfiles, "200 {} no step"},
        {"", enrolled, kProfiles, "400 NotEmpty"},
        {"  ", enrolled, kProfiles, "400 NotEmpty"},
        {"", enrolled, "", "200 {}"},
        {"000000", enrolled, "", "200 {}"},
        {"", enrolled, "[]", "200 {}"},
        {"", enrolled, kEncrypted, "200 {} no step"},
        {"287082", enrolled, kEncrypted, "200 {} no step"},
        {"", off, kProfiles, "200 {}"},
        {"000000", off, kProfiles, "200 {}"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(with_code(row.code, row.policy, row.profiles), row.ends)
            << row.code << " " << static_cast<int>(row.policy) << " " << row.profiles;
    }
}

TEST(FoundryCaller, ADeviceThatCannotBeUsedIsNoReasonToAskForNoCode) {
    constexpr std::string_view kDrifts =
        R"([{"sharedSecret":"3132333435363738393031323334353637383930","clockDriftSeconds":86401}])";
    constexpr std::string_view kCounts =
        R"([{"sharedSecret":"3132333435363738393031323334353637383930","counter":3}])";
    for (const std::string_view profiles :
         {kDrifts, kCounts, std::string_view{R"(["eyJhbGciOi..."])"}, std::string_view{"[{}]"},
          std::string_view{"[{\"sharedSecret\":\"31\"}]"}, std::string_view{"[null]"},
          std::string_view{"{}"}, std::string_view{"null"}, std::string_view{"["},
          std::string_view{"eyJhbGciOi..."}, std::string_view{" "}}) {
        for (const std::string_view code : {"", "287082"}) {
            FoundryEdge edge;
            edge.settings.caller_code.required = foundry::CallerCode::enrolled;
            edge.store.devices.oath_profiles = profiles;
            edge.store.code.verdict = CodeAnswer::Verdict::wrong;
            EXPECT_EQ(with_code(edge, code), "403 InvalidCallerCode no step") << profiles;
            EXPECT_TRUE(edge.store.orders.empty()) << profiles;
        }
    }
}

TEST(FoundryCaller, WithoutACodeTheCallersRecordIsNotRead) {
    FoundryEdge edge;
    edge.settings.caller_code.required = foundry::CallerCode::off;
    edge.serve({});
    EXPECT_TRUE(edge.store.callers.empty());
    EXPECT_EQ(edge.store.orders.size(), 1U);
}

TEST(FoundryCaller, LockedWhateverTheCode) {
    for (const auto policy : {foundry::CallerCode::required, foundry::CallerCode::enrolled}) {
        for (const std::string_view profiles : {kProfiles, std::string_view{}}) {
            FoundryEdge edge;
            edge.settings.caller_code.required = policy;
            edge.store.devices = {{}, profiles, kNow, 61001ms};
            const Response response = edge.serve({});
            EXPECT_EQ(foundry_outline(response), "429 TooManyAttempts");
            EXPECT_EQ(header(response, "Retry-After"), "62");
            EXPECT_EQ(edge.trace.result, Result::locked);
            EXPECT_EQ(edge.store.orders.size(), 0U);
        }
    }
}

TEST(FoundryCaller, JudgementsOfTheCode) {
    using Kind = Failure::Kind;
    using Verdict = CodeAnswer::Verdict;
    const auto failed = [](Kind kind) { return CodeAnswer{Failure{kind, kWhy}}; };
    const struct {
        CodeAnswer answer;
        const char* ends;
        const char* retry_after;
        Result result;
    } table[] = {
        {{{}, Verdict::accepted}, "200 {}", "(none)", Result::ok},
        {{{}, Verdict::wrong}, "403 InvalidCallerCode", "(none)", Result::code},
        {{{}, Verdict::used}, "403 InvalidCallerCode", "(none)", Result::code},
        {{{}, Verdict::locked, 15min}, "429 TooManyAttempts", "900", Result::locked},
        {{{}, Verdict::locked, 899001ms}, "429 TooManyAttempts", "900", Result::locked},
        {{{}, Verdict::locked, 1ms}, "429 TooManyAttempts", "1", Result::locked},
        {failed(Kind::unavailable), "503 ServiceUnavailable", "1", Result::unavailable},
        {failed(Kind::uncertain), "503 ServiceUnavailable", "30", Result::unavailable},
        {failed(Kind::broken), "500 InternalServerError", "(none)", Result::unavailable},
    };
    for (const auto& row : table) {
        FoundryEdge edge;
        edge.store.code = row.answer;
        const Response response = edge.serve({});
        EXPECT_EQ(foundry_outline(response), row.ends);
        EXPECT_EQ(header(response, "Retry-After"), row.retry_after) << row.ends;
        EXPECT_EQ(edge.trace.result, row.result) << row.ends;
        const bool accepted = !row.answer.failure && row.answer.verdict == Verdict::accepted;
        EXPECT_EQ(edge.store.orders.size(), accepted ? 1U : 0U);
    }
}

TEST(FoundryCaller, TheSameIsSaidOfEveryCodeThatIsNotAccepted) {
    FoundryEdge wrong;
    wrong.store.code.verdict = CodeAnswer::Verdict::wrong;
    FoundryEdge used;
    used.store.code.verdict = CodeAnswer::Verdict::used;
    EXPECT_EQ(wrong.serve({}).body, used.serve({}).body);
}

// -- the store

TEST(FoundryCaller, AStoreThatDoesNotAnswer) {
    using Kind = Failure::Kind;
    const auto failure = [](std::optional<Kind> kind) {
        return kind ? std::optional(Failure{*kind, kWhy}) : std::nullopt;
    };
    const struct {
        std::optional<Kind> session;
        std::optional<Kind> devices;
        std::optional<Kind> reset;
        foundry::CallerCode policy;
        const char* ends;
        const char* retry_after;
        Result result;
    } table[] = {
        {Kind::unavailable,
         {},
         {},
         foundry::CallerCode::required,
         "503 ServiceUnavailable",
         "1",
         Result::unavailable},
        {Kind::broken,
         {},
         {},
         foundry::CallerCode::required,
         "500 InternalServerError",
         "(none)",
         Result::unavailable},
        {{},
         Kind::unavailable,
         {},
         foundry::CallerCode::required,
         "503 ServiceUnavailable",
         "1",
         Result::unavailable},
        {{},
         Kind::broken,
         {},
         foundry::CallerCode::required,
         "500 InternalServerError",
         "(none)",
         Result::unavailable},
        {{},
         {},
         Kind::unavailable,
         foundry::CallerCode::required,
         "503 ServiceUnavailable",
         "30",
         Result::unavailable},
        {{},
         {},
         Kind::unavailable,
         foundry::CallerCode::off,
         "503 ServiceUnavailable",
         "1",
         Result::unavailable},
        {{},
         {},
         Kind::uncertain,
         foundry::CallerCode::required,
         "503 ServiceUnavailable",
         "30",
         Result::uncertain},
        {{},
         {},
         Kind::broken,
         foundry::CallerCode::required,
         "500 InternalServerError",
         "(none)",
         Result::uncertain},
    };
    for (const auto& row : table) {
        FoundryEdge edge;
        edge.settings.caller_code.required = row.policy;
        edge.store.session.failure = failure(row.session);
        edge.store.devices.failure = failure(row.devices);
        edge.store.answer.failure = failure(row.reset);
        const Response response = edge.serve({});
        EXPECT_EQ(foundry_outline(response), row.ends);
        EXPECT_EQ(header(response, "Retry-After"), row.retry_after) << row.ends;
        EXPECT_EQ(edge.trace.result, row.result) << row.ends;
        const bool says_so = response.body.find("it may have happened") != std::string_view::npos;
        EXPECT_EQ(says_so, row.reset == Kind::uncertain);
    }
}

}  // namespace
}  // namespace mfa_reset::test
