// Answers, byte for byte (contracts: foundry.md, "Success" and "Errors").
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "foundry/response.hpp"
#include "foundry_edge.hpp"

namespace mfa_reset::test {
namespace {

using foundry::FieldError;
using foundry::Form;
using foundry::Format;
using foundry::Refusal;

constexpr std::string_view kNamespace =
    "http://schemas.datacontract.org/2004/07/"
    "Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts";

constexpr std::string_view kRoot =
    R"(<?xml version="1.0" encoding="utf-8"?><ResetTwoFactorAuthenticationResponse xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/Infrastructure.Api.Interfaces.ServiceOperations.UserAccounts">)";

constexpr Refusal kNotFound{.status = 404, .code = "NotFound", .message = "User not found"};

std::string success(Format format) {
    RequestMemory memory;
    return std::string(foundry::succeed({{format}, kNamespace}, memory).body);
}

std::string body(Format format, const Refusal& refusal) {
    RequestMemory memory;
    return std::string(foundry::refuse(refusal, {{format}, kNamespace}, memory).body);
}

TEST(FoundryResponse, Success) {
    EXPECT_EQ(success(Format::json), "{}");
    EXPECT_EQ(success(Format::jsv), "{}");
    EXPECT_EQ(success(Format::csv), "ResponseStatus\r\n\r\n");
    EXPECT_EQ(
        success(Format::xml),
        std::string(kRoot) +
            R"(<ResponseStatus xmlns:d2p1="http://schemas.servicestack.net/types" i:nil="true" /></ResetTwoFactorAuthenticationResponse>)");
}

TEST(FoundryResponse, NotFound) {
    EXPECT_EQ(
        body(Format::json, kNotFound),
        R"({"responseStatus":{"errorCode":"NotFound","message":"User not found","errors":[]}})");
    EXPECT_EQ(body(Format::jsv, kNotFound),
              "{responseStatus:{errorCode:NotFound,message:User not found,errors:[]}}");
    EXPECT_EQ(body(Format::csv, kNotFound),
              "ResponseStatus\r\n\"{errorCode:NotFound,message:User not found,errors:[]}\"\r\n");
    EXPECT_EQ(
        body(Format::xml, kNotFound),
        std::string(kRoot) +
            R"(<ResponseStatus xmlns:d2p1="http://schemas.servicestack.net/types"><d2p1:ErrorCode>NotFound</d2p1:ErrorCode><d2p1:Message>User not found</d2p1:Message><d2p1:StackTrace i:nil="true" /><d2p1:Errors /><d2p1:Meta xmlns:d3p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays" i:nil="true" /></ResponseStatus></ResetTwoFactorAuthenticationResponse>)");
}

TEST(FoundryResponse, FieldErrors) {
    constexpr std::array kFields{
        FieldError{"NotEmpty", "TargetUserId", "Must, not be empty", "Target User Id"}};
    const Refusal refusal{.status = 400, .code = "NotEmpty", .message = "a: b", .fields = kFields};
    EXPECT_EQ(
        body(Format::jsv, refusal),
        R"({responseStatus:{errorCode:NotEmpty,message:"a: b",errors:[{errorCode:NotEmpty,fieldName:TargetUserId,message:"Must, not be empty",meta:{PropertyName:Target User Id}}]}})");
    EXPECT_EQ(
        body(Format::csv, refusal),
        "ResponseStatus\r\n\"{errorCode:NotEmpty,message:\"\"a: b\"\",errors:[{errorCode:NotEmpty,"
        "fieldName:TargetUserId,message:\"\"Must, not be empty\"\",meta:{PropertyName:Target User "
        "Id}}]}\"\r\n");
    EXPECT_NE(
        body(Format::xml, refusal)
            .find(
                R"(<d2p1:StackTrace i:nil="true" /><d2p1:Errors><d2p1:ResponseError><d2p1:ErrorCode>NotEmpty</d2p1:ErrorCode><d2p1:FieldName>TargetUserId</d2p1:FieldName><d2p1:Message>Must, not be empty</d2p1:Message><d2p1:Meta xmlns:d5p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><d5p1:KeyValueOfstringstring><d5p1:Key>PropertyName</d5p1:Key><d5p1:Value>Target User Id</d5p1:Value></d5p1:KeyValueOfstringstring></d2p1:Meta></d2p1:ResponseError></d2p1:Errors><d2p1:Meta )"),
        std::string::npos);
}

TEST(FoundryResponse, BothFieldsInJson) {
    FoundryEdge edge;
    FoundryRequest request;
    request.body = "{}";
    EXPECT_EQ(
        edge.serve(request).body,
        R"({"responseStatus":{"errorCode":"NotEmpty","message":"'Target User Id' must not be empty.","errors":[{"errorCode":"NotEmpty","fieldName":"TargetUserId","message":"'Target User Id' must not be empty.","meta":{"PropertyName":"Target User Id"}},{"errorCode":"NotEmpty","fieldName":"CallerCode","message":"'Caller Code' must not be empty.","meta":{"PropertyName":"Caller Code"}}]}})");
}

TEST(FoundryResponse, TextFromOutsideIsEscaped) {
    const Refusal refusal{.status = 400, .code = "X", .message = "<a href=\"/\">\\ü'&\r\n,}"};
    EXPECT_EQ(
        body(Format::json, refusal),
        R"({"responseStatus":{"errorCode":"X","message":"<a href=\"/\">\\ü'&\r\n,}","errors":[]}})");
    EXPECT_EQ(body(Format::jsv, refusal),
              "{responseStatus:{errorCode:X,message:\"<a href=\"\"/\"\">\\ü'&\r\n,}\",errors:[]}}");
    EXPECT_NE(body(Format::xml, refusal).find("&lt;a href=\"/\"&gt;\\ü'&amp;&#xD;\n,}"),
              std::string::npos)
        << body(Format::xml, refusal);
}

TEST(FoundryResponse, TheNamespaceIsTheOperators) {
    RequestMemory memory;
    const Response response = foundry::succeed({{Format::xml}, "urn:a\"b&c"}, memory);
    EXPECT_NE(response.body.find("xmlns=\"urn:a&quot;b&amp;c\"><ResponseStatus"),
              std::string_view::npos);
}

TEST(FoundryResponse, Headers) {
    const struct {
        Form form;
        const char* type;
        const char* disposition;
    } table[] = {
        {{Format::json}, "application/json; charset=utf-8", "(none)"},
        {{Format::xml}, "application/xml", "(none)"},
        {{Format::jsv}, "application/jsv", "(none)"},
        {{Format::jsv, true}, "text/jsv", "(none)"},
        {{Format::csv}, "text/csv", "attachment;filename=ResetTwoFactorAuthenticationRequest.csv"},
    };
    RequestMemory memory;
    for (const auto& row : table) {
        for (const Response& response :
             {foundry::succeed({row.form, kNamespace}, memory),
              foundry::refuse(kNotFound, {row.form, kNamespace}, memory)}) {
            EXPECT_EQ(response.content_type, row.type);
            EXPECT_EQ(header(response, "Content-Disposition"), row.disposition);
            EXPECT_EQ(header(response, "Vary"), "Accept");
            EXPECT_EQ(header(response, "WWW-Authenticate"), "(none)");
            EXPECT_EQ(header(response, "Retry-After"), "(none)");
        }
    }
}

}  // namespace
}  // namespace mfa_reset::test
