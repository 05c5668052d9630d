// URLs of a Redis: what they mean, and what is refused, without quoting a password.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "redis/url.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::string_literals;

Endpoint tcp(std::string host, std::uint16_t port, std::string user = {}, std::string password = {},
             unsigned database = 0) {
    return {.host = std::move(host),
            .port = port,
            .unix_path = {},
            .user = std::move(user),
            .password = std::move(password),
            .database = database};
}

Endpoint unix_socket(std::string path, unsigned database = 0) {
    Endpoint endpoint;
    endpoint.unix_path = std::move(path);
    endpoint.database = database;
    return endpoint;
}

std::string describe(const Endpoint& endpoint) {
    return endpoint.host + " port " + std::to_string(endpoint.port) + " path " +
           endpoint.unix_path + " user " + endpoint.user + " password " + endpoint.password +
           " db " + std::to_string(endpoint.database);
}

TEST(RedisUrl, Good) {
    const std::string longest = "/" + std::string(106, 's');
    const struct {
        std::string url;
        Endpoint means;
    } table[] = {
        {"redis://localhost", tcp("localhost", 6379)},
        {"redis://localhost/", tcp("localhost", 6379)},
        {"redis://localhost:6380", tcp("localhost", 6380)},
        {"redis://localhost:1/15", tcp("localhost", 1, "", "", 15)},
        {"redis://192.0.2.1:65535/0", tcp("192.0.2.1", 65535)},
        {"redis://[::1]", tcp("::1", 6379)},
        {"redis://[2001:db8::7]:6380/3", tcp("2001:db8::7", 6380, "", "", 3)},
        {"redis://:secret@host", tcp("host", 6379, "", "secret")},
        {"redis://edge:secret@host:7000/2", tcp("host", 7000, "edge", "secret", 2)},
        {"redis://edge@host", tcp("host", 6379, "edge")},
        {"redis://edge:@host", tcp("host", 6379, "edge")},
        {"redis://@host", tcp("host", 6379)},
        {"redis://a%40b:p%3A%2f%25%20%00z@[::1]:1", tcp("::1", 1, "a@b", "p:/% \0z"s)},
        {"redis://u:p:q@host", tcp("host", 6379, "u", "p:q")},
        {"redis://u:p@q@host", tcp("host", 6379, "u", "p@q")},
        {"redis://u:p/q@host/1", tcp("host", 6379, "u", "p/q", 1)},
        {"redis://host/4294967295", tcp("host", 6379, "", "", 4294967295U)},
        {"unix:/run/redis/redis.sock", unix_socket("/run/redis/redis.sock")},
        {"unix:/run/redis.sock:/7", unix_socket("/run/redis.sock", 7)},
        {"unix:/run/a:b.sock", unix_socket("/run/a:b.sock")},
        {"unix:" + longest, unix_socket(longest)},
        {"unix:" + longest + ":/1", unix_socket(longest, 1)},
    };
    for (const auto& row : table) {
        const auto result = parse_url(row.url);
        const auto* endpoint = std::get_if<Endpoint>(&result);
        ASSERT_NE(endpoint, nullptr) << row.url << " " << std::get<UrlError>(result).message;
        EXPECT_EQ(describe(*endpoint), describe(row.means)) << row.url;
        EXPECT_TRUE(*endpoint == row.means) << row.url;
    }
}

TEST(RedisUrl, Bad) {
    constexpr std::string_view kScheme = "the URL begins neither with redis:// nor with unix:";
    constexpr std::string_view kEncoding = "user or password is not percent-encoded";
    constexpr std::string_view kAddress = "no valid host and port";
    constexpr std::string_view kDatabase = "the database is not a number";
    constexpr std::string_view kPath = "the path of the unix socket is not absolute, or too long";
    const struct {
        std::string url;
        std::string_view what;
    } table[] = {
        {"", kScheme},
        {"localhost", kScheme},
        {"127.0.0.1:6379", kScheme},
        {"redis:/host", kScheme},
        {"Redis://host", kScheme},
        {"http://host", kScheme},
        {"rediss://hunter2@host", kScheme},
        {"redis+sentinel://:hunter2@a:1,b:2/name", kScheme},
        {"redis+cluster://a:1", kScheme},
        {"redis://", kAddress},
        {"redis:///0", kAddress},
        {"redis://:6379", kAddress},
        {"redis://u:hunter2@", kAddress},
        {"redis://u:hunter2@:6379/0", kAddress},
        {"redis://host:", kAddress},
        {"redis://host:0", kAddress},
        {"redis://host:65536", kAddress},
        {"redis://host:99999999999", kAddress},
        {"redis://host:-1", kAddress},
        {"redis://host:+1", kAddress},
        {"redis://host: 1", kAddress},
        {"redis://host:1x", kAddress},
        {"redis://host:hunter2", kAddress},
        {"redis://::1", kAddress},
        {"redis://fe80::1:6379", kAddress},
        {"redis://[::1", kAddress},
        {"redis://[]", kAddress},
        {"redis://[::1]6379", kAddress},
        {"redis://[::1]:", kAddress},
        {"redis://host/x", kDatabase},
        {"redis://host/-1", kDatabase},
        {"redis://host/1 ", kDatabase},
        {"redis://host/1/2", kDatabase},
        {"redis://host/4294967296", kDatabase},
        {"redis://u:hunter2%@host", kEncoding},
        {"redis://u:hunter2%4@host", kEncoding},
        {"redis://u:hunter2%zz@host", kEncoding},
        {"redis://u:hunter2%4g@host", kEncoding},
        {"redis://%zz:hunter2@host", kEncoding},
        {"unix:", kPath},
        {"unix:run/redis.sock", kPath},
        {"unix:/hunter2:/hunter2", kDatabase},
        {"unix:/" + std::string(107, 's'), kPath},
        {"unix:/run/redis.sock:/", kDatabase},
        {"unix:/run/redis.sock:/x", kDatabase},
        {"unix:/run/redis.sock:/-1", kDatabase},
    };
    for (const auto& row : table) {
        const auto result = parse_url(row.url);
        const auto* error = std::get_if<UrlError>(&result);
        ASSERT_NE(error, nullptr) << row.url;
        EXPECT_EQ(error->message, std::string{row.what} +
                                      ": write redis://[user[:password]@]host[:port][/db] or "
                                      "unix:/path[:/db]")
            << row.url;
        EXPECT_EQ(error->message.find("hunter2"), std::string::npos) << row.url;
    }
}

}  // namespace
}  // namespace mfa_reset::redis
