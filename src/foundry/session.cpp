#include "foundry/session.hpp"

#include <algorithm>

#include "auth/claims.hpp"
#include "format/ascii.hpp"
#include "format/json_tree.hpp"

namespace mfa_reset::foundry {

namespace {

/// Sessions carry the tokens of identity providers and pictures; more than this is not read.
constexpr std::size_t kMaxSession = 256UL * 1024;
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxId = 128;

constexpr bool is_id_character(char character) noexcept {
    const char lower = format::to_lower(character);
    return (lower >= 'a' && lower <= 'z') || (character >= '0' && character <= '9') ||
           std::string_view("+/=_-").find(character) != std::string_view::npos;
}

/// Adds the roles and permissions; tells whether every `isAuthenticated` is true and there is one.
bool read_flags_and_roles(auth::Principal& principal, json_t* session, Memory& memory) {
    std::size_t yes = 0;
    std::size_t no = 0;
    for (void* at = json_object_iter(session); at != nullptr;
         at = json_object_iter_next(session, at)) {
        const std::string_view name = json_object_iter_key(at);
        const json_t* const value = json_object_iter_value(at);
        if (format::equal_ignoring_case(name, "isAuthenticated")) {
            ++(json_is_true(value) ? yes : no);
        } else if (format::equal_ignoring_case(name, "roles")) {
            auth::add_texts(principal.roles, value, memory);
        } else if (format::equal_ignoring_case(name, "permissions")) {
            auth::add_texts(principal.permissions, value, memory);
        }
    }
    return yes > 0 && no == 0;
}

}  // namespace

bool is_session_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxId &&
           std::all_of(text.begin(), text.end(), is_id_character);
}

bool is_too_large_session(std::string_view json) noexcept { return json.size() > kMaxSession; }

std::optional<auth::Principal> parse_session(std::string_view json, Memory& memory) {
    if (is_too_large_session(json)) {
        return std::nullopt;
    }
    const auto session = format::parse_json(json, kMaxDepth, format::JsonDuplicates::last);
    auth::Principal principal(memory);
    if (!format::is_object(session.get()) ||
        !read_flags_and_roles(principal, session.get(), memory)) {
        return std::nullopt;
    }
    auth::add_details(principal, session.get(), memory);
    principal.id = principal.find_text("userAuthId").value_or("");
    return principal.id.empty() ? std::nullopt : std::optional(std::move(principal));
}

}  // namespace mfa_reset::foundry
