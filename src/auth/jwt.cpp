// See jwt.hpp. Keys and signatures are in jwt_key.cpp. Nothing of the payload is read before the
// signature is right.
#include "auth/jwt.hpp"

#include <algorithm>
#include <array>

#include "auth/base64url.hpp"
#include "auth/claims.hpp"
#include "format/ascii.hpp"
#include "format/json_tree.hpp"

namespace mfa_reset::auth {

namespace {

constexpr std::size_t kMaxHeaderDepth = 8;
constexpr std::size_t kMaxPayloadDepth = 32;

struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_text;  ///< header and payload as sent
};

/// As sent, in base64url.
std::optional<Parts> split(std::string_view token) noexcept {
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', std::min(first, token.size() - 1) + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

/// A part that is a JSON object; null where it is not, or has a name twice: readers differ in whom
/// they believe then.
format::JsonTree read_object(std::string_view part, std::size_t max_depth, Memory& memory) {
    const auto json = decode_base64url(part, memory);
    format::JsonTree tree;
    if (json) {
        tree = format::parse_json(*json, max_depth, format::JsonDuplicates::refused);
    }
    return format::is_object(tree.get()) ? std::move(tree) : nullptr;
}

/// Why the header is not one of ours; empty where it is.
std::string_view refuse_header(const json_t* header, JwtAlgorithm algorithm) noexcept {
    if (header == nullptr) {
        return "the token's header cannot be read";
    }
    if (format::json_view(json_object_get(header, "alg")) != to_string(algorithm)) {
        return "the token has another algorithm than the configured one";
    }
    const json_t* const type = json_object_get(header, "typ");
    if (type != nullptr && !format::is_string(type)) {
        return "the token's header cannot be read";
    }
    if (format::equal_ignoring_case(format::json_view(type), "JWTR")) {
        return "the token is a refresh token";
    }
    if (json_object_get(header, "crit") != nullptr) {
        return "the token asks for an extension that is not known";
    }
    return {};
}

bool is_for_us(const json_t* audience, const std::vector<std::string>& ours) {
    const auto is_ours = [&ours](const json_t* value) {
        return format::is_string(value) &&
               std::find(ours.begin(), ours.end(), format::json_view(value)) != ours.end();
    };
    if (is_ours(audience)) {
        return true;
    }
    for (std::size_t at = 0; at < json_array_size(audience); ++at) {
        if (is_ours(json_array_get(audience, at))) {
            return true;
        }
    }
    return false;
}

/// Why the token is not for us, or not now; empty where only `exp` is left to be looked at.
std::string_view refuse_payload(const json_t* payload, const JwtRules& rules, double now) {
    if (payload == nullptr) {
        return "the token's payload cannot be read";
    }
    if (!format::is_number(json_object_get(payload, "exp"))) {
        return "the token does not say when it expires";
    }
    const json_t* const not_before = json_object_get(payload, "nbf");
    if (not_before != nullptr &&
        (!format::is_number(not_before) || json_number_value(not_before) > now)) {
        return "the token is not valid yet";
    }
    if (!rules.audiences.empty() && !is_for_us(json_object_get(payload, "aud"), rules.audiences)) {
        return "the token is for another audience";
    }
    if (!rules.issuer.empty() &&
        format::json_view(json_object_get(payload, "iss")) != rules.issuer) {
        return "the token is of another issuer";
    }
    return {};
}

/// Who is called by a `sub`: `auth0|u-42` is `u-42`.
std::string_view read_id(const json_t* sub, Memory& memory) {
    if (!format::is_string(sub) && !format::is_integer(sub)) {
        return {};
    }
    const std::string_view text = copy_scalar(sub, memory).value_or("");
    return text.substr(text.rfind('|') + 1);
}

Principal read_principal(const json_t* payload, Memory& memory) {
    Principal principal(memory);
    principal.id = read_id(json_object_get(payload, "sub"), memory);
    for (const char* const name : {"roles", "role"}) {
        add_texts(principal.roles, json_object_get(payload, name), memory);
    }
    for (const char* const name : {"perms", "permission"}) {
        add_texts(principal.permissions, json_object_get(payload, name), memory);
    }
    add_details(principal, payload, memory);
    return principal;
}

JwtResult refused(std::string_view why) { return {JwtResult::Outcome::refused, why, std::nullopt}; }

}  // namespace

JwtResult verify_jwt(std::string_view token, const JwtKey& key, const JwtRules& rules,
                     std::int64_t now, Memory& memory) {
    const auto parts = token.empty() || token.size() > kMaxJwt ? std::nullopt : split(token);
    if (!parts) {
        return refused("the token is not one");
    }
    const auto header = read_object(parts->header, kMaxHeaderDepth, memory);
    if (const auto why = refuse_header(header.get(), key.algorithm()); !why.empty()) {
        return refused(why);
    }
    const auto signature = decode_base64url(parts->signature, memory);
    if (!signature || !key.verify(parts->signed_text, *signature)) {
        return refused("the token's signature is wrong");
    }
    const auto payload = read_object(parts->payload, kMaxPayloadDepth, memory);
    const auto seconds = static_cast<double>(now);
    if (const auto why = refuse_payload(payload.get(), rules, seconds); !why.empty()) {
        return refused(why);
    }
    Principal principal = read_principal(payload.get(), memory);
    if (principal.id.empty()) {
        return refused("the token does not say whose it is");
    }
    if (json_number_value(json_object_get(payload.get(), "exp")) <= seconds) {
        return {JwtResult::Outcome::expired, "the token has expired", std::nullopt};
    }
    return {JwtResult::Outcome::ok, {}, std::move(principal)};
}

}  // namespace mfa_reset::auth
