// See url.hpp.
#include "redis/url.hpp"

#include <charconv>
#include <optional>

namespace mfa_reset::redis {

namespace {

constexpr std::string_view kForms =
    "write redis://[user[:password]@]host[:port][/db] or unix:/path[:/db]";

UrlError error(std::string_view what) { return {std::string{what} + ": " + std::string{kForms}}; }

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Nothing where a `%` is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low < 0) {
            return std::nullopt;
        }
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

template <class Number>
bool parse_number(std::string_view text, Number& number) noexcept {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return !text.empty() && result.ec == std::errc{} && result.ptr == end;
}

bool parse_credentials(std::string_view text, Endpoint& endpoint) {
    const auto colon = text.find(':');
    const auto user = percent_decoded(text.substr(0, colon));
    if (!user) {
        return false;
    }
    endpoint.user = *user;
    if (colon != std::string_view::npos) {
        const auto password = percent_decoded(text.substr(colon + 1));
        if (!password) {
            return false;
        }
        endpoint.password = *password;
    }
    return true;
}

/// `host`, `host:port`, `[::1]`, `[::1]:port`.
bool parse_address(std::string_view text, Endpoint& endpoint) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) {
            return false;
        }
        endpoint.host = text.substr(1, close - 1);
        rest = text.substr(close + 1);
    } else {
        const auto colon = text.find(':');
        endpoint.host = text.substr(0, colon);
        rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    if (endpoint.host.empty()) {
        return false;
    }
    if (rest.empty()) {
        return true;
    }
    return rest.front() == ':' && parse_number(rest.substr(1), endpoint.port) && endpoint.port != 0;
}

std::variant<Endpoint, UrlError> parse_tcp(std::string_view rest) {
    Endpoint endpoint;
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        if (!parse_credentials(rest.substr(0, at), endpoint)) {
            return error("user or password is not percent-encoded");
        }
        rest.remove_prefix(at + 1);
    }
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        const auto database = rest.substr(slash + 1);
        if (!database.empty() && !parse_number(database, endpoint.database)) {
            return error("the database is not a number");
        }
        rest = rest.substr(0, slash);
    }
    if (!parse_address(rest, endpoint)) {
        return error("no valid host and port");
    }
    return endpoint;
}

std::variant<Endpoint, UrlError> parse_unix(std::string_view rest) {
    constexpr std::size_t kMostPath = 107;  // sockaddr_un.sun_path, with its NUL 108
    Endpoint endpoint;
    if (const auto colon = rest.rfind(":/"); colon != std::string_view::npos) {
        if (!parse_number(rest.substr(colon + 2), endpoint.database)) {
            return error("the database is not a number");
        }
        rest = rest.substr(0, colon);
    }
    if (!rest.starts_with('/') || rest.size() > kMostPath) {
        return error("the path of the unix socket is not absolute, or too long");
    }
    endpoint.unix_path = rest;
    return endpoint;
}

}  // namespace

std::variant<Endpoint, UrlError> parse_url(std::string_view url) {
    constexpr std::string_view kTcp = "redis://";
    constexpr std::string_view kUnix = "unix:";
    if (url.starts_with(kTcp)) {
        return parse_tcp(url.substr(kTcp.size()));
    }
    if (url.starts_with(kUnix)) {
        return parse_unix(url.substr(kUnix.size()));
    }
    return error("the URL begins neither with redis:// nor with unix:");
}

}  // namespace mfa_reset::redis
