#include "am/bearer.hpp"

#include <jansson.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "auth/bearer.hpp"
#include "format/ascii.hpp"
#include "format/json.hpp"
#include "format/json_tree.hpp"
#include "format/text.hpp"

namespace mfa_reset::am {

namespace {

using std::chrono::sys_seconds;

/// A member that is null is absent.
const json_t* member(const json_t* object, const char* name) noexcept {
    const json_t* const value = json_object_get(object, name);
    return json_is_null(value) ? nullptr : value;
}

/// A time of a token (RFC 7519, NumericDate), in whole seconds; at most the year 9999.
struct TokenTime {
    bool good = true;  ///< false: it is no number
    std::optional<sys_seconds> time{};
};

TokenTime time_of(const json_t* token, const char* name, double (*round)(double)) noexcept {
    constexpr double kLatest = 253402300799;
    const json_t* const value = member(token, name);
    if (value == nullptr) {
        return {};
    }
    if (!format::is_number(value)) {
        return {.good = false};
    }
    const double seconds = std::clamp(round(json_number_value(value)), -kLatest, kLatest);
    return {.time = sys_seconds{std::chrono::seconds{static_cast<std::int64_t>(seconds)}}};
}

/// `sub`, else `client_id`, else `username`; empty: none, or one that is no name.
std::string_view caller_of(const json_t* token) noexcept {
    for (const char* const name : {"sub", "client_id", "username"}) {
        const json_t* const value = member(token, name);
        const std::string_view text = format::json_view(value);
        if (value != nullptr && (!text.empty() || !format::is_string(value))) {
            return text.find('\0') == std::string_view::npos ? text : std::string_view{};
        }
    }
    return {};
}

/// Why a token that is active is not good here; empty: it is.
std::string_view why_not(const json_t* token, const TokenTime& begins, const TokenTime& ends,
                         sys_seconds now) noexcept {
    const json_t* const type = member(token, "token_type");
    if (type != nullptr && !format::equal_ignoring_case(format::json_view(type), "Bearer")) {
        return "the token is not of the type Bearer";
    }
    if (member(token, "cnf") != nullptr) {
        return "the token is bound to a key";
    }
    if (begins.time && *begins.time > now) {
        return "the token is not valid yet";
    }
    return ends.time && *ends.time <= now ? "the token has expired" : std::string_view{};
}

bool has_scope(std::string_view scopes, std::string_view wanted) noexcept {
    while (!scopes.empty()) {
        const std::size_t end = std::min(scopes.find(' '), scopes.size());
        if (scopes.substr(0, end) == wanted) {
            return true;
        }
        scopes.remove_prefix(std::min(end + 1, scopes.size()));
    }
    return false;
}

/// Escaped as a part of a universal id is (RFC 4514): with a comma the caller's name could pass for
/// a whole one.
std::string_view universal_id_of(std::string_view caller, Memory& memory) {
    format::Text id(memory, caller.size() + 3);
    id.append("id=");
    while (!caller.empty()) {
        const std::size_t plain = std::min(caller.find_first_of(",\\"), caller.size());
        id.append(caller.substr(0, plain));
        caller.remove_prefix(plain);
        if (!caller.empty()) {
            id.append("\\").append(caller.substr(0, 1));
            caller.remove_prefix(1);
        }
    }
    return id.view();
}

Session unknown(std::string_view why) noexcept { return {Session::State::unknown, {}, why}; }

Session judge(const Introspection& said, const BearerSource& source, Memory& memory) {
    if (!said.why_not.empty()) {
        return {Session::State::none, {}, said.why_not};
    }
    const Caller caller{said.caller, source.realm, universal_id_of(said.caller, memory)};
    if (!has_scope(said.scope, source.scope)) {
        return {Session::State::forbidden, caller, "the token does not have the scope"};
    }
    return {Session::State::known, caller, {}};
}

/// What parse_introspection() reads of it.
std::string_view to_text(const Introspection& said, Memory& memory) {
    constexpr std::size_t kRoom = 64;
    format::Text text(memory, kRoom + said.caller.size() + said.scope.size());
    text.append(R"({"active":true,"sub":)");
    format::append_json_string(text, said.caller);
    text.append(R"(,"scope":)");
    format::append_json_string(text, said.scope);
    if (said.ends) {
        const auto seconds = said.ends->time_since_epoch().count();
        text.append(R"(,"exp":)").append_number(static_cast<unsigned long>(seconds));
    }
    return text.append("}").view();
}

/// The body of RFC 7662, section 2.1. Of a token's characters a form has `+`, `/`, `=` and `~`
/// encoded.
std::string_view question_of(std::string_view token, Memory& memory) {
    constexpr std::string_view kHint = "&token_type_hint=access_token";
    format::Text text(memory, token.size() + kHint.size() + 32);
    text.append("token=");
    while (!token.empty()) {
        const std::size_t plain = std::min(token.find_first_of("+/=~"), token.size());
        text.append(token.substr(0, plain));
        token.remove_prefix(plain);
        if (!token.empty()) {
            const char special = token.front();
            text.append(special == '+'   ? "%2B"
                        : special == '/' ? "%2F"
                        : special == '=' ? "%3D"
                                         : "%7E");
            token.remove_prefix(1);
        }
    }
    return text.append(kHint).view();
}

Task<FetchAnswer> ask_server(std::string_view token, const BearerSource& source,
                             Services& services) {
    constexpr std::array kHeaders{
        Header{"Content-Type", "application/x-www-form-urlencoded"},
        Header{"Accept", "application/json"},
    };
    const FetchOrder order{
        .uri = source.uri, .headers = kHeaders, .body = question_of(token, services.memory())};
    auto fetching = services.fetcher().fetch(order, services);
    co_return co_await fetching;
}

sys_seconds now() noexcept {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::optional<std::string_view> bearer_of(const ParsedRequest& request) noexcept {
    if (request.settings.bearer.uri.empty() || !request.headers.token().empty()) {
        return std::nullopt;
    }
    return auth::find_bearer(request.headers.value(HeaderId::authorization));
}

std::optional<Introspection> parse_introspection(std::string_view body, sys_seconds now,
                                                 Memory& memory) {
    constexpr std::size_t kMaxDepth = 64;
    const auto token = format::parse_json(body, kMaxDepth, format::JsonDuplicates::refused);
    // An array has no members.
    const json_t* const active = json_object_get(token.get(), "active");
    if (json_is_false(active)) {
        return Introspection{.why_not = "the token is not active"};
    }
    const TokenTime begins = time_of(token.get(), "nbf", std::ceil);
    const TokenTime ends = time_of(token.get(), "exp", std::floor);
    const bool is_active = json_is_true(active);
    if (!is_active || !begins.good || !ends.good) {
        return std::nullopt;
    }
    if (const std::string_view why = why_not(token.get(), begins, ends, now); !why.empty()) {
        return Introspection{.why_not = why};
    }
    const std::string_view caller = caller_of(token.get());
    if (caller.empty()) {
        return std::nullopt;
    }
    return Introspection{.caller = copy(caller, memory),
                         .scope = copy(format::json_view(member(token.get(), "scope")), memory),
                         .ends = ends.time};
}

Task<Session> introspect(const ParsedRequest& request, Store& store, Services& services) {
    const BearerSource& source = request.settings.bearer;
    const auto longest = request.settings.session.cache;
    Memory& memory = services.memory();
    const std::string_view token = *bearer_of(request);
    // No SSO token has a line break, and each location of each server has its own entry.
    const std::string_view entry =
        format::concat(memory, source.server, "\n", source.uri, "\n", token);
    if (longest.count() > 0) {
        auto recalling = store.recall_session(entry, services);
        const std::string_view text = co_await recalling;
        const auto said = parse_introspection(text, now(), memory);
        if (said && said->why_not.empty()) {
            co_return judge(*said, source, memory);
        }
    }
    auto asking = ask_server(token, source, services);
    const FetchAnswer answer = co_await asking;
    if (answer.status != 200) {
        co_return unknown(why_unknown("the authorization server did not say whose token it is",
                                      answer.status, memory));
    }
    const auto said = parse_introspection(answer.body, now(), memory);
    if (!said) {
        co_return unknown("the authorization server's answer is not about a token and its caller");
    }
    const auto lifetime = said->ends ? time_until(*said->ends, longest) : longest;
    if (said->why_not.empty() && lifetime.count() > 0) {
        const std::string_view text = to_text(*said, memory);
        auto remembering = store.remember_session(entry, text, lifetime, services);
        (void)co_await remembering;  // if it is not kept, the server is asked again
    }
    co_return judge(*said, source, memory);
}

}  // namespace mfa_reset::am
