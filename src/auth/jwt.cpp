// Keys and signatures are in jwt_key.cpp. The payload is not read before the signature
// is verified.
#include "auth/jwt.hpp"

#include <algorithm>
#include <array>

#include "auth/base64.hpp"
#include "auth/claims.hpp"
#include "format/ascii.hpp"
#include "format/json_reader.hpp"
#include "format/json_tree.hpp"

namespace mfa_reset::auth {

namespace {

constexpr std::size_t kMaxHeaderDepth = 8;
constexpr std::size_t kMaxHeaderMembers = 32;  // RFC 7515 knows eleven
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
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

/// The payload, a JSON object. Null if it is not one, or has a name twice: readers disagree on
/// which counts.
format::JsonTree read_payload(std::string_view part, Memory& memory) {
    const auto json = decode_base64url(part, memory);
    format::JsonTree tree;
    if (json) {
        tree = format::parse_json(*json, kMaxPayloadDepth, format::JsonDuplicates::refused);
    }
    return format::is_object(tree.get()) ? std::move(tree) : nullptr;
}

/// The part of a token's header that matters.
struct JwtHeader {
    std::string_view algorithm{};  ///< empty if it is not text
    std::string_view type{};
    bool critical = false;
};

/// Reads the header, which is not yet trusted, without building a tree. Returns nullopt if it is
/// not a JSON object, has a name twice or more than kMaxHeaderMembers members, or its type is not
/// text.
std::optional<JwtHeader> read_header(std::string_view part, Memory& memory) {
    using Token = format::JsonReader::Token;
    const auto json = decode_base64url(part, memory);
    format::JsonReader reader(json.value_or(std::string_view{}), kMaxHeaderDepth);
    if (reader.next() != Token::object) {
        return std::nullopt;
    }
    JwtHeader header;
    std::array<std::string_view, kMaxHeaderMembers> names;
    std::size_t count = 0;
    Token token = reader.next();
    for (; token == Token::name; token = reader.next()) {
        const std::string_view name = reader.text(memory);
        const auto end = names.begin() + count;
        if (count == names.size() || std::find(names.begin(), end, name) != end) {
            return std::nullopt;
        }
        names[count++] = name;
        const bool is_text = reader.next() == Token::string;
        if (name == "alg") {
            header.algorithm = is_text ? reader.text(memory) : std::string_view{};
        } else if (name == "typ") {
            if (!is_text) {
                return std::nullopt;
            }
            header.type = reader.text(memory);
        }
        header.critical = header.critical || name == "crit";
        if (!reader.skip()) {
            return std::nullopt;
        }
    }
    const bool good = token == Token::end_object && reader.next() == Token::end;
    return good ? std::optional(header) : std::nullopt;
}

/// Why the header is refused; empty: it is accepted.
std::string_view refuse_header(const std::optional<JwtHeader>& header,
                               JwtAlgorithm algorithm) noexcept {
    if (!header) {
        return "the token's header cannot be read";
    }
    if (header->algorithm != to_string(algorithm)) {
        return "the token has another algorithm than the configured one";
    }
    if (format::equal_ignoring_case(header->type, "JWTR")) {
        return "the token is a refresh token";
    }
    if (header->critical) {
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

/// Why the claims are refused; empty: they are accepted, but for `exp`, which is not checked here.
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

/// The id in a `sub`: `auth0|u-42` is `u-42`.
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
    for (const char* const name :
         {"roles", "role", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}) {
        add_texts(principal.roles, json_object_get(payload, name), memory);
    }
    for (const char* const name : {"perms", "perm", "permission"}) {
        add_texts(principal.permissions, json_object_get(payload, name), memory);
    }
    add_details(principal, payload, memory);
    return principal;
}

JwtResult refused(std::string_view why) { return {JwtResult::Outcome::refused, why, std::nullopt}; }

}  // namespace

bool is_jwt(std::string_view text) noexcept { return split(text).has_value(); }

JwtResult verify_jwt(std::string_view token, const JwtKey& key, const JwtRules& rules,
                     std::int64_t now, Memory& memory) {
    const auto parts = token.size() > kMaxJwt ? std::nullopt : split(token);
    if (!parts) {
        return refused("the token is not one");
    }
    const auto header = read_header(parts->header, memory);
    if (const auto why = refuse_header(header, key.algorithm()); !why.empty()) {
        return refused(why);
    }
    const auto signature = decode_base64url(parts->signature, memory);
    if (!signature || !key.verify(parts->signed_text, *signature)) {
        return refused("the token's signature is wrong");
    }
    const auto payload = read_payload(parts->payload, memory);
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
