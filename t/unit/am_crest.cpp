// Method, parameters, headers and body: the syntax of the call.
#include <gtest/gtest.h>

#include <string>

#include "am_edge.hpp"

namespace mfa_reset::test {
namespace {

constexpr std::string_view kOk = R"(200 {"result":true})";
constexpr std::string_view kNotImplemented =
    R"(501 {"code":501,"reason":"Not Implemented","message":"Not Implemented"})";
constexpr std::string_view kNotSupported =
    R"(501 {"code":501,"reason":"Not Implemented","message":"Operation is not supported."})";

std::string bad_request(std::string_view message) {
    return R"(400 {"code":400,"reason":"Bad Request","message":")" + std::string(message) + "\"}";
}

std::string query(std::string_view text) {
    AmRequest request;
    request.query = text;
    return outline(request);
}

TEST(AmParameters, Action) {
    EXPECT_EQ(query("_action=reset"), kOk);
    EXPECT_EQ(query("_ACTION=reset"), kOk);
    EXPECT_EQ(query("%5Faction=re%73et"), kOk);
    EXPECT_EQ(query("&&_action=reset&"), kOk);
    EXPECT_EQ(query("_action=RESET"), kNotImplemented);
    EXPECT_EQ(query("_action=reset%20"), kNotImplemented);
    EXPECT_EQ(query("_action=reset+"), kNotImplemented);
    EXPECT_EQ(query("_action=reset=1"), kNotImplemented);
    EXPECT_EQ(query("_action=Check"), kNotImplemented);
    EXPECT_EQ(query("_action=%FF"), kNotImplemented);
    EXPECT_EQ(query("_action="), kNotImplemented);
    EXPECT_EQ(query("_action"), kNotImplemented);
    EXPECT_EQ(query("+_action=reset"), kNotSupported);
    EXPECT_EQ(query(""), kNotSupported);
    EXPECT_EQ(query("action=reset"), kNotSupported);
    EXPECT_EQ(query("=reset"), kNotSupported);
}

TEST(AmParameters, ActionIsMissingInOldProtocols) {
    const auto missing = [](std::string_view version) {
        AmRequest request;
        request.query = "_fields=a";
        return outline(request.replace("Accept-API-Version", version));
    };
    const std::string no_values =
        bad_request("No values provided for the request parameter '_action'");
    EXPECT_EQ(missing("protocol=1.0,resource=1.0"), no_values);
    EXPECT_EQ(missing("protocol=2.0,resource=1.0"), no_values);
    EXPECT_EQ(missing("protocol=2,resource=1.0"), no_values);
    EXPECT_EQ(missing("protocol=2.1,resource=1.0"), kNotSupported);
    EXPECT_EQ(missing("protocol=2.2,resource=1.0"), kNotSupported);
    AmRequest empty;
    empty.query = "_action=";
    EXPECT_EQ(outline(empty.replace("Accept-API-Version", "protocol=1.0,resource=1.0")),
              kNotImplemented);
}

TEST(AmParameters, SingleValued) {
    const auto multiple = [](const std::string& name) {
        return bad_request("Multiple values provided for the single-valued request parameter '" +
                           name + "'");
    };
    EXPECT_EQ(query("_action=reset&_action=reset"), multiple("_action"));
    EXPECT_EQ(query("_action=reset&_ACTION=other"), multiple("_action"));
    EXPECT_EQ(query("_action&_action"), multiple("_action"));
    EXPECT_EQ(query("_action=reset&_prettyPrint=no&_prettyprint=true"), multiple("_prettyPrint"));
}

TEST(AmParameters, PrettyPrint) {
    constexpr std::string_view kPretty = "200 {\n  \"result\" : true\n}";
    EXPECT_EQ(query("_action=reset&_prettyPrint=true"), kPretty);
    EXPECT_EQ(query("_prettyprint=tru%65&_action=reset"), kPretty);
    for (const std::string_view value : {"TRUE", "True"}) {
        EXPECT_EQ(query("_action=reset&_prettyPrint=" + std::string(value)), kPretty) << value;
    }
    for (const std::string_view value : {"false", "", "1", "true+", "yes"}) {
        EXPECT_EQ(query("_action=reset&_prettyPrint=" + std::string(value)), kOk) << value;
    }
    EXPECT_EQ(query("_action=reset&_prettyPrint"), kOk);
}

TEST(AmParameters, Others) {
    EXPECT_EQ(query("_action=reset&_fields=a,b&_fields=*"), kOk);
    EXPECT_EQ(query("_action=reset&x=1&x=2&_y&=&_queryFilter=true"), kOk);
    EXPECT_EQ(query("_action=reset&_mimeType=a/b"),
              bad_request("Unrecognized request parameter '_mimeType'"));
    EXPECT_EQ(query("_MIMETYPE&_action=reset"),
              bad_request("Unrecognized request parameter '_mimeType'"));
}

TEST(AmParameters, BadEncodingAnywhere) {
    for (const std::string_view text : {"_action=reset&x=%", "%zz&_action=reset",
                                        "_action=reset&%4", "_action=%r", "x=%2&_action=reset"}) {
        EXPECT_EQ(query(text), "400 The request has a bad percent-encoding") << text;
    }
}

TEST(AmParameters, RealmOfTheOldForm) {
    const auto realm = [](std::string_view path, std::string_view text) {
        AmRequest request;
        request.path = path;
        request.query = text;
        const Answered answered(request);
        return answered.edge.store.orders.empty()
                   ? outline(answered.response)
                   : std::string(answered.edge.store.orders[0].target.realm);
    };
    constexpr std::string_view kOld = "/json/users/demo/devices/2fa/oath";
    constexpr std::string_view kOldBelow = "/json/a/users/demo/devices/2fa/oath";
    constexpr std::string_view kNew = "/json/realms/root/realms/a/users/demo/devices/2fa/oath";
    EXPECT_EQ(realm(kOld, "_action=reset&realm=/r/s"), "/r/s");
    EXPECT_EQ(realm(kOld, "realm=r%2Fs&_action=reset"), "/r/s");
    EXPECT_EQ(realm(kOld, "realm=%2F&_action=reset"), "/");
    EXPECT_EQ(realm(kOld, "realm=&_action=reset"), "/");
    EXPECT_EQ(realm(kOld, "realm&_action=reset"), "/");
    EXPECT_EQ(realm(kOld, "realm=a+b&_action=reset"), "/a b");
    EXPECT_EQ(realm(kOld, "Realm=/r&_action=reset"), "/");
    EXPECT_EQ(realm(kOldBelow, "_action=reset"), "/a");
    EXPECT_EQ(realm(kOldBelow, "_action=reset&realm=/r"), "/r");
    EXPECT_EQ(realm(kNew, "_action=reset&realm=/r"), "/a");
    EXPECT_EQ(realm(kNew, "_action=reset&realm=%FF&realm=//"), "/a");
    EXPECT_EQ(realm(kOld, "_action=reset&realm=/r//s"),
              R"(404 {"code":404,"reason":"Not Found","message":"Realm \"/r//s\" not found"})");
    EXPECT_EQ(realm(kOld, "_action=reset&realm=%FF"), bad_request("The realm is not UTF-8"));
    EXPECT_EQ(
        realm(kOld, "_action=reset&realm=r&realm=r"),
        bad_request("Multiple values provided for the single-valued request parameter 'realm'"));
}

