// The media type that Accept headers choose.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "http/accept.hpp"

namespace mfa_reset::http {
namespace {

constexpr std::array<std::string_view, 3> kOffered{"application/json", "application/xml",
                                                   "text/plain"};

std::optional<std::size_t> negotiate(std::string_view accept,
                                     std::span<const std::string_view> offered) {
    Negotiation negotiation(offered);
    negotiation.read(accept);
    return negotiation.choose();
}

/// The chosen type's subtype; `none` if no type is acceptable.
std::string_view chosen(std::optional<std::size_t> choice) {
    return choice ? kOffered[*choice].substr(kOffered[*choice].find('/') + 1) : "none";
}

struct Row {
    std::string_view accept;
    std::string_view expected;
};

void check(std::span<const Row> table) {
    for (const Row& row : table) {
        EXPECT_EQ(chosen(negotiate(row.accept, kOffered)), row.expected) << row.accept;
    }
}

TEST(HttpAccept, OneType) {
    check(std::to_array<Row>({
        {"", "json"},
        {" \t", "json"},
        {",", "json"},
        {" , ,\t,", "json"},
        {"*/*", "json"},
        {"*", "json"},
        {"application/*", "json"},
        {"application/json", "json"},
        {"application/xml", "xml"},
        {"text/plain", "plain"},
        {"text/*", "plain"},
        {"APPLICATION/XML", "xml"},
        {"Text/*", "plain"},
        {"text/html", "none"},
        {"image/*", "none"},
        {"application/jsonp", "none"},
        {"application/json+xml", "none"},
        {"text/xml", "none"},
        {"text", "none"},
    }));
}

TEST(HttpAccept, Weights) {
    check(std::to_array<Row>({
        {"application/json;q=0.5, application/xml", "xml"},
        {"application/json;q=0.5, application/xml;q=0.7, text/plain;q=0.6", "xml"},
        {"application/json;q=0.001, application/xml;q=0.002, text/plain;q=0.003", "plain"},
        {"application/json;q=0.9, application/xml;q=0.90", "json"},
        {"application/json;q=1, application/xml;q=1.000", "json"},
        {"application/json;q=1., application/xml;q=0.", "json"},
        {"application/json;q=0, */*", "xml"},
        {"*/*, application/json;q=0", "xml"},
        {"application/*;q=0, */*;q=0.1", "plain"},
        {"*/*;q=0", "none"},
        {"application/json;q=0", "none"},
        {"application/json;q=0.000", "none"},
        {"application/json;q=0.0001", "none"},
        {"application/json;q=0.9999,application/xml;q=0.999", "json"},
        {"application/json;Q=0.1, application/xml;q=0.2", "xml"},
        {"application/json ; q=0.1 , application/xml\t;\tq=0.2", "xml"},
        {"application/json;q=\"0.1\", application/xml;q=0.2", "xml"},
        {"*/*;q=0.1, text/plain;q=0.05", "json"},
    }));
}

TEST(HttpAccept, TheMostPreciseRangeDecidesTheWeight) {
    check(std::to_array<Row>({
        {"application/*;q=0.9, application/json;q=0.1", "xml"},
        {"application/json;q=0.1, application/*;q=0.9", "xml"},
        {"*/*;q=0.9, application/*;q=0.1", "plain"},
        {"text/plain;q=0.2, text/*;q=0.9, application/xml;q=0.5, */*;q=0.1", "xml"},
        {"application/json;q=0.1, application/json;charset=utf-8;q=0.9, application/xml;q=0.5",
         "json"},
        {"application/json;q=0.9, application/json;charset=utf-8;q=0.1, application/xml;q=0.5",
         "xml"},
        {"application/json;q=0, application/json, application/xml;q=0.5", "json"},
    }));
}

TEST(HttpAccept, Ties) {
    check(std::to_array<Row>({
        {"application/xml, application/json", "xml"},
        {"text/plain, application/xml, application/json", "plain"},
        {"application/json, application/xml", "json"},
        {"*/*, application/xml", "xml"},
        {"text/*, */*", "plain"},
        {"text/html, application/*, text/*", "json"},
        {"text/html, text/*, application/*", "plain"},
        {"text/html, application/xml;q=0.9, */*;q=0.9", "xml"},
    }));
}

TEST(HttpAccept, WhatClientsSend) {
    check(std::to_array<Row>({
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml"},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
         "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
         "xml"},
        {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "json"},
        {"application/json, text/plain, */*", "json"},
        {"application/json;charset=UTF-8", "json"},
        {"text/plain; charset=\"utf-8\"", "plain"},
        {"application/xml; charset=utf8", "none"},
        {"text/plain;charset=ISO-8859-1", "none"},
        {"application/json;odata=verbose", "none"},
        {"application/json;odata=verbose, application/xml;q=0.1", "xml"},
    }));
}

TEST(HttpAccept, IgnoresInvalidMembers) {
    check(std::to_array<Row>({
        {"json", "none"},
        {"/", "none"},
        {"*/xml", "none"},
        {"*/json, application/xml;q=0.1", "xml"},
        {"application/", "none"},
        {"application /json", "none"},
        {"application/json text/plain", "none"},
        {"application/json;q", "none"},
        {"application/json;q=", "none"},
        {"application/json;q=.", "none"},
        {"application/json;q=x", "none"},
        {"application/json;q=-1", "none"},
        {"application/json;q=1.001", "none"},
        {"application/json;q=2", "none"},
        {"application/json;q=0.1x", "none"},
        {"application/json;q=10", "none"},
        {"application/json;q=0.5;q=0.6", "none"},
        {"application/json;q =1", "none"},
        {"application/json;=1", "none"},
        {"application/json;q=\"1", "none"},
        {"application/json;q=\"", "none"},
        {"application/json;;q=0.5;", "json"},
        {"application/json;q=x, text/plain;q=0.1", "plain"},
        {"application/xml;x=\",text/plain\", application/json;q=0.1", "json"},
        {"application/xml;x=\"\\\",text/plain\", application/json;q=0.1", "json"},
        {"application/xml;x=\"\\", "none"},
        {"application/xml;x=\", text/plain, application/json", "none"},
        {"t\xC3\xA9xt/plain", "none"},
    }));
}

TEST(HttpAccept, LinesAreOneList) {
    const auto read = [](std::initializer_list<std::string_view> lines) {
        Negotiation negotiation(kOffered);
        for (const std::string_view line : lines) {
            negotiation.read(line);
        }
        return chosen(negotiation.choose());
    };
    EXPECT_EQ(read({}), "json");
    EXPECT_EQ(read({"", ""}), "json");
    EXPECT_EQ(read({"application/json;q=0.1", "application/xml;q=0.2"}), "xml");
    EXPECT_EQ(read({"text/html", "text/plain, application/json"}), "plain");
    EXPECT_EQ(read({"text/html", ""}), "none");
    EXPECT_EQ(read({"*/*", "*/*;q=0"}), "json");
}

TEST(HttpAccept, TheFirstOfferedTypeIsTheDefault) {
    constexpr std::array<std::string_view, 2> kXmlFirst{"application/xml", "application/json"};
    EXPECT_EQ(negotiate("*/*", kXmlFirst), 0U);
    EXPECT_EQ(negotiate("application/*", kXmlFirst), 0U);
    EXPECT_EQ(negotiate("application/*, application/json", kXmlFirst), 1U);
}

TEST(HttpAccept, LongLists) {
    std::string accept;
    for (int i = 0; i < 20000; ++i) {
        accept += "a/b;c=\"d\",";
    }
    EXPECT_EQ(chosen(negotiate(accept, kOffered)), "none");
    EXPECT_EQ(chosen(negotiate(accept + "text/plain", kOffered)), "plain");
}

}  // namespace
}  // namespace mfa_reset::http
