#include "foundry/caller.hpp"

#include <algorithm>
#include <chrono>

#include "auth/bearer.hpp"
#include "auth/jwt.hpp"
#include "format/ascii.hpp"
#include "foundry/session.hpp"
#include "http/percent.hpp"

namespace mfa_reset::foundry {

namespace {

using Kind = Credential::Kind;

Refusal refuse_unauthenticated(std::string_view reason) noexcept {
    return {.status = 401,
            .result = Result::unauthenticated,
            .code = "Unauthorized",
            .message = "Not Authenticated",
            .reason = reason};
}

Refusal refuse_forbidden(std::string_view reason) noexcept {
    return {.status = 403,
            .result = Result::forbidden,
            .code = "Forbidden",
            .message = "Forbidden",
            .reason = reason};
}

/// A session's id: the permanent one where the options ask for it and it is there, else the other.
std::string_view choose_id(std::string_view id, std::string_view permanent_id,
                           bool is_permanent) noexcept {
    return is_permanent && !permanent_id.empty() ? permanent_id : id;
}

bool asks_permanent(const Headers& headers) noexcept {
    constexpr std::string_view kPermanent = "perm";
    return headers.value(HeaderId::session_options).find(kPermanent) != std::string_view::npos ||
           headers.cookie(CookieId::session_options).find(kPermanent) != std::string_view::npos;
}

/// .NET percent-encodes the values of cookies, where ids may hold `+`, `/` and `=`.
std::string_view decode_cookie(std::string_view value, Memory& memory) {
    return http::decode_percent(value, http::Plus::literal, memory).value_or(value);
}

Identity by_token(std::string_view token, const ParsedRequest& request) {
    using Outcome = auth::JwtResult::Outcome;
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    auto result = auth::verify_jwt(token, *request.settings.jwt_key, request.settings.jwt_rules,
                                   now, request.memory);
    Identity identity;
    if (result.outcome == Outcome::expired) {
        identity.refusal = Refusal{.status = 401,
                                   .result = Result::unauthenticated,
                                   .code = "TokenException",
                                   .message = "Token has expired"};
    } else if (result.outcome == Outcome::ok && result.principal) {
        identity.principal = std::move(result.principal);
    } else {
        identity.refusal = refuse_unauthenticated(result.why);
    }
    return identity;
}

Identity by_session(const StoredText& session, const ParsedRequest& request) {
    Identity identity;
    if (session.failure) {
        identity.refusal = refuse(*session.failure);
    } else if (session.too_large || (session.text && session.text->size() > kMaxStored)) {
        identity.refusal = refuse_unauthenticated("the session is too large to be read");
    } else if (!session.text) {
        identity.refusal = refuse_unauthenticated("no such session");
    } else {
        const std::string_view organisation = request.settings.organisation;
        identity.principal = parse_session(*session.text, {&organisation, 1}, request.memory);
        if (!identity.principal) {
            identity.refusal = refuse_unauthenticated("nobody is logged in to the session");
        }
    }
    return identity;
}

/// Gives the caller the roles of the caller's own record, or says why that is no user.
std::optional<Refusal> take_roles(const StoredText& user, auth::Principal& caller, Memory& memory) {
    if (user.failure) {
        return refuse(*user.failure);
    }
    if (user.too_large) {
        return refuse_unauthenticated("the caller's user is too large to be read");
    }
    if (!user.text) {
        return refuse_unauthenticated("the caller's user is not in the repository");
    }
    switch (read_user_roles(*user.text, caller, memory)) {
        case UserState::good: return std::nullopt;
        case UserState::locked: return refuse_unauthenticated("the caller's user is locked");
        case UserState::unreadable: break;
    }
    return refuse_unauthenticated("the caller's user cannot be read");
}

/// `https://host:port` is of this host if it names what the client asked for as Host, where either
/// may leave out the scheme's port. An opaque origin, `null`, is no host's.
bool is_this_host(std::string_view origin, std::string_view host) noexcept {
    constexpr std::string_view kAuthority = "://";
    const std::size_t end = origin.find(kAuthority);
    const std::string_view scheme = origin.substr(0, end);
    const std::string_view port = format::equal_ignoring_case(scheme, "https")  ? ":443"
                                  : format::equal_ignoring_case(scheme, "http") ? ":80"
                                                                                : "";
    const auto without_port = [port](std::string_view text) {
        return text.ends_with(port) ? text.substr(0, text.size() - port.size()) : text;
    };
    return end != std::string_view::npos && !host.empty() &&
           format::equal_ignoring_case(without_port(origin.substr(end + kAuthority.size())),
                                       without_port(host));
}

}  // namespace

Credential find_credential(const ParsedRequest& request) {
    const Headers& headers = request.headers;
    const bool takes_tokens = request.settings.jwt_key != nullptr;
    const bool is_permanent = asks_permanent(headers);
    const auto bearer = auth::find_bearer(headers.value(HeaderId::authorization));
    if (takes_tokens && bearer && auth::is_jwt(*bearer)) {
        return {Kind::token, *bearer};
    }
    const std::string_view id =
        choose_id(headers.value(HeaderId::session_id),
                  headers.value(HeaderId::permanent_session_id), is_permanent);
    if (!id.empty()) {
        return {Kind::session, id};
    }
    const std::string_view token = headers.cookie(CookieId::token);
    if (takes_tokens && auth::is_jwt(token)) {
        return {Kind::token, token, true};
    }
    const std::string_view cookie =
        choose_id(headers.cookie(CookieId::session_id),
                  headers.cookie(CookieId::permanent_session_id), is_permanent);
    if (!cookie.empty()) {
        return {Kind::session, decode_cookie(cookie, request.memory), true};
    }
    return {};
}

Task<Identity> identify(const Credential& credential, const ParsedRequest& request, Store& store,
                        Services& services) {
    Identity identity;
    if (credential.kind == Kind::token) {
        identity = by_token(credential.text, request);
    } else if (credential.kind == Kind::none) {
        identity.refusal = refuse_unauthenticated("neither a session nor a token");
    } else if (!is_session_id(credential.text)) {
        identity.refusal = refuse_unauthenticated("a malformed session id");
    } else {
        auto reading = store.read_session(credential.text, services);
        const StoredText session = co_await reading;
        identity = by_session(session, request);
    }
    if (identity.principal && request.settings.role_source == RoleSource::repository) {
        auto reading = store.read_user(identity.principal->id, services);
        const StoredText user = co_await reading;
        identity.refusal = take_roles(user, *identity.principal, request.memory);
    }
    co_return identity;
}

std::optional<Refusal> check_deliberate(const Credential& credential,
                                        const ParsedRequest& request) {
    if (!credential.by_cookie) {
        return std::nullopt;
    }
    const Headers& headers = request.headers;
    // A page of another site can send neither without being asked for first (CORS).
    const bool by_type = format_by_media_type(headers.media_type()).has_value();
    if (!by_type && !headers.get(HeaderId::requested_with)) {
        return refuse_forbidden(
            "a cookie without X-Requested-With or a type of JSON, JSV, XML or CSV");
    }
    const auto origin = headers.get(HeaderId::origin);
    if (origin && !is_this_host(*origin, headers.value(HeaderId::host))) {
        return refuse_forbidden("a cookie, and the Origin is another host");
    }
    return std::nullopt;
}

std::optional<Refusal> check_role(const auth::Principal& caller, const ParsedRequest& request) {
    const auto& roles = request.settings.roles;
    const bool may = caller.has_role("Admin") ||
                     std::any_of(roles.begin(), roles.end(), [&caller](const std::string& role) {
                         return caller.has_role(role) || caller.has_permission(role);
                     });
    return may ? std::nullopt : std::optional(refuse_forbidden("no role that may reset"));
}

std::string_view organisation_of(const auth::Principal& caller,
                                 const ParsedRequest& request) noexcept {
    return caller.find_text(request.settings.organisation).value_or(std::string_view{});
}

Organisations find_organisations(const auth::Principal& caller, const ResetMembers& members,
                                 const ParsedRequest& request) {
    const Settings& settings = request.settings;
    const std::string_view wanted = members.organisation_id;
    const std::string_view own = organisation_of(caller, request);
    if (caller.is_nested(settings.organisation)) {
        return {{}, {}, refuse_forbidden("the caller's organisation is no text")};
    }
    if (!own.empty()) {
        if (wanted.empty() || is_same_name(wanted, own, settings.subject_case)) {
            return {own, own};
        }
        return {own, wanted, refuse_forbidden("another organisation than the caller's")};
    }
    const bool is_global = !settings.global_role.empty() && caller.has_role(settings.global_role);
    if (!wanted.empty() && !is_global) {
        return {own, wanted, refuse_forbidden("an organisation, and the caller has none")};
    }
    return {own, wanted};
}

}  // namespace mfa_reset::foundry
