// The request's members from body and query (contracts: foundry.md, "Reading the request"). The
// readers of the formats have tests of their own.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "foundry/members.hpp"
#include "foundry_edge.hpp"

namespace mfa_reset::test {
namespace {

struct Sent {
    const char* type;  ///< nullptr: none
    std::string body;
    std::string_view query{};
    std::string_view path = "/users/2fa/reset";
    const char* encoding = nullptr;  ///< nullptr: none
};

/// `target|code|organisation`, or `400 NotEmpty`.
std::string read(const Sent& sent, foundry::CallerCode policy = foundry::CallerCode::required) {
    RequestMemory memory;
    foundry::Settings settings = foundry_settings();
    settings.caller_code.required = policy;
    std::vector<Header> list;
    if (sent.type != nullptr) {
        list.push_back({"Content-Type", sent.type});
    }
    if (sent.encoding != nullptr) {
        list.push_back({"Content-Encoding", sent.encoding});
    }
    const Request request{.method = "PUT",
                          .path = sent.path,
                          .query = sent.query,
                          .headers = list,
                          .remote_address = {},
                          .body = sent.body};
    const auto result = read_members(parse_request(request, settings, memory));
    if (const auto* refusal = std::get_if<foundry::Refusal>(&result)) {
        return std::to_string(refusal->status) + " " + std::string(refusal->code) + " " +
               std::string(refusal->message);
    }
    const auto& reset = std::get<foundry::ResetMembers>(result);
    return std::string(reset.target_user_id) + "|" + std::string(reset.caller_code) + "|" +
           std::string(reset.organisation_id);
}

std::string unreadable(const std::string& type) {
    return "400 SerializationException Could not deserialize '" + type +
           "' request using ResetTwoFactorAuthenticationRequest";
}

constexpr const char* kMultipart =
    "--b\r\nContent-Disposition: form-data; name=\"targetUserId\"\r\n\r\nu\r\n"
    "--b\r\nContent-Disposition: form-data; name=callerCode\r\n\r\n1\r\n--b--\r\n";
constexpr const char* kEmpty = "400 NotEmpty 'Target User Id' must not be empty.";
constexpr const char* kNoCode = "400 NotEmpty 'Caller Code' must not be empty.";

TEST(FoundryMembers, Formats) {
    const std::string net_xml =
        "\xEF\xBB\xBF<ResetTwoFactorAuthenticationRequest "
        "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" "
        "xmlns=\"http://schemas.datacontract.org/2004/07/"
        "Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts\"><OrganisationId "
        "i:nil=\"true\" xmlns=\"http://schemas.datacontract.org/2004/07/"
        "Infrastructure.Api.Interfaces.ServiceOperations\" /><CallerCode>12\"3</CallerCode>"
        "<TargetUserId>u,1</TargetUserId></ResetTwoFactorAuthenticationRequest>";
    const struct {
        Sent sent;
        std::string read;
    } table[] = {
        {{"application/json",
          R"({"targetUserId":"u-42","callerCode":"492039","organisationId":"org-7"})"},
         "u-42|492039|org-7"},
        {{"application/json", R"({"TargetUserId":"u,1","CallerCode":"12\"3"})"}, "u,1|12\"3|"},
        {{"Text/JSON; charset=latin1", R"({"targetuserid":42,"CALLERCODE":492039})"}, "42|492039|"},
        {{"application/jsv",
          "{\n\ttargetUserId: u-42,\n\tcallerCode: 492039,\n\torganisationId: org-7\n}\n"},
         "u-42|492039|org-7"},
        {{"text/jsv", R"({targetUserId:"a,b",callerCode:"q""q"})"}, "a,b|q\"q|"},
        {{"application/xml", net_xml}, "u,1|12\"3|"},
        {{"text/xml", net_xml}, "u,1|12\"3|"},
        {{"text/csv", "TargetUserId,CallerCode\r\n\"u,1\",\"12\"\"3\"\r\n"}, "u,1|12\"3|"},
        {{"application/x-www-form-urlencoded",
          "targetUserId=u%2C1&CallerCode=12%223&organisationId=org+7"},
         "u,1|12\"3|org 7"},
        {{"application/csv", "TargetUserId,CallerCode\r\nu,1\r\n"}, kEmpty},
        {{"text/plain", R"({"targetUserId":"u-42"})"}, kEmpty},
        {{"multipart/mixed; boundary=x", "--x"}, kEmpty},
        {{nullptr, R"({"targetUserId":"u-42"})"}, kEmpty},
        {{"application/json", ""}, kEmpty},
        {{"application/json", "{}"}, kEmpty},
        {{"application/json", R"({"targetUserId":"u"})"}, kNoCode},
        {{"application/json", R"({"targetUserId":" \t","callerCode":"1"})"}, kEmpty},
        {{"application/json", R"({"targetUserId":null,"callerCode":"1"})"}, kEmpty},
        {{"application/json", "{"}, unreadable("application/json")},
        {{"application/json; x", "[]"}, unreadable("application/json")},
        {{"text/jsv", "targetUserId:u1"}, unreadable("text/jsv")},
        {{"application/xml", "<!DOCTYPE a []><a/>"}, unreadable("application/xml")},
        {{"text/csv", "a\r\nb\r\nc\r\n"}, unreadable("text/csv")},
        {{"application/x-www-form-urlencoded", "a=%"},
         unreadable("application/x-www-form-urlencoded")},
    };
    for (const auto& row : table) {
        EXPECT_EQ(read(row.sent), row.read) << row.sent.body;
    }
}

TEST(FoundryMembers, TheQueryIsLaidOverTheBody) {
    const std::string body =
        R"({"targetUserId":"body","callerCode":"492039","organisationId":"org-b"})";
    const struct {
        std::string_view query;
        std::string read;
    } table[] = {
        {"", "body|492039|org-b"},
        {"targetUserId=query", "query|492039|org-b"},
        {"TARGETUSERID=query&organisationid=org%2Dq", "query|492039|org-q"},
        {"organisationId=", "body|492039|"},
        {"targetUserId=", kEmpty},
        {"targetUserId=a&targetUserId=b", "b|492039|org-b"},
        {"other=x&format=json", "body|492039|org-b"},
        {"callerCode=492039", "400 NotAllowed 'Caller Code' is not allowed in the query."},
        {"CALLERCODE", "400 NotAllowed 'Caller Code' is not allowed in the query."},
        {"caller%43ode=", "400 NotAllowed 'Caller Code' is not allowed in the query."},
        {"x=%", unreadable("application/x-www-form-urlencoded")},
        {"x=%ff", unreadable("application/x-www-form-urlencoded")},
    };
    for (const auto& row : table) {
        EXPECT_EQ(read({"application/json", body, row.query}), row.read) << row.query;
    }
}

TEST(FoundryMembers, ByTheReplyRoute) {
    constexpr std::string_view kJsv = "/jsv/reply/ResetTwoFactorAuthenticationRequest";
    constexpr std::string_view kCsv = "/csv/reply/ResetTwoFactorAuthenticationRequest";
    EXPECT_EQ(read({"application/json", "{targetUserId:u,callerCode:1}", "", kJsv}), "u|1|");
    EXPECT_EQ(read({nullptr, "{targetUserId:u,callerCode:1}", "", kJsv}), "u|1|");
    EXPECT_EQ(read({"application/json", "{}x", "", kJsv}), unreadable("application/jsv"));
    EXPECT_EQ(read({nullptr, "{}", "", kCsv}), unreadable("text/csv"));
    EXPECT_EQ(read({"application/x-www-form-urlencoded", "targetUserId=u&callerCode=1", "", kJsv}),
              "u|1|");
    EXPECT_EQ(read({"multipart/form-data; boundary=b", kMultipart, "", kJsv}), "u|1|");
    EXPECT_EQ(read({"multipart/form-data", kMultipart, "", kCsv}),
              unreadable("multipart/form-data"));
}

TEST(FoundryMembers, Multipart) {
    EXPECT_EQ(read({"multipart/form-data; boundary=b", kMultipart}), "u|1|");
    EXPECT_EQ(read({"Multipart/Form-Data; charset=utf-8; boundary=\"b\"", kMultipart}), "u|1|");
    EXPECT_EQ(read({"multipart/form-data; boundary=c", kMultipart}),
              unreadable("multipart/form-data"));
    EXPECT_EQ(read({"multipart/form-data; boundary=b", ""}), kEmpty);
    EXPECT_EQ(read({"multipart/mixed; boundary=b", kMultipart}), kEmpty);
}

/// zlib's format, by hand: one stored block.
std::string stored(std::string_view text) {
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char byte : text) {
        low = (low + static_cast<unsigned char>(byte)) % 65521;
        high = (high + low) % 65521;
    }
    const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xFFU); };
    std::string out{'\x78', '\x01', '\x01'};
    out +=
        {byte(text.size()), byte(text.size() >> 8U), byte(~text.size()), byte(~text.size() >> 8U)};
    out += text;
    return out + byte(high >> 8U) + byte(high) + byte(low >> 8U) + byte(low);
}

