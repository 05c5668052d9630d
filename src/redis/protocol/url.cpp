#include "redis/protocol/url.hpp"

#include <algorithm>
#include <charconv>
#include <memory_resource>
#include <optional>
#include <utility>

#include "http/percent.hpp"
#include "redis/protocol/host.hpp"

namespace mfa_reset::redis {

namespace {

constexpr std::string_view kForms =
    "write redis[s]://[user[:password]@]host[:port][/db], unix:/path[:/db], "
    "redis[s]+sentinel://[user[:password]@]host[:port],.../master[/db] or "
    "redis[s]+cluster://[user[:password]@]host[:port],...";
constexpr std::uint16_t kSentinelPort = 26379;
/// Each may become a connection.
constexpr std::size_t kMostAddresses = 32;

UrlError error(std::string_view what) { return {std::string{what} + ": " + std::string{kForms}}; }

/// nullopt: a `%` without two hex digits after it.
std::optional<std::string> percent_decoded(std::string_view text) {
    std::pmr::monotonic_buffer_resource memory;
    const auto decoded = http::decode_percent(text, http::Plus::literal, memory);
    return decoded ? std::optional<std::string>{*decoded} : std::nullopt;
}

template <class Number>
bool parse_number(std::string_view text, Number& number) noexcept {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return !text.empty() && result.ec == std::errc{} && result.ptr == end;
}

struct Scheme {
    std::string_view text;
    Url::Kind kind;
    bool tls;
};

constexpr Scheme kSchemes[] = {
    {"redis://", Url::Kind::server, false},
    {"rediss://", Url::Kind::server, true},
    {"redis+sentinel://", Url::Kind::sentinel, false},
    {"rediss+sentinel://", Url::Kind::sentinel, true},
    {"redis+cluster://", Url::Kind::cluster, false},
    {"rediss+cluster://", Url::Kind::cluster, true},
};
constexpr std::string_view kUnix = "unix:";

bool parse_credentials(std::string_view text, Credentials& credentials) {
    const auto colon = text.find(':');
    const auto user = percent_decoded(text.substr(0, colon));
    if (!user) {
        return false;
    }
    credentials.user = *user;
    if (colon != std::string_view::npos) {
        const auto password = percent_decoded(text.substr(colon + 1));
        if (!password) {
            return false;
        }
        credentials.password = *password;
    }
    return true;
}

/// `host`, `host:port`, `[::1]`, `[::1]:port`.
bool parse_address(std::string_view text, Address& address) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) {
            return false;
        }
        address.host = text.substr(1, close - 1);
        rest = text.substr(close + 1);
    } else {
        const auto colon = text.find(':');
        address.host = text.substr(0, colon);
        rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    if (!is_host(address.host)) {
        return false;
    }
    if (rest.empty()) {
        return true;
    }
    return rest.front() == ':' && parse_number(rest.substr(1), address.port) && address.port != 0;
}

/// One address or, with sentinels and a cluster, several with commas between. Each may be given
/// only once: a sentinel given twice would have two votes. Returns what is wrong, or an empty text.
std::string_view parse_addresses(std::string_view text, Url& url) {
    for (;;) {
        const auto comma = url.kind == Url::Kind::server ? std::string_view::npos : text.find(',');
        Address address;
        if (url.kind == Url::Kind::sentinel) {
            address.port = kSentinelPort;
        }
        if (!parse_address(text.substr(0, comma), address)) {
            return "no valid host and port";
        }
        if (std::ranges::find(url.addresses, address) != url.addresses.end()) {
            return "a host and port is there twice";
        }
        if (url.addresses.size() == kMostAddresses) {
            return "there are more than 32 hosts";
        }
        url.addresses.push_back(std::move(address));
        if (comma == std::string_view::npos) {
            return {};
        }
        text.remove_prefix(comma + 1);
    }
}

/// What follows the addresses: with sentinels the master's name, and the database. Returns what is
/// wrong with it, or an empty text.
std::string_view parse_path(std::optional<std::string_view> path, Url& url) {
    if (url.kind == Url::Kind::sentinel) {
        const auto text = path.value_or(std::string_view{});
        const auto slash = text.find('/');
        const auto master = percent_decoded(text.substr(0, slash));
        if (!master || master->empty()) {
            return "the name of the master is missing";
        }
        url.master = *master;
        path =
            slash == std::string_view::npos ? std::nullopt : std::optional{text.substr(slash + 1)};
    }
    if (!path || path->empty()) {
        return {};
    }
    if (!parse_number(*path, url.database)) {
        return "the database is not a number";
    }
    const bool fits = url.kind != Url::Kind::cluster || url.database == 0;
    return fits ? std::string_view{} : "a cluster has no databases";
}

std::variant<Url, UrlError> parse_network(const Scheme& scheme, std::string_view rest) {
    Url url{
        .kind = scheme.kind, .tls = scheme.tls, .addresses = {}, .master = {}, .credentials = {}};
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        if (!parse_credentials(rest.substr(0, at), url.credentials)) {
            return error("user or password is not percent-encoded");
        }
        rest.remove_prefix(at + 1);
    }
    std::optional<std::string_view> path;
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        path = rest.substr(slash + 1);
        rest = rest.substr(0, slash);
    }
    if (const auto wrong = parse_path(path, url); !wrong.empty()) {
        return error(wrong);
    }
    if (const auto wrong = parse_addresses(rest, url); !wrong.empty()) {
        return error(wrong);
    }
    return url;
}

std::variant<Url, UrlError> parse_unix(std::string_view rest) {
    constexpr std::size_t kMostPath = 107;  // sockaddr_un.sun_path, with its NUL 108
    Url url;
    if (const auto colon = rest.rfind(":/"); colon != std::string_view::npos) {
        if (!parse_number(rest.substr(colon + 2), url.database)) {
            return error("the database is not a number");
        }
        rest = rest.substr(0, colon);
    }
    if (!rest.starts_with('/') || rest.size() > kMostPath) {
        return error("the path of the unix socket is not absolute, or too long");
    }
    url.addresses.push_back({.host = {}, .port = 0, .unix_path = std::string{rest}});
    return url;
}

}  // namespace

std::string Address::text() const {
    if (!unix_path.empty()) {
        return std::string{kUnix} + unix_path;
    }
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::public_text() const {
    const std::string at = database != 0 ? "/" + std::to_string(database) : std::string{};
    if (!addresses.front().unix_path.empty()) {
        return addresses.front().text() + (at.empty() ? "" : ":" + at);
    }
    std::string text;
    for (const Scheme& scheme : kSchemes) {
        if (scheme.kind == kind && scheme.tls == tls) {
            text = scheme.text;
        }
    }
    for (const Address& address : addresses) {
        text += (&address == &addresses.front() ? "" : ",") + address.text();
    }
    return text + (master.empty() ? "" : "/" + master) + at;
}

std::variant<Url, UrlError> parse_url(std::string_view url) {
    for (const Scheme& scheme : kSchemes) {
        if (url.starts_with(scheme.text)) {
            return parse_network(scheme, url.substr(scheme.text.size()));
        }
    }
    if (url.starts_with(kUnix)) {
        return parse_unix(url.substr(kUnix.size()));
    }
    return error("the URL begins with no scheme that is known");
}

}  // namespace mfa_reset::redis