std::string method(std::string_view name, std::string_view text) {
    AmRequest request;
    request.method = name;
    request.query = text;
    return outline(request);
}

TEST(AmMethod, OtherMethods) {
    EXPECT_EQ(method("GET", "_action=reset"),
              bad_request("Unrecognized request parameter '_action'"));
    EXPECT_EQ(method("GET", ""), bad_request("The resource collection  cannot be read"));
    EXPECT_EQ(method("DELETE", ""), bad_request("The resource collection  cannot be deleted"));
    EXPECT_EQ(method("DELETE", "_action=reset"),
              bad_request("The resource collection  cannot be deleted"));
    EXPECT_EQ(method("PUT", ""), bad_request("The resource collection  cannot be updated"));
    EXPECT_EQ(method("PATCH", ""), bad_request("The resource collection  cannot be patched"));
    for (const std::string name : {"HEAD", "post", "get", "options", "PURGE", "a\"b"}) {
        const std::string quoted = name == "a\"b" ? "a\\\"b" : name;
        EXPECT_EQ(method(name, "_action=reset"),
                  R"(501 {"code":501,"reason":"Not Implemented","message":"Method )" + quoted +
                      R"( not supported"})");
    }
}

TEST(AmMethod, OverrideCountsOnPostOnly) {
    const auto overridden = [](std::string_view name, std::string_view by,
                               std::string_view text = "_action=reset") {
        AmRequest request;
        request.method = name;
        request.query = text;
        return outline(request.with("x-http-method-override", by));
    };
    EXPECT_EQ(overridden("POST", "GET"), bad_request("Unrecognized request parameter '_action'"));
    EXPECT_EQ(overridden("POST", "DELETE", ""),
              bad_request("The resource collection  cannot be deleted"));
    EXPECT_EQ(
        overridden("POST", "PURGE"),
        R"(501 {"code":501,"reason":"Not Implemented","message":"Method PURGE not supported"})");
    EXPECT_EQ(overridden("POST", "OPTIONS"), "200 ");
    EXPECT_EQ(overridden("POST", "POST"), kOk);
    EXPECT_EQ(overridden("POST", ""), kOk);
    EXPECT_EQ(overridden("GET", "POST"), bad_request("Unrecognized request parameter '_action'"));
    EXPECT_EQ(overridden("DELETE", "POST", ""),
              bad_request("The resource collection  cannot be deleted"));
}

