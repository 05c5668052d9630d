#include "am/checks.hpp"

#include <algorithm>

#include "am/bearer.hpp"
#include "auth/bearer.hpp"
#include "auth/token.hpp"
#include "format/text.hpp"
#include "format/utf8.hpp"

namespace mfa_reset::am {

namespace {

constexpr Refusal kBadEncoding{.status = 400,
                               .message = "The request has a bad percent-encoding",
                               .form = Refusal::Form::text};

/// What is wrong with the path, after AM's `Resource path '…' contains `.
constexpr std::string_view path_complaint(Path::Fault fault) noexcept {
    switch (fault) {
        case Path::Fault::empty_element: return "empty path elements";
        case Path::Fault::dot_element: return "'.' or '..' path elements";
        case Path::Fault::nul: return "a NUL character";
        case Path::Fault::not_utf8: return "a path element that is not UTF-8";
        case Path::Fault::none:
        case Path::Fault::encoding: break;
    }
    return {};
}

/// `text` with a `?` for whatever is not printable ASCII: an untyped body leaves the client to
/// guess the charset, and the log gets it too.
std::string_view printable(std::string_view text, Memory& memory) {
    auto* const bytes = static_cast<char*>(memory.allocate(text.size(), 1));
    std::transform(text.begin(), text.end(), bytes,
                   [](char byte) { return byte >= ' ' && byte <= '~' ? byte : '?'; });
    return {bytes, text.size()};
}

constexpr std::string_view participle_of(std::string_view method) noexcept {
    return method == "GET"      ? "read"
           : method == "DELETE" ? "deleted"
           : method == "PUT"    ? "updated"
                                : "patched";
}

/// A method that the route has no use for. AM's own resources answer so, by method.
Refusal refuse_method(const ParsedRequest& request) {
    if (request.path.place != Path::Place::device) {
        // AM's collection has no name of its own here, hence the two blanks.
        return {.status = 400,
                .result = Result::unknown,
                .message = format::concat(request.memory, "The resource collection  cannot be ",
                                          participle_of(request.method))};
    }
    if (request.method == "GET" && request.query && request.query->is_query) {
        return {.status = 400,
                .result = Result::unknown,
                .message = format::concat(request.memory, "The resource instance ",
                                          request.path.device, " cannot be queried")};
    }
    return {.status = 501, .result = Result::unknown, .message = "Operation is not supported."};
}

/// What is not served at this path, raw; nullopt if there is a route.
std::optional<std::string_view> missing_resource(const ParsedRequest& request) noexcept {
    const Path& path = request.path;
    const DeviceCalls calls = request.device_calls();
    switch (path.place) {
        case Path::Place::elsewhere: break;
        case Path::Place::deeper: return path.resource;
        case Path::Place::devices:
        case Path::Place::device:
            if (path.factor == Factor::webauthn && calls == DeviceCalls::off) {
                break;
            }
            return std::nullopt;
        case Path::Place::overview:
        case Path::Place::events:
            if (calls != DeviceCalls::on || request.method != "GET") {
                break;
            }
            return std::nullopt;
        case Path::Place::sessions:
            if (request.action == Action::none) {
                break;
            }
            return std::nullopt;
    }
    return path.route;
}

}  // namespace

std::optional<Refusal> check_encoding(const ParsedRequest& request) {
    const Path::Fault fault = request.path.fault;
    if (!request.parameters.well_encoded || fault == Path::Fault::encoding) {
        return kBadEncoding;
    }
    if (fault != Path::Fault::none) {
        return Refusal{
            .status = 400,
            .message = format::concat(request.memory, "Resource path '", request.raw.path,
                                      "' contains ", path_complaint(fault))};
    }
    if (!request.path.realms_form && !format::is_utf8(request.parameters.realm.value)) {
        return Refusal{.status = 400, .message = "The realm is not UTF-8"};
    }
    return std::nullopt;
}

std::optional<Refusal> check_csrf(const ParsedRequest& request) {
    // The method on the wire: it is the browser's, an override is the page's.
    const std::string_view method = request.raw.method;
    if (!request.headers.token_in_cookie() || method == "GET" || method == "HEAD" ||
        method == "OPTIONS" || request.headers.get(HeaderId::requested_with) ||
        !request.headers.value(HeaderId::accept_api_version).empty()) {
        return std::nullopt;
    }
    return Refusal{.status = 403,
                   .result = Result::forbidden,
                   .message = "Forbidden",
                   .reason = "a cookie without X-Requested-With or Accept-API-Version"};
}

std::optional<Refusal> check_version_syntax(const ParsedRequest& request) {
    if (request.versions) {
        return std::nullopt;
    }
    const std::string_view value = request.headers.value(HeaderId::accept_api_version);
    return Refusal{
        .status = 400,
        .message = format::concat(request.memory, "Version string is in an invalid format: ",
                                  printable(value, request.memory)),
        .form = Refusal::Form::text_untyped};
}

std::optional<Refusal> check_realm(const ParsedRequest& request) {
    if (request.realm_exists) {
        return std::nullopt;
    }
    return Refusal{
        .status = 404,
        .result = Result::realm,
        .message = format::concat(request.memory, "Realm \"", request.realm, "\" not found")};
}

std::optional<Refusal> check_route(const ParsedRequest& request) {
    if (const auto resource = missing_resource(request)) {
        return Refusal{
            .status = 404,
            .result = Result::unknown,
            .message = format::concat(request.memory, "Resource '", *resource, "' not found")};
    }
    const bool has_act = request.is_post() || request.action != Action::none;
    return has_act ? std::nullopt : std::optional(refuse_method(request));
}

std::optional<Refusal> check_token(const ParsedRequest& request) {
    const std::string_view token = request.headers.token();
    // getSessionInfo tells of a session, which an access token is not.
    const auto bearer = request.action == Action::session_info ? std::nullopt : bearer_of(request);
    if (bearer ? auth::is_bearer_token(*bearer) : auth::is_token(token)) {
        return std::nullopt;
    }
    return Refusal{.status = 401,
                   .result = Result::unauthenticated,
                   .message = "Access Denied",
                   .reason = bearer          ? "a malformed bearer token"
                             : token.empty() ? "no session token"
                                             : "a malformed session token"};
}

}  // namespace mfa_reset::am
