// multipart/form-data: what clients send, and what is malformed.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/multipart.hpp"
#include "http/parameters.hpp"
#include "members_edge.hpp"

namespace mfa_reset::http {
namespace {

using namespace std::string_literals;
using test::repeated;

std::string part(std::string_view name, std::string_view value) {
    return "--b\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" +
           std::string(value) + "\r\n";
}

std::string line_of(std::string_view type, std::string_view body) {
    static thread_local std::string_view current;
    current = type;
    return test::line_of(
        [](std::string_view text, Memory& memory, format::MemberNames wanted) {
            return read_multipart_members(text, current, memory, wanted);
        },
        body);
}

std::string line_of(const std::string& body) {
    return line_of("multipart/form-data; boundary=b", body);
}

TEST(HttpMultipart, WhatClientsSend) {
    // Node's FormData.
    EXPECT_EQ(line_of("multipart/form-data; boundary=----formdata-undici-0123",
                      "------formdata-undici-0123\r\nContent-Disposition: form-data; "
                      "name=\"targetUserId\"\r\n\r\nu-42\r\n------formdata-undici-0123\r\n"
                      "Content-Disposition: form-data; name=\"callerCode\"\r\n\r\n492039\r\n"
                      "------formdata-undici-0123--\r\n"),
              "targetUserId=u-42|callerCode=492039");
    // .NET's MultipartFormDataContent: a quoted boundary, names without quotes.
    EXPECT_EQ(line_of("multipart/form-data; boundary=\"5f2e-11\"",
                      "--5f2e-11\r\nContent-Type: text/plain; charset=utf-8\r\n"
                      "Content-Disposition: form-data; name=TargetUserId\r\n\r\nu,1\r\n"
                      "--5f2e-11--\r\n"),
              "TargetUserId=u,1");
    // curl -F, with a file beside.
    EXPECT_EQ(
        line_of("multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"file\"; "
                "filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n\xFF\x01\r\n"
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--"),
        "a=1");
}

TEST(HttpMultipart, Parts) {
    EXPECT_EQ(line_of("--b--"), "");
    EXPECT_EQ(line_of(part("a", "1") + part("b", "") + part("c", "\r\n--\r\nx\r\n-b") + "--b--"),
              "a=1|b=|c=\r\n--\r\nx\r\n-b");
    EXPECT_EQ(line_of("before\r\n" + part("a", "1") + "--b--after"), "a=1");
    EXPECT_EQ(line_of("--b \t\r\ncontent-disposition:form-data;NAME=a\r\nX: y\r\n\r\n1\r\n--b--"),
              "a=1");
    EXPECT_EQ(line_of("--b\r\n\r\nno headers\r\n--b--"), "");
    EXPECT_EQ(line_of("--b\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--b--"), "");
    for (const char* const file : {"filename=a", "filename=\"\"", "filename*=UTF-8''a"}) {
        EXPECT_EQ(line_of("--b\r\nContent-Disposition: form-data; name=\"a\"; "s + file +
                          "\r\n\r\n\xFF\r\n--b--"),
                  "")
            << file;
    }
    EXPECT_EQ(line_of(part("a", "\xC3\xA9") + "--b--"), "a=\xC3\xA9");
}

TEST(HttpMultipart, Malformed) {
    const std::string good = part("a", "1") + "--b--";
    EXPECT_EQ(line_of(""), "") << "an empty body is an empty record";
    for (std::size_t size = 1; size < good.size(); ++size) {
        EXPECT_EQ(line_of(good.substr(0, size)), "refused") << size;
    }
    for (const std::string& body :
         {"--bX\r\n\r\n\r\n--b--"s, "--b\r\n--b--"s, "--b\r\nA: b\r\n--b--"s, "-b--"s,
          part("a", "\xFF") + "--b--", part("\xFF", "a") + "--b--", "{}"s,
          "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--"s}) {
        EXPECT_EQ(line_of(body), "refused") << body;
    }
    for (const char* const type :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary",
          "multipart/form-data; boundary=\"b", "multipart/form-data; x=\"; boundary=b",
          "multipart/form-data; boundary=c"}) {
        EXPECT_EQ(line_of(type, good), "refused") << type;
    }
    const std::string longest(70, 'b');
    EXPECT_EQ(line_of("multipart/form-data; boundary=" + longest, "--" + longest + "--"), "");
    EXPECT_EQ(line_of("multipart/form-data; boundary=b" + longest, "--b" + longest + "--"),
              "refused");
}

TEST(HttpMultipart, AsManyPartsAsARecordHasMembers) {
    EXPECT_NE(line_of(repeated(part("a", ""), format::kMaxMembers) + "--b--"), "refused");
    EXPECT_EQ(line_of(repeated(part("a", ""), format::kMaxMembers + 1) + "--b--"), "refused");
}

/// The value of `name`, or `-`.
std::string found(std::string_view value) {
    return std::string(find_parameter(value, "name").value_or("-"));
}

TEST(HttpParameters, Values) {
    EXPECT_EQ(found("form-data; name=a"), "a");
    EXPECT_EQ(found("form-data;NAME = a ;b=c"), "a");
    EXPECT_EQ(found("form-data; name=\"a;b\"; name=c"), "a;b");
    EXPECT_EQ(found("form-data; x=\";name=b\"; name=\"a\""), "a");
    EXPECT_EQ(found(R"(form-data; x="\"; name=b"; name="a\"")"), R"(a\")");
    EXPECT_EQ(found("form-data; name=\"\""), "");
    EXPECT_EQ(found("form-data; name="), "");
    EXPECT_EQ(found(";;; name=a"), "a");
    for (const char* const value :
         {"", "name=a", "form-data; name", "form-data; names=a", "form-data; name=\"a",
          "form-data; x=\"y; name=a", "form-data; filename=a", "form-data; name;x=a"}) {
        EXPECT_EQ(found(value), "-") << value;
    }
}

}  // namespace
}  // namespace mfa_reset::http