TEST(AmMethod, Instances) {
    AmRequest request;
    request.path = "/json/realms/root/users/demo/devices/2fa/oath/abc";
    EXPECT_EQ(outline(request), kNotSupported);
    request.query = "_action=other";
    EXPECT_EQ(outline(request), kNotSupported);
    request.method = "GET";
    request.query = "";
    EXPECT_EQ(outline(request), kNotSupported);
    request.method = "POST";
    request.path = "/json/realms/root/users/demo/devices/2fa/oath/a/b";
    EXPECT_EQ(outline(request),
              R"(404 {"code":404,"reason":"Not Found","message":"Resource 'a/b' not found"})");
}

TEST(AmHeaders, ContentType) {
    const auto answer = [](std::string_view value) {
        return outline(AmRequest().replace("Content-Type", value));
    };
    EXPECT_EQ(outline(AmRequest().without("Content-Type")), kOk);
    for (const std::string_view value :
         {"", "application/json", "Application/JSON", "application/json;charset=UTF-8",
          "application/json ; charset=latin1;x=y", "application/json;",
          "multipart/form-data; boundary=x", "MULTIPART/form-data"}) {
        EXPECT_EQ(answer(value), kOk) << value;
    }
    for (const std::string_view value :
         {"text/plain", "application/x-www-form-urlencoded", "application/jsonx",
          "application/json5", "json", "application", "text/json", "multipart/mixed",
          "application/json,text/plain"}) {
        const std::string refusal = bad_request(
            "The request could not be processed because it specified the content-type '" +
            std::string(value) +
            "' when only the content-type 'application/json' and 'multipart/form-data' are "
            "supported");
        EXPECT_EQ(answer(value), refusal);
        EXPECT_EQ(answer(std::string(value) + " ; charset=UTF-8"), refusal);
    }
}

TEST(AmHeaders, Conditions) {
    const auto answer = [](std::string_view name, std::string_view value) {
        return outline(AmRequest().with(name, value));
    };
    for (const std::string name : {"If-Modified-Since", "If-Unmodified-Since"}) {
        EXPECT_EQ(answer(name, "Sat, 29 Oct 1994 19:43:31 GMT"),
                  R"(409 {"code":409,"reason":"Conflict","message":"Header )" + name +
                      R"( not supported"})");
    }
    for (const std::string name : {"If-Match", "If-None-Match"}) {
        for (const std::string_view value : {"*", "\"1\"", ""}) {
            EXPECT_EQ(answer(name, value),
                      R"(412 {"code":412,"reason":"Precondition Failed","message":")" + name +
                          R"( not supported for POST requests"})");
        }
    }
    EXPECT_EQ(answer("If-Range", "x"), kOk);
    EXPECT_EQ(answer("IF-MATCH", "*"), answer("If-Match", "*"));
}

std::string body(std::string_view text, std::string_view content_type = "application/json") {
    AmRequest request;
    request.body = text;
    return outline(request.replace("Content-Type", content_type));
}

TEST(AmBody, AnyJsonOrNone) {
    for (const std::string_view text :
         {"", "{}", " {} ", "\"<object>\"", "null", "[1,2]", "{\"a\":{}}", "\n"}) {
        EXPECT_EQ(body(text), kOk) << text;
    }
    EXPECT_EQ(body("{", ""), body("{"));
}

TEST(AmBody, NotJson) {
    constexpr std::string_view kNotJson =
        R"(400 {"code":400,"reason":"Bad Request","message":"The request could not be processed )"
        R"(because the provided content is not valid JSON","detail":")";
    EXPECT_EQ(body("<object>"), std::string(kNotJson) + R"(line 1, column 1"})");
    EXPECT_EQ(body("{\"a\":1,\n x}"), std::string(kNotJson) + R"(line 2, column 2"})");
    EXPECT_EQ(body("_action=reset"), std::string(kNotJson) + R"(line 1, column 1"})");
    EXPECT_EQ(body(std::string(64, '[') + std::string(64, ']')), kOk);
    EXPECT_EQ(body(std::string(65, '[') + std::string(65, ']')),
              std::string(kNotJson) + R"(nested deeper than 64 at line 1, column 65"})");
    EXPECT_EQ(body("{} {}"), bad_request("The request could not be processed because there is "
                                         "trailing data after the JSON content"));
}

TEST(AmBody, TooLarge) {
    AmRequest request;
    request.body = "";
    request.body_state = Request::Body::too_large;
    constexpr std::string_view kTooLarge =
        R"(413 {"code":413,"reason":"Request Entity Too Large","message":"The request content is )"
        R"(larger than 65536 bytes"})";
    EXPECT_EQ(outline(request), kTooLarge);
    EXPECT_EQ(outline(request.replace("Content-Type", "multipart/form-data")), kTooLarge);
}

TEST(AmBody, MultipartIsNotLookedInto) {
    EXPECT_EQ(body("--x\r\n\r\nfile\r\n--x--\r\n", "multipart/form-data; boundary=x"), kOk);
}

TEST(AmBody, IsNotReadForOtherMethods) {
    AmRequest request;
    request.body = "{";
    request.method = "DELETE";
    request.query = "";
    EXPECT_EQ(outline(request), bad_request("The resource collection  cannot be deleted"));
}

}  // namespace
}  // namespace mfa_reset::test