TEST(FoundryMembers, ACompressedBody) {
    const char* const json = "application/json";
    const auto encoded = [](const char* type, std::string body, const char* encoding) {
        return read({.type = type, .body = std::move(body), .encoding = encoding});
    };
    const std::string body = stored(R"({"targetUserId":"u","callerCode":"1"})");
    EXPECT_EQ(encoded(json, body, "deflate"), "u|1|");
    EXPECT_EQ(encoded(json, body, "gzip"), unreadable(json));
    EXPECT_EQ(encoded(json, body, "br"), unreadable(json));
    EXPECT_EQ(encoded(json, body, nullptr), unreadable(json));
    EXPECT_EQ(encoded(json, body.substr(1), "deflate"), unreadable(json));
    EXPECT_EQ(encoded(json, stored("{"), "deflate"), unreadable(json));
    EXPECT_EQ(encoded(json, "", "deflate"), kEmpty);
    EXPECT_EQ(encoded("text/plain", "x", "br"), unreadable("text/plain"));
}

TEST(FoundryMembers, ACodeIsNotAlwaysNeeded) {
    const Sent sent{"application/json", R"({"targetUserId":"u"})"};
    EXPECT_EQ(read(sent, foundry::CallerCode::enrolled), "u||");
    EXPECT_EQ(read(sent, foundry::CallerCode::off), "u||");
    EXPECT_EQ(read({"application/json", "{}"}, foundry::CallerCode::off), kEmpty);
}

}  // namespace
}  // namespace mfa_reset::test
