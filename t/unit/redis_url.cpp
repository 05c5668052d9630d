// URLs of a Redis: what they mean, and what is refused, without quoting a password.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "redis/protocol/url.hpp"

namespace mfa_reset::redis {
namespace {

using namespace std::string_literals;

Url tcp(std::string host, std::uint16_t port, std::string user = {}, std::string password = {},
        unsigned database = 0) {
    Url url;
    url.addresses = {{.host = std::move(host), .port = port, .unix_path = {}}};
    url.credentials = {.user = std::move(user), .password = std::move(password)};
    url.database = database;
    return url;
}

Url unix_socket(std::string path, unsigned database = 0) {
    Url url;
    url.addresses = {{.host = {}, .port = 0, .unix_path = std::move(path)}};
    url.database = database;
    return url;
}

Url tls(Url url) {
    url.tls = true;
    return url;
}

Url many(Url::Kind kind, std::vector<Address> addresses, std::string master = {}) {
    Url url;
    url.kind = kind;
    url.addresses = std::move(addresses);
    url.master = std::move(master);
    return url;
}

Url sentinels(std::vector<Address> addresses, std::string master, unsigned database = 0) {
    Url url = many(Url::Kind::sentinel, std::move(addresses), std::move(master));
    url.database = database;
    return url;
}

Address at(std::string host, std::uint16_t port) { return {std::move(host), port, {}}; }

std::string describe(const Url& url) {
    return url.public_text() + " user " + url.credentials.user + " password " +
           url.credentials.password;
}

TEST(RedisUrl, Good) {
    const std::string longest = "/" + std::string(106, 's');
    const struct {
        std::string url;
        Url means;
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
        {"rediss://u:p@host:1/2", tls(tcp("host", 1, "u", "p", 2))},
        {"redis+sentinel://a,b:1,[::1]:2/main",
         sentinels({at("a", 26379), at("b", 1), at("::1", 2)}, "main")},
        {"redis+sentinel://a/main/", sentinels({at("a", 26379)}, "main")},
        {"rediss+sentinel://a/ma%2Fin/3", tls(sentinels({at("a", 26379)}, "ma/in", 3))},
        {"redis+cluster://a,b:1", many(Url::Kind::cluster, {at("a", 6379), at("b", 1)})},
        {"rediss+cluster://a/", tls(many(Url::Kind::cluster, {at("a", 6379)}))},
        {"redis+cluster://a/0", many(Url::Kind::cluster, {at("a", 6379)})},
    };
    for (const auto& row : table) {
        const auto result = parse_url(row.url);
        const auto* url = std::get_if<Url>(&result);
        ASSERT_NE(url, nullptr) << row.url << " " << std::get<UrlError>(result).message;
        EXPECT_EQ(describe(*url), describe(row.means)) << row.url;
        EXPECT_TRUE(*url == row.means) << row.url;
    }
}

TEST(RedisUrl, Bad) {
    constexpr std::string_view kScheme = "the URL begins with no scheme that is known";
    constexpr std::string_view kMaster = "the name of the master is missing";
    constexpr std::string_view kEncoding = "user or password is not percent-encoded";
    constexpr std::string_view kAddress = "no valid host and port";
    constexpr std::string_view kTwice = "a host and port is there twice";
    constexpr std::string_view kDatabase = "the database is not a number";
    constexpr std::string_view kPath = "the path of the unix socket is not absolute, or too long";
    std::string many_commas;
    for (int i = 0; i < 32; ++i) {
        many_commas += ",b" + std::to_string(i);
    }
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
        {"redisss://hunter2@host", kScheme},
        {"unix+tls:/hunter2", kScheme},
        {"redis+sentinel://:hunter2@a:1,b:2", kMaster},
        {"redis+sentinel://:hunter2@a:1,b:2/", kMaster},
        {"redis+sentinel://:hunter2@a:1,b:2//0", kMaster},
        {"redis+sentinel://:hunter2@a/%", kMaster},
        {"redis+sentinel://a/name/x", kDatabase},
        {"redis+sentinel://a,/name", kAddress},
        {"redis+sentinel://,a/name", kAddress},
        {"redis+sentinel:///name", kAddress},
        {"redis+cluster://a:1/1", "a cluster has no databases"},
        {"redis+cluster://", kAddress},
        {"redis+cluster://a,b:0", kAddress},
        {"redis+cluster://a" + many_commas, "there are more than 32 hosts"},
        {"redis+cluster://a,b,a:6379", kTwice},
        {"redis+sentinel://a,b,a:26379/name", kTwice},
        {"redis+sentinel://[::1],[::1]/name", kTwice},
        {"redis://a,b", kAddress},
        {"redis://host?db=3", kAddress},
        {"redis://ho st", kAddress},
        {"redis://h\xC3\xB6st", kAddress},
        {"redis://[::1\n]", kAddress},
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
        EXPECT_EQ(error->message,
                  std::string{row.what} +
                      ": write redis[s]://[user[:password]@]host[:port][/db], unix:/path[:/db], "
                      "redis[s]+sentinel://[user[:password]@]host[:port],.../master[/db] or "
                      "redis[s]+cluster://[user[:password]@]host[:port],...")
            << row.url;
        EXPECT_EQ(error->message.find("hunter2"), std::string::npos) << row.url;
    }
}

TEST(RedisUrl, TheLogGetsItWithoutUserAndPassword) {
    for (const std::string_view text :
         {"redis://h:1", "rediss://h:1/2", "redis://[::1]:6379", "unix:/s", "unix:/s:/3",
          "redis+sentinel://a:1,b:2/main", "rediss+sentinel://a:1/main/4",
          "redis+cluster://a:1,b:2"}) {
        const auto result = parse_url(text);
        EXPECT_EQ(std::get<Url>(result).public_text(), text);
    }
    const auto secret = parse_url("redis://u:hunter2@h:1/2");
    EXPECT_EQ(std::get<Url>(secret).public_text(), "redis://h:1/2");
}

}  // namespace
}  // namespace mfa_reset::redis
